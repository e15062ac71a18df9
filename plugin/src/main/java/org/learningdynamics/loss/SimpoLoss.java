package org.learningdynamics.loss;

import java.util.Map;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Simple preference optimisation, DPO on mean log-probabilities with a target margin and without a
 * reference: {@code ℓ = −log σ(x)}, {@code x = β·(s⁺/L⁺ − s⁻/L⁻) − γ}.
 *
 * <p>{@code c⁺ = −β·σ(−x)/L⁺}, {@code c⁻ = β·σ(−x)/L⁻} without label smoothing; with it, σ(−x)
 * becomes σ(−x) − ε and ε·x is added. Source: Meng et al., SimPO, NeurIPS 2024, equation 6.
 *
 * @param beta β &gt; 0, scale of the mean log-probabilities
 * @param gamma γ ≥ 0, the target of β times the margin
 * @param labelSmoothing ε in [0, 0.5), assumed share of flipped preferences; 0 for none
 */
public record SimpoLoss(double beta, double gamma, double labelSmoothing) implements PairwiseLoss {
    /** The name in {@link Losses}. */
    public static final String NAME = "simpo";

    /** β where none is given. */
    public static final double DEFAULT_BETA = 2;

    /** γ where none is given. */
    public static final double DEFAULT_GAMMA = 0.5;

    /**
     * Checks.
     *
     * @param beta finite and above 0
     * @param gamma finite and at least 0
     * @param labelSmoothing in [0, 0.5)
     */
    public SimpoLoss {
        Arguments.requireBeta(beta);
        Arguments.requireNotNegative(LossParameters.GAMMA, gamma);
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
                LossParameters.GAMMA,
                gamma,
                LossParameters.LABEL_SMOOTHING,
                labelSmoothing);
    }

    @Override
    public Set<LossNeed> needs() {
        return Set.of(LossNeed.TOKEN_COUNTS);
    }

    @Override
    public double value(PairScores pair) {
        return SmoothedSigmoid.value(argument(pair), labelSmoothing);
    }

    @Override
    public PairCoefficients coefficients(PairScores pair) {
        double slope = SmoothedSigmoid.slope(argument(pair), labelSmoothing);
        return new PairCoefficients(
                slope * beta / pair.chosenTokens(), -slope * beta / pair.rejectedTokens());
    }

    private double argument(PairScores pair) {
        return beta
                        * (pair.chosenLogProb() / pair.chosenTokens()
                                - pair.rejectedLogProb() / pair.rejectedTokens())
                - gamma;
    }

    @Override
    public SDVariable perPair(SameDiff graph, PairVariables pairs) {
        SDVariable chosen = pairs.chosen().div(pairs.chosenTokens());
        SDVariable rejected = pairs.rejected().div(pairs.rejectedTokens());
        SDVariable x = chosen.sub(rejected).mul(beta).sub(gamma);
        return SmoothedSigmoid.define(graph, x, labelSmoothing);
    }
}
