package org.learningdynamics.loss;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.learningdynamics.measure.ResponseScores;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Kahneman-Tversky optimisation on single responses with a label each: {@code ℓ = w_D·[1 − σ(β·(u −
 * KL))]} for a desirable response, {@code w_U·[1 − σ(β·(KL − v))]} for an undesirable one, u and v
 * being s − r.
 *
 * <p>{@code c_i = −w_D·β·σ'(β·(u − KL))/B} and {@code w_U·β·σ'(β·(KL − v))/B}. KL is a constant of
 * the batch, {@code max(0, mean log-ratio of mismatched prompts and responses)}, see {@link #kl};
 * no gradient flows through it. Half the weight where policy and reference agree and KL = 0.
 * Source: Ethayarajh et al., KTO: Model Alignment as Prospect Theoretic Optimization, ICML 2024,
 * equation 8.
 *
 * @param beta β &gt; 0, strength of the pull towards the reference
 * @param desirableWeight w_D ≥ 0, weight of desirable responses
 * @param undesirableWeight w_U ≥ 0, weight of undesirable responses
 */
public record KtoLoss(double beta, double desirableWeight, double undesirableWeight)
        implements ResponseLoss {
    /** The name in {@link Losses}. */
    public static final String NAME = "kto";

    /** Weight of either kind of response where none is given. */
    public static final double DEFAULT_WEIGHT = 1;

    /**
     * Checks.
     *
     * @param beta finite and above 0
     * @param desirableWeight finite and at least 0
     * @param undesirableWeight finite and at least 0
     */
    public KtoLoss {
        Arguments.requireBeta(beta);
        Arguments.requireNotNegative(LossParameters.DESIRABLE_WEIGHT, desirableWeight);
        Arguments.requireNotNegative(LossParameters.UNDESIRABLE_WEIGHT, undesirableWeight);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Map<String, Double> parameters() {
        return LossParameters.ordered(
                LossParameters.BETA,
                beta,
                LossParameters.DESIRABLE_WEIGHT,
                desirableWeight,
                LossParameters.UNDESIRABLE_WEIGHT,
                undesirableWeight);
    }

    @Override
    public Set<LossNeed> needs() {
        return Set.of(LossNeed.REFERENCE, LossNeed.LABELS, LossNeed.KL);
    }

    /**
     * The divergence of a batch from rows whose prompt and response do not belong together.
     *
     * @param logProbs s of such rows under the policy (nats) // [mismatched rows]
     * @param reference the same under the reference model (nats) // [mismatched rows]
     * @return max(0, mean of s − r) (nats)
     * @throws IllegalArgumentException if there is no row or the lengths differ
     */
    public static double kl(double[] logProbs, double[] reference) {
        if (logProbs.length == 0 || reference.length != logProbs.length) {
            throw new IllegalArgumentException(
                    "mismatched rows must be as many under the reference, at least one, got "
                            + logProbs.length
                            + " and "
                            + reference.length);
        }
        double sum = 0;
        for (int i = 0; i < logProbs.length; i++) {
            sum += logProbs[i] - reference[i];
        }
        return Math.max(0, sum / logProbs.length);
    }

    /**
     * The same in a graph, without gradient.
     *
     * @param graph their graph
     * @param logProbs s under the policy (nats) // [mismatched rows]
     * @param reference s under the reference model (nats) // [mismatched rows]
     * @return max(0, mean of s − r) (nats) // []
     */
    public static SDVariable kl(SameDiff graph, SDVariable logProbs, SDVariable reference) {
        SDVariable constant = ResponseLogProbs.stopGradient(graph, logProbs);
        return graph.nn().relu(constant.sub(reference).mean(), 0);
    }

    @Override
    public PairRows pairRows() {
        return PairRows.BOTH;
    }

    @Override
    public double[] values(ResponseScores batch) {
        double[] x = arguments(batch);
        boolean[] desirable = batch.desirable().orElseThrow();
        Arrays.setAll(x, i -> weight(desirable[i]) * Logistic.sigmoid(-x[i]));
        return x;
    }

    @Override
    public double[] coefficients(ResponseScores batch) {
        double[] x = arguments(batch);
        boolean[] desirable = batch.desirable().orElseThrow();
        double scale = beta / x.length;
        Arrays.setAll(
                x, i -> -sign(desirable[i]) * weight(desirable[i]) * scale * Logistic.slope(x[i]));
        return x;
    }

    /** What stands in σ: β·(u − KL) or β·(KL − v). */
    private double[] arguments(ResponseScores batch) {
        LossRequirements.check(this, batch);
        boolean[] desirable = batch.desirable().orElseThrow();
        double kl = batch.kl().orElseThrow();
        double[] rows = batch.logProbs();
        double[] reference = batch.referenceLogProbs();
        Arrays.setAll(rows, i -> sign(desirable[i]) * beta * (rows[i] - reference[i] - kl));
        return rows;
    }

    private static int sign(boolean desirable) {
        return desirable ? 1 : -1;
    }

    private double weight(boolean desirable) {
        return desirable ? desirableWeight : undesirableWeight;
    }

    @Override
    public SDVariable perResponse(SameDiff graph, ResponseVariables rows) {
        SDVariable desirable = ResponseVariables.require(rows.desirable(), LossNeed.LABELS, this);
        SDVariable kl = ResponseVariables.require(rows.kl(), LossNeed.KL, this);
        SDVariable sign = desirable.mul(-2).add(1);
        SDVariable x = rows.logRatios().sub(kl).mul(beta).mul(sign);
        SDVariable weight =
                desirable.mul(desirableWeight - undesirableWeight).add(undesirableWeight);
        return graph.nn().sigmoid(x).mul(weight);
    }

    /** Means over desirable and undesirable rows; NaN where a batch has none of them. */
    @Override
    public Map<String, SDVariable> metrics(SameDiff graph, ResponseVariables rows) {
        SDVariable up = ResponseVariables.require(rows.desirable(), LossNeed.LABELS, this);
        SDVariable down = up.neg().add(1);
        SDVariable rewards = rows.logRatios().mul(beta);
        Map<String, SDVariable> metrics = new LinkedHashMap<>();
        metrics.put(LossMetrics.CHOSEN_LOG_PROB, mean(rows.logProbs(), up));
        metrics.put(LossMetrics.REJECTED_LOG_PROB, mean(rows.logProbs(), down));
        metrics.put(LossMetrics.CHOSEN_REWARD, mean(rewards, up));
        metrics.put(LossMetrics.REJECTED_REWARD, mean(rewards, down));
        metrics.put(LossMetrics.REWARD_MARGIN, mean(rewards, up).sub(mean(rewards, down)));
        metrics.put(LossMetrics.KL, rows.kl().orElseThrow().mul(1));
        return metrics;
    }

    private static SDVariable mean(SDVariable rows, SDVariable selection) {
        return rows.mul(selection).sum().div(selection.sum());
    }
}
