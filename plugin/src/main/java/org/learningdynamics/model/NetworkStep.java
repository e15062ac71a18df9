package org.learningdynamics.model;

import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One vertex of a network, with gradients of every row. See {@link LayerRule}. */
interface NetworkStep {
    /** Evaluation mode. */
    INDArray forward(List<INDArray> inputs, Pass pass);

    /**
     * Adds the gradients of the vertex's parameters.
     *
     * @param epsilon gradient at the output; may be changed
     * @param below whether any gradient at an input is wanted
     * @return gradient at each input, empty where none is wanted or flows
     */
    List<Optional<INDArray>> backward(INDArray epsilon, Pass pass, boolean below);

    /** Whether gradients of parameters are found here. */
    boolean hasParameters();

    /** Whether a gradient at the output reaches the inputs. */
    boolean passesOn();

    /** Forgets the pass. */
    void clear();
}
