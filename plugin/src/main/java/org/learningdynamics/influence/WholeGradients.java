package org.learningdynamics.influence;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Gradients as they are: of biases and gains, and where no rule gives factors.
 *
 * @param values the gradient of each row // [N, d, p]
 */
public record WholeGradients(INDArray values) implements GradientFactor {
    /**
     * Checks.
     *
     * @param values the gradient of each row // [N, d, p]
     * @throws IllegalArgumentException if they are of another rank
     */
    public WholeGradients {
        if (values.rank() != 3) {
            throw new IllegalArgumentException(
                    "values must be [N, d, p], got " + Arrays.toString(values.shape()));
        }
    }

    @Override
    public int rows() {
        return (int) values.size(0);
    }

    @Override
    public void write(GradientBlock block, INDArray target, boolean adds) {
        INDArray some = block.ofWhole(values);
        if (adds) {
            target.addi(some);
        } else {
            target.assign(some);
        }
    }

    @Override
    public double[] along(INDArray matrix) {
        INDArray flat = values.reshape('c', rows(), matrix.length());
        try (INDArray vector = matrix.dup('c');
                INDArray products = flat.mulRowVector(vector.reshape(1, matrix.length()))) {
            return RowSums.over(products, 1);
        }
    }

    @Override
    public boolean isFinite() {
        return RowSums.isFinite(values);
    }

    @Override
    public DataType type() {
        return values.dataType();
    }

    @Override
    public List<INDArray> arrays() {
        return List.of(values);
    }

    @Override
    public void close() {
        values.close();
    }
}
