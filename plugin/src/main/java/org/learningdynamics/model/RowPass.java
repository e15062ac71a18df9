package org.learningdynamics.model;

import java.util.Optional;
import org.learningdynamics.influence.RowGradients;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One forward and backward pass over N rows.
 *
 * @param logits row-major over row and position; of the positions, if there are any // [N·T, V] or
 *     [N·T', V]
 * @param gradients of each row's own objective
 * @param residuals gradient at the logits where a loss of the host's gave it, summed over rows //
 *     [N·T, V]
 * @param positions whose logits were made, if not those of all
 */
public record RowPass(
        INDArray logits,
        RowGradients gradients,
        Optional<INDArray> residuals,
        Optional<ReadPositions> positions)
        implements AutoCloseable {
    /**
     * A pass that starts from a seed, which the caller knows.
     *
     * @param logits row-major over row and position // [N·T, V]
     * @param gradients of each row's own objective
     */
    public RowPass(INDArray logits, RowGradients gradients) {
        this(logits, gradients, Optional.empty(), Optional.empty());
    }

    /**
     * Labels of the positions whose logits were made.
     *
     * @param labels of all positions // [N][T]
     * @return as many a row as there are logits
     */
    public int[][] labelsOf(int[][] labels) {
        return positions.map(some -> some.labels(labels)).orElse(labels);
    }

    /** Frees logits, gradients and residuals. */
    @Override
    public void close() {
        logits.close();
        gradients.close();
        residuals.ifPresent(INDArray::close);
    }
}
