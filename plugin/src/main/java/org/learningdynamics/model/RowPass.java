package org.learningdynamics.model;

import org.learningdynamics.influence.RowGradients;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One forward and backward pass over N rows.
 *
 * @param logits row-major over row and position // [N·T, V]
 * @param gradients of each row's own objective
 */
public record RowPass(INDArray logits, RowGradients gradients) implements AutoCloseable {
    /** Frees logits and gradients. */
    @Override
    public void close() {
        logits.close();
        gradients.close();
    }
}
