package org.learningdynamics.loss;

import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Anchored preference optimisation for models better than the chosen responses, which lowers both,
 * the rejected ones more: {@code ℓ = σ(β·u) + 1 − σ(β·d)}.
 *
 * <p>{@code c⁺ = β·σ'(β·u) − β·σ'(β·d)}, {@code c⁻ = β·σ'(β·d)}. 1 where policy and reference
 * agree. Source: D'Oosterlinck et al., Anchored Preference Optimization and Contrastive Revisions,
 * 2024.
 *
 * @param beta β &gt; 0, strength of the pull towards the reference
 */
public record ApoDownLoss(double beta) implements PairwiseLoss {
    /** The name in {@link Losses}. */
    public static final String NAME = "apo-down";

    /**
     * Checks.
     *
     * @param beta finite and above 0
     */
    public ApoDownLoss {
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
        double z = beta * pair.margin();
        return Logistic.sigmoid(x) + Logistic.sigmoid(-z);
    }

    @Override
    public PairCoefficients coefficients(PairScores pair) {
        double x = beta * pair.chosenLogRatio();
        double z = beta * pair.margin();
        return new PairCoefficients(
                beta * (Logistic.slope(x) - Logistic.slope(z)), beta * Logistic.slope(z));
    }

    @Override
    public SDVariable perPair(SameDiff graph, PairVariables pairs) {
        SDVariable x = pairs.chosenLogRatio().mul(beta);
        SDVariable z = pairs.margin().mul(-beta);
        return graph.nn().sigmoid(x).add(graph.nn().sigmoid(z));
    }
}
