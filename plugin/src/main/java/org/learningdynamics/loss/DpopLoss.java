package org.learningdynamics.loss;

import java.util.Map;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * DPO-positive, which charges for chosen responses that fall below the reference: {@code ℓ = −log
 * σ(x)}, {@code x = β·(d − λ·max(0, −u))}.
 *
 * <p>{@code c⁺ = −β·σ(−x)·(1 + λ)} where u &lt; 0, else {@code −β·σ(−x)}, at the kink u = 0 too,
 * which is where training starts; {@code c⁻ = β·σ(−x)}, without label smoothing; with it, σ(−x)
 * becomes σ(−x) − ε and ε·x is added. ln 2 where policy and reference agree. Source: Pal et al.,
 * Smaug, 2024: the penalty stands inside the sigmoid.
 *
 * @param beta β &gt; 0, strength of the pull towards the reference
 * @param lambda λ ≥ 0, weight of the charge
 * @param labelSmoothing ε in [0, 0.5), assumed share of flipped preferences; 0 for none
 */
public record DpopLoss(double beta, double lambda, double labelSmoothing) implements PairwiseLoss {
    /** The name in {@link Losses}. */
    public static final String NAME = "dpop";

    /** λ where none is given. */
    public static final double DEFAULT_LAMBDA = 50;

    /**
     * Checks.
     *
     * @param beta finite and above 0
     * @param lambda finite and at least 0
     * @param labelSmoothing in [0, 0.5)
     */
    public DpopLoss {
        Arguments.requireBeta(beta);
        Arguments.requireNotNegative(LossParameters.LAMBDA, lambda);
        Arguments.requireLabelSmoothing(labelSmoothing);
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
                LossParameters.LAMBDA,
                lambda,
                LossParameters.LABEL_SMOOTHING,
                labelSmoothing);
    }

    @Override
    public Set<LossNeed> needs() {
        return Set.of(LossNeed.REFERENCE);
    }

    @Override
    public double value(PairScores pair) {
        return SmoothedSigmoid.value(argument(pair), labelSmoothing);
    }

    @Override
    public PairCoefficients coefficients(PairScores pair) {
        double slope = SmoothedSigmoid.slope(argument(pair), labelSmoothing);
        return new PairCoefficients(
                slope * beta * (pair.chosenLogRatio() < 0 ? 1 + lambda : 1), -slope * beta);
    }

    private double argument(PairScores pair) {
        return beta * (pair.margin() - lambda * Math.max(0, -pair.chosenLogRatio()));
    }

    @Override
    public SDVariable perPair(SameDiff graph, PairVariables pairs) {
        SDVariable fall = graph.nn().relu(pairs.chosenLogRatio().neg(), 0);
        SDVariable x = pairs.margin().sub(fall.mul(lambda)).mul(beta);
        return SmoothedSigmoid.define(graph, x, labelSmoothing);
    }
}
