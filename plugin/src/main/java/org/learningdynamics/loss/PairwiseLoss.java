package org.learningdynamics.loss;

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
        return false;
    }

    /**
     * The loss of one pair.
     *
     * @param pair its scores
     * @return the loss
     */
    double value(PairScores pair);

    /**
     * Derivatives of the loss of one pair by its log-probabilities.
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

    @Override
    default double[] values(ResponseScores batch) {
        return PairScores.of(batch).stream().mapToDouble(this::value).toArray();
    }

    @Override
    default double[] coefficients(ResponseScores batch) {
        return PairCoefficients.ofBatch(this, batch);
    }

    @Override
    default LossGraph define(SameDiff graph, LossInputs inputs) {
        return LossDefinitions.ofPairs(graph, this, inputs);
    }
}
