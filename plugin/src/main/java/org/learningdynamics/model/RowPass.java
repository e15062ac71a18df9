package org.learningdynamics.model;

import java.util.Optional;
import org.learningdynamics.influence.RowGradients;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One forward and backward pass over N rows.
 *
 * @param logits row-major over row and position // [N·T, V]
 * @param gradients of each row's own objective
 * @param residuals gradient at the logits where a loss of the host's gave it, summed over rows //
 *     [N·T, V]
 */
public record RowPass(INDArray logits, RowGradients gradients, Optional<INDArray> residuals)
        implements AutoCloseable {
    /**
     * A pass that starts from a seed, which the caller knows.
     *
     * @param logits row-major over row and position // [N·T, V]
     * @param gradients of each row's own objective
     */
    public RowPass(INDArray logits, RowGradients gradients) {
        this(logits, gradients, Optional.empty());
    }

    /** Frees logits, gradients and residuals. */
    @Override
    public void close() {
        logits.close();
        gradients.close();
        residuals.ifPresent(INDArray::close);
    }
}
