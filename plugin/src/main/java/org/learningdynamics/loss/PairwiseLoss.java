package org.learningdynamics.loss;

import java.util.Map;
import java.util.Set;
import org.learningdynamics.measure.ResponseScores;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * A loss on pairs of a chosen and a rejected response. Batches hold 2P rows: P chosen ones, then
 * the P rejected ones in the same order.
 */
public non-sealed interface PairwiseLoss extends Loss {
    /**
     * The factor β between a log-ratio and its implicit reward {@code β·(s − r)}.
     *
     * @return β &gt; 0
     */
    double beta();

    /**
     * Tells whether the numbers of response tokens are needed.
     *
     * @return true if so
     */
    default boolean needsTokenCounts() {
        return needs().contains(LossNeed.TOKEN_COUNTS);
    }

    @Override
    default Set<LossNeed> needs() {
        return Set.of(LossNeed.REFERENCE);
    }

    /**
     * The loss of a batch of this one pair.
     *
     * @param pair its scores
     * @return the loss
     */
    double value(PairScores pair);

    /**
     * Derivatives of the loss of a batch of this one pair by its log-probabilities.
     *
     * @param pair its scores
     * @return {@code c⁺ = ∂ℓ/∂s⁺} and {@code c⁻ = ∂ℓ/∂s⁻}
     */
    PairCoefficients coefficients(PairScores pair);

    /**
     * Defines the loss of each pair in a graph.
     *
     * @param graph where to define it
     * @param pairs the pairs' variables // each [pairs]
     * @return losses // [pairs]
     */
    SDVariable perPair(SameDiff graph, PairVariables pairs);

    /**
     * Tells whether the loss has a known value where policy and reference agree on every response,
     * as every function of log-ratios has.
     *
     * @return true if so
     */
    default boolean startsAtKnownValue() {
        return needsReference();
    }

    /**
     * Metrics of this loss beside those of every loss on pairs.
     *
     * @param graph where to define them
     * @param pairs the pairs' variables // each [pairs]
     * @return scalars by name; none by default // each []
     */
    default Map<String, SDVariable> metrics(SameDiff graph, PairVariables pairs) {
        return Map.of();
    }

    @Override
    default double[] values(ResponseScores batch) {
        LossRequirements.check(this, batch);
        return PairScores.of(batch).stream().mapToDouble(this::value).toArray();
    }

    @Override
    default double[] coefficients(ResponseScores batch) {
        LossRequirements.check(this, batch);
        return PairCoefficients.ofBatch(PairScores.of(batch), this::coefficients);
    }

    @Override
    default LossGraph define(SameDiff graph, LossInputs inputs) {
        return LossDefinitions.ofPairs(graph, this, inputs);
    }
}
