package org.learningdynamics.loss;

import java.util.Map;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Binary classifier optimisation on pairs, each reward against a running mean δ: {@code ℓ = −log
 * σ(β·u − δ) − log σ(−(β·v − δ))}.
 *
 * <p>{@code c⁺ = −β·σ(−(β·u − δ))}, {@code c⁻ = β·σ(β·v − δ)}; δ is a constant of the batch that
 * the caller gives, for instance from a {@link RewardShift}. 2·ln 2 where policy and reference
 * agree and δ = 0. Computed by softplus, finite for every finite log-ratio. Source: Jung et al.,
 * Binary Classifier Optimization for Large Language Model Alignment, 2024.
 *
 * @param beta β &gt; 0, strength of the pull towards the reference
 */
public record BcoLoss(double beta) implements PairwiseLoss {
    /** The name in {@link Losses}. */
    public static final String NAME = "bco";

    /**
     * Checks.
     *
     * @param beta finite and above 0
     */
    public BcoLoss {
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
        return Set.of(LossNeed.REFERENCE, LossNeed.REWARD_SHIFT);
    }

    @Override
    public double value(PairScores pair) {
        double x = beta * pair.chosenLogRatio() - pair.rewardShift();
        double y = beta * pair.rejectedLogRatio() - pair.rewardShift();
        return Logistic.softplus(-x) + Logistic.softplus(y);
    }

    @Override
    public PairCoefficients coefficients(PairScores pair) {
        double x = beta * pair.chosenLogRatio() - pair.rewardShift();
        double y = beta * pair.rejectedLogRatio() - pair.rewardShift();
        return new PairCoefficients(-beta * Logistic.sigmoid(-x), beta * Logistic.sigmoid(y));
    }

    @Override
    public SDVariable perPair(SameDiff graph, PairVariables pairs) {
        SDVariable shift =
                ResponseVariables.require(pairs.rewardShift(), LossNeed.REWARD_SHIFT, this);
        SDVariable x = pairs.chosenLogRatio().mul(beta).sub(shift);
        SDVariable y = pairs.rejectedLogRatio().mul(beta).sub(shift);
        return Logistic.softplus(graph, x.neg()).add(Logistic.softplus(graph, y));
    }
}
