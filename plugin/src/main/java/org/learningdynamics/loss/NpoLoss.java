package org.learningdynamics.loss;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.learningdynamics.measure.ResponseScores;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Negative preference optimisation, unlearning that slows down where the response is forgotten:
 * {@code ℓ = −(2/β)·log σ(−β·v)} for each response, {@code v = s − r}.
 *
 * <p>{@code c_i = 2·σ(β·v_i)/B}: as {@link GradientAscentLoss} on sums for small β, bounded for
 * every log-ratio. Every row of the batch is unlearnt; as a term of a sum on pairs it looks at the
 * rejected ones. {@code 2·ln 2/β} where policy and reference agree. Source: Zhang et al., Negative
 * Preference Optimization, COLM 2024, equation 3.
 *
 * @param beta β &gt; 0, how soon forgetting slows down
 */
public record NpoLoss(double beta) implements ResponseLoss {
    /** The name in {@link Losses}. */
    public static final String NAME = "npo";

    /**
     * Checks.
     *
     * @param beta finite and above 0
     */
    public NpoLoss {
        Arguments.requireBeta(beta);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Map<String, Double> parameters() {
        return Map.of(LossParameters.BETA, beta);
    }

    @Override
    public Set<LossNeed> needs() {
        return Set.of(LossNeed.REFERENCE);
    }

    @Override
    public PairRows pairRows() {
        return PairRows.REJECTED;
    }

    @Override
    public double[] values(ResponseScores batch) {
        double[] rows = logRatios(batch);
        Arrays.setAll(rows, i -> 2 / beta * Logistic.softplus(beta * rows[i]));
        return rows;
    }

    @Override
    public double[] coefficients(ResponseScores batch) {
        double[] rows = logRatios(batch);
        Arrays.setAll(rows, i -> 2 * Logistic.sigmoid(beta * rows[i]) / rows.length);
        return rows;
    }

    private static double[] logRatios(ResponseScores batch) {
        double[] rows = batch.logProbs();
        double[] reference = batch.referenceLogProbs();
        Arrays.setAll(rows, i -> rows[i] - reference[i]);
        return rows;
    }

    @Override
    public SDVariable perResponse(SameDiff graph, ResponseVariables rows) {
        return Logistic.softplus(graph, rows.logRatios().mul(beta)).mul(2 / beta);
    }
}
