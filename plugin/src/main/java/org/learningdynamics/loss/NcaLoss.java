package org.learningdynamics.loss;

import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Noise contrastive alignment of pairs, which raises the chosen response itself and not only the
 * margin: {@code ℓ = −log σ(β·u) − ½·log σ(−β·u) − ½·log σ(−β·v)}.
 *
 * <p>{@code c⁺ = −β·σ(−β·u) + ½·β·σ(β·u)}, {@code c⁻ = ½·β·σ(β·v)}. Computed by softplus, finite
 * for every finite log-ratio; 2·ln 2 where policy and reference agree. Source: Chen et al., Noise
 * Contrastive Alignment of Language Models with Explicit Rewards, NeurIPS 2024.
 *
 * @param beta β &gt; 0, strength of the pull towards the reference
 */
public record NcaLoss(double beta) implements PairwiseLoss {
    /** The name in {@link Losses}. */
    public static final String NAME = "nca";

    /**
     * Checks.
     *
     * @param beta finite and above 0
     */
    public NcaLoss {
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
        return Logistic.softplus(-x) + (Logistic.softplus(x) + Logistic.softplus(y)) / 2;
    }

    @Override
    public PairCoefficients coefficients(PairScores pair) {
        double x = beta * pair.chosenLogRatio();
        double y = beta * pair.rejectedLogRatio();
        return new PairCoefficients(
                beta * (Logistic.sigmoid(x) / 2 - Logistic.sigmoid(-x)),
                beta * Logistic.sigmoid(y) / 2);
    }

    @Override
    public SDVariable perPair(SameDiff graph, PairVariables pairs) {
        SDVariable x = pairs.chosenLogRatio().mul(beta);
        SDVariable y = pairs.rejectedLogRatio().mul(beta);
        return Logistic.softplus(graph, x.neg())
                .add(Logistic.softplus(graph, x).mul(.5))
                .add(Logistic.softplus(graph, y).mul(.5));
    }
}
