package org.learningdynamics.loss;

import java.util.Map;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Regularised preference optimisation, DPO with likelihood per token on the chosen response: {@code
 * ℓ = −log σ(β·d) − α·s⁺/L⁺}.
 *
 * <p>{@code c⁺ = −β·σ(−β·d) − α/L⁺}, {@code c⁻ = β·σ(−β·d)} without label smoothing; with it, σ(−x)
 * becomes σ(−x) − ε and ε·x is added, x = β·d. Source: Liu et al., Provably Mitigating
 * Overoptimization in RLHF, NeurIPS 2024; the length-normalised form is TRL's.
 *
 * @param beta β &gt; 0, strength of the pull towards the reference
 * @param rpoAlpha α ≥ 0, weight of the likelihood
 * @param labelSmoothing ε in [0, 0.5), assumed share of flipped preferences; 0 for none
 */
public record RpoLoss(double beta, double rpoAlpha, double labelSmoothing) implements PairwiseLoss {
    /** The name in {@link Losses}. */
    public static final String NAME = "rpo";

    /** α where none is given. */
    public static final double DEFAULT_RPO_ALPHA = 1;

    /**
     * Checks.
     *
     * @param beta finite and above 0
     * @param rpoAlpha finite and at least 0
     * @param labelSmoothing in [0, 0.5)
     */
    public RpoLoss {
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
        return SmoothedSigmoid.value(argument(pair), labelSmoothing)
                - rpoAlpha * pair.chosenLogProb() / pair.chosenTokens();
    }

    @Override
    public PairCoefficients coefficients(PairScores pair) {
        double slope = SmoothedSigmoid.slope(argument(pair), labelSmoothing);
        return new PairCoefficients(slope * beta - rpoAlpha / pair.chosenTokens(), -slope * beta);
    }

    private double argument(PairScores pair) {
        return beta * pair.margin();
    }

    @Override
    public SDVariable perPair(SameDiff graph, PairVariables pairs) {
        SDVariable x = pairs.margin().mul(beta);
        SDVariable nll = pairs.chosen().neg().div(pairs.chosenTokens());
        return SmoothedSigmoid.define(graph, x, labelSmoothing).add(nll.mul(rpoAlpha));
    }

    @Override
    public boolean startsAtKnownValue() {
        return false;
    }
}
