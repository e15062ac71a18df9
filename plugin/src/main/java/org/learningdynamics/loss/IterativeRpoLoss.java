package org.learningdynamics.loss;

import java.util.Map;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Iterative reasoning preference optimisation, likelihood per token on the chosen response with
 * DPO: {@code ℓ = −s⁺/L⁺ − α·log σ(β·d)}.
 *
 * <p>{@code c⁺ = −1/L⁺ − α·β·σ(−β·d)}, {@code c⁻ = α·β·σ(−β·d)} without label smoothing; with it,
 * σ(−x) becomes σ(−x) − ε and ε·x is added, x = β·d. Source: Pang et al., Iterative Reasoning
 * Preference Optimization, NeurIPS 2024, equation 1.
 *
 * @param beta β &gt; 0, strength of the pull towards the reference
 * @param rpoAlpha α ≥ 0, weight of the preference
 * @param labelSmoothing ε in [0, 0.5), assumed share of flipped preferences; 0 for none
 */
public record IterativeRpoLoss(double beta, double rpoAlpha, double labelSmoothing)
        implements PairwiseLoss {
    /** The name in {@link Losses}. */
    public static final String NAME = "iterative-rpo";

    /** α where none is given. */
    public static final double DEFAULT_RPO_ALPHA = 1;

    /**
     * Checks.
     *
     * @param beta finite and above 0
     * @param rpoAlpha finite and at least 0
     * @param labelSmoothing in [0, 0.5)
     */
    public IterativeRpoLoss {
        Arguments.requireBeta(beta);
        Arguments.requireNotNegative(LossParameters.RPO_ALPHA, rpoAlpha);
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
                LossParameters.RPO_ALPHA,
                rpoAlpha,
                LossParameters.LABEL_SMOOTHING,
                labelSmoothing);
    }

    @Override
    public Set<LossNeed> needs() {
        return Set.of(LossNeed.REFERENCE, LossNeed.TOKEN_COUNTS);
    }

    @Override
    public double value(PairScores pair) {
        return rpoAlpha * SmoothedSigmoid.value(argument(pair), labelSmoothing)
                - pair.chosenLogProb() / pair.chosenTokens();
    }

    @Override
    public PairCoefficients coefficients(PairScores pair) {
        double slope = rpoAlpha * SmoothedSigmoid.slope(argument(pair), labelSmoothing);
        return new PairCoefficients(slope * beta - 1.0 / pair.chosenTokens(), -slope * beta);
    }

    private double argument(PairScores pair) {
        return beta * pair.margin();
    }

    @Override
    public SDVariable perPair(SameDiff graph, PairVariables pairs) {
        SDVariable x = pairs.margin().mul(beta);
        SDVariable nll = pairs.chosen().neg().div(pairs.chosenTokens());
        return SmoothedSigmoid.define(graph, x, labelSmoothing).mul(rpoAlpha).add(nll);
    }

    @Override
    public boolean startsAtKnownValue() {
        return false;
    }
}
