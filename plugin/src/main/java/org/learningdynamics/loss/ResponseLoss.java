package org.learningdynamics.loss;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** A loss on single responses, one example a row, without a reference model. */
public non-sealed interface ResponseLoss extends Loss {
    @Override
    default boolean needsReference() {
        return false;
    }

    /**
     * Defines the loss of each response in a graph; their mean is the loss of the batch.
     *
     * @param graph where to define it
     * @param logProbs log-probabilities s (nats) // [rows]
     * @param tokens numbers of response tokens // [rows]
     * @return losses // [rows]
     */
    SDVariable perResponse(SameDiff graph, SDVariable logProbs, SDVariable tokens);

    @Override
    default LossGraph define(SameDiff graph, LossInputs inputs) {
        return LossDefinitions.ofResponses(graph, this, inputs);
    }
}
