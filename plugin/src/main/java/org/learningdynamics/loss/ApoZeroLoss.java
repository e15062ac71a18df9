package org.learningdynamics.loss;

import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Anchored preference optimisation for models worse than the chosen responses, which raises these
 * and lowers the rejected ones: {@code ℓ = 1 − σ(β·u) + σ(β·v)}.
 *
 * <p>{@code c⁺ = −β·σ'(β·u)}, {@code c⁻ = β·σ'(β·v)}. 1 where policy and reference agree. Source:
 * D'Oosterlinck et al., Anchored Preference Optimization and Contrastive Revisions, 2024.
 *
 * @param beta β &gt; 0, strength of the pull towards the reference
 */
public record ApoZeroLoss(double beta) implements PairwiseLoss {
    /** The name in {@link Losses}. */
    public static final String NAME = "apo-zero";

    /**
     * Checks.
     *
     * @param beta finite and above 0
     */
    public ApoZeroLoss {
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
    public double value(PairScores pair) {
        double x = beta * pair.chosenLogRatio();
        double y = beta * pair.rejectedLogRatio();
        return Logistic.sigmoid(-x) + Logistic.sigmoid(y);
    }

    @Override
    public PairCoefficients coefficients(PairScores pair) {
        double x = beta * pair.chosenLogRatio();
        double y = beta * pair.rejectedLogRatio();
        return new PairCoefficients(-beta * Logistic.slope(x), beta * Logistic.slope(y));
    }

    @Override
    public SDVariable perPair(SameDiff graph, PairVariables pairs) {
        SDVariable x = pairs.chosenLogRatio().mul(beta);
        SDVariable y = pairs.rejectedLogRatio().mul(beta);
        return graph.nn().sigmoid(x.neg()).add(graph.nn().sigmoid(y));
    }
}
