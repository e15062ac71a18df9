package org.learningdynamics.influence;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Gradients of a linear map: {@code ∂W_n = Σ_t a_ntᵀ·δ_nt} with inputs a and output gradients δ.
 *
 * @param inputs a, what the matrix multiplies // [N, T, d]
 * @param deltas δ, gradient at what the product gives // [N, T, p]
 */
public record OuterProducts(INDArray inputs, INDArray deltas) implements GradientFactor {
    /**
     * Checks.
     *
     * @param inputs a // [N, T, d]
     * @param deltas δ // [N, T, p]
     * @throws IllegalArgumentException if N or T differ
     */
    public OuterProducts {
        if (inputs.rank() != 3
                || deltas.rank() != 3
                || inputs.size(0) != deltas.size(0)
                || inputs.size(1) != deltas.size(1)) {
            throw new IllegalArgumentException(
                    "inputs and deltas must be [N, T, d] and [N, T, p], got "
                            + Arrays.toString(inputs.shape())
                            + " and "
                            + Arrays.toString(deltas.shape()));
        }
    }

    @Override
    public int rows() {
        return (int) inputs.size(0);
    }

    /** Positions a row. */
    int positions() {
        return (int) inputs.size(1);
    }

    @Override
    public INDArray gradients(ParameterMatrix parameter, long from, long to) {
        boolean all = from == 0 && to == deltas.size(2);
        if (all) {
            return BatchedProducts.transposedLeft(inputs, deltas);
        }
        try (INDArray some = columns(from, to)) {
            return BatchedProducts.transposedLeft(inputs, some);
        }
    }

    private INDArray columns(long from, long to) {
        return deltas.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(from, to))
                .dup('c');
    }

    @Override
    public GradientFactor part(int fromRow, int toRow) {
        return new OuterProducts(
                RowSums.part(inputs, fromRow, toRow), RowSums.part(deltas, fromRow, toRow));
    }

    @Override
    public double[] along(INDArray matrix) {
        long positions = inputs.size(0) * inputs.size(1);
        INDArray a = inputs.reshape('c', positions, inputs.size(2));
        INDArray d = deltas.reshape('c', positions, deltas.size(2));
        try (INDArray moved = BatchedProducts.product(a, matrix);
                INDArray products = moved.muli(d).sum(1)) {
            return RowSums.of(products, rows());
        }
    }

    @Override
    public boolean isFinite() {
        return RowSums.isFinite(inputs) && RowSums.isFinite(deltas);
    }

    @Override
    public int bytesPerValue() {
        return deltas.dataType().width();
    }

    @Override
    public long bytes() {
        return (inputs.length() + deltas.length()) * bytesPerValue();
    }

    @Override
    public void close() {
        inputs.close();
        deltas.close();
    }
}
