package org.learningdynamics.loss;

import java.util.Map;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** A loss on single responses, one example a row. */
public non-sealed interface ResponseLoss extends Loss {
    @Override
    default Set<LossNeed> needs() {
        return Set.of();
    }

    /**
     * Where the loss looks when it is a term of a {@link WeightedLoss} on pairs.
     *
     * @return the chosen responses by default
     */
    default PairRows pairRows() {
        return PairRows.CHOSEN;
    }

    /**
     * Defines the loss of each response in a graph; their mean is the loss of the batch.
     *
     * @param graph where to define it
     * @param rows the responses' variables
     * @return losses // [rows]
     */
    SDVariable perResponse(SameDiff graph, ResponseVariables rows);

    /**
     * Metrics of this loss beside those of every loss on responses.
     *
     * @param graph where to define them
     * @param rows the responses' variables
     * @return scalars by name; none by default // each []
     */
    default Map<String, SDVariable> metrics(SameDiff graph, ResponseVariables rows) {
        return Map.of();
    }

    @Override
    default LossGraph define(SameDiff graph, LossInputs inputs) {
        return LossDefinitions.ofResponses(graph, this, inputs);
    }
}
