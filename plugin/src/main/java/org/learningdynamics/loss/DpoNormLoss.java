package org.learningdynamics.loss;

import java.util.Map;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * DPO on log-ratios per token, so that long responses count like short ones: {@code ℓ = −log σ(x)},
 * {@code x = β·(u/L⁺ − v/L⁻)}.
 *
 * <p>{@code c⁺ = −β·σ(−x)/L⁺}, {@code c⁻ = β·σ(−x)/L⁻} without label smoothing; with it, σ(−x)
 * becomes σ(−x) − ε and ε·x is added. ln 2 where policy and reference agree. Source: Lambert et
 * al., Tülu 3, 2024.
 *
 * @param beta β &gt; 0, strength of the pull towards the reference
 * @param labelSmoothing ε in [0, 0.5), assumed share of flipped preferences; 0 for none
 */
public record DpoNormLoss(double beta, double labelSmoothing) implements PairwiseLoss {
    /** The name in {@link Losses}. */
    public static final String NAME = "dpo-norm";

    /** β where none is given; larger than DPO's, as a token's log-ratio is smaller than a sum's. */
    public static final double DEFAULT_BETA = 5;

    /**
     * Checks.
     *
     * @param beta finite and above 0
     * @param labelSmoothing in [0, 0.5)
     */
    public DpoNormLoss {
        Arguments.requireBeta(beta);
        Arguments.requireLabelSmoothing(labelSmoothing);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Map<String, Double> parameters() {
        return LossParameters.ordered(
                LossParameters.BETA, beta, LossParameters.LABEL_SMOOTHING, labelSmoothing);
    }

    @Override
    public Set<LossNeed> needs() {
        return Set.of(LossNeed.REFERENCE, LossNeed.TOKEN_COUNTS);
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
                * (pair.chosenLogRatio() / pair.chosenTokens()
                        - pair.rejectedLogRatio() / pair.rejectedTokens());
    }

    @Override
    public SDVariable perPair(SameDiff graph, PairVariables pairs) {
        SDVariable chosen = pairs.chosenLogRatio().div(pairs.chosenTokens());
        SDVariable rejected = pairs.rejectedLogRatio().div(pairs.rejectedTokens());
        SDVariable x = chosen.sub(rejected).mul(beta);
        return SmoothedSigmoid.define(graph, x, labelSmoothing);
    }
}
