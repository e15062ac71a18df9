package org.learningdynamics.model;

import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How one layer of the host is run and differentiated, with gradients of every row.
 *
 * <p>A rule holds what the way back needs, and works for one pass at a time. Arrays it is given may
 * be read until the pass ends; those it returns may be changed by others.
 */
abstract class LayerRule {
    /** Evaluation mode // [k·N, …] to [k·N, …]. */
    abstract INDArray forward(INDArray input, Pass pass);

    /**
     * Adds the gradients of the layer's parameters.
     *
     * @param epsilon gradient at the output; may be changed
     * @param below whether the gradient at the input is wanted
     * @return gradient at the input, empty where none is wanted or flows
     */
    abstract Optional<INDArray> backward(INDArray epsilon, Pass pass, boolean below);

    /** Whether a gradient at the output leads to anything but the input. */
    abstract boolean hasParameters();

    /** Whether a gradient at the output reaches the input. */
    boolean passesOn() {
        return true;
    }

    /** Forgets the pass. */
    abstract void clear();
}
