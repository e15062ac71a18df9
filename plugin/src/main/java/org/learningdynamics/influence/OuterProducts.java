package org.learningdynamics.influence;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

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

    /**
     * Without the positions at both ends that add nothing to any row, because input or output
     * gradient is zero there: what comes before a response and behind it.
     *
     * @return views that must not be closed
     */
    OuterProducts trimmed() {
        HostValues.Positions a = HostValues.of(inputs).positions();
        HostValues.Positions d = HostValues.of(deltas).positions();
        int from = 0;
        int to = positions();
        while (from < to - 1 && a.addNothing(d, from)) {
            from++;
        }
        while (to - 1 > from && a.addNothing(d, to - 1)) {
            to--;
        }
        if (to - from == positions()) {
            return this;
        }
        return new OuterProducts(some(inputs, from, to), some(deltas, from, to));
    }

    private static INDArray some(INDArray array, int from, int to) {
        return GradientBlock.view(
                array, new long[] {0, from, 0}, new long[] {array.size(0), to, array.size(2)});
    }

    @Override
    public void write(GradientBlock block, INDArray target, boolean adds) {
        BatchedProducts.transposedLeft(
                block.ofInputs(inputs), block.ofDeltas(deltas), target, adds);
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
    public DataType type() {
        return deltas.dataType();
    }

    @Override
    public List<INDArray> arrays() {
        return List.of(inputs, deltas);
    }

    @Override
    public void close() {
        inputs.close();
        deltas.close();
    }
}
