package org.learningdynamics.loss;

import java.util.Map;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Contrastive preference optimisation, DPO with a uniform reference and likelihood on the chosen
 * responses: {@code ℓ = −log σ(β·(s⁺ − s⁻)) + α·NLL}, {@code NLL = −Σ s⁺ / Σ L⁺} over the pairs of
 * the batch.
 *
 * <p>{@code c⁺ = −β·σ(−x) − α/N} and {@code c⁻ = β·σ(−x)} with {@code x = β·(s⁺ − s⁻)} and N the
 * mean length of the chosen responses, without label smoothing; with it, σ(−x) becomes σ(−x) − ε
 * and ε·x is added. A pair's share of NLL is {@code −s⁺/N}. Source: Xu et al., Contrastive
 * Preference Optimization, ICML 2024.
 *
 * @param beta β &gt; 0, scale of the margin
 * @param alpha α ≥ 0, weight of the likelihood
 * @param labelSmoothing ε in [0, 0.5), assumed share of flipped preferences; 0 for none
 */
public record CpoLoss(double beta, double alpha, double labelSmoothing) implements TokenMeanLoss {
    /** The name in {@link Losses}. */
    public static final String NAME = "cpo";

    /** α where none is given. */
    public static final double DEFAULT_ALPHA = 1;

    /**
     * Checks.
     *
     * @param beta finite and above 0
     * @param alpha finite and at least 0
     * @param labelSmoothing in [0, 0.5)
     */
    public CpoLoss {
        Arguments.requireBeta(beta);
        Arguments.requireNotNegative(LossParameters.ALPHA, alpha);
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
                LossParameters.ALPHA,
                alpha,
                LossParameters.LABEL_SMOOTHING,
                labelSmoothing);
    }

    @Override
    public Set<LossNeed> needs() {
        return Set.of(LossNeed.TOKEN_COUNTS);
    }

    @Override
    public double value(PairScores pair, double meanTokens) {
        return SmoothedSigmoid.value(argument(pair), labelSmoothing)
                - alpha * pair.chosenLogProb() / meanTokens;
    }

    @Override
    public PairCoefficients coefficients(PairScores pair, double meanTokens) {
        double slope = SmoothedSigmoid.slope(argument(pair), labelSmoothing);
        return new PairCoefficients(slope * beta - alpha / meanTokens, -slope * beta);
    }

    private double argument(PairScores pair) {
        return beta * (pair.chosenLogProb() - pair.rejectedLogProb());
    }

    @Override
    public SDVariable perPair(SameDiff graph, PairVariables pairs) {
        SDVariable x = pairs.chosen().sub(pairs.rejected()).mul(beta);
        SDVariable nll = pairs.chosen().neg().div(pairs.chosenTokens().mean());
        return SmoothedSigmoid.define(graph, x, labelSmoothing).add(nll.mul(alpha));
    }
}
