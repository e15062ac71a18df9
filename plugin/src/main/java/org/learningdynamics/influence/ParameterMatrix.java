package org.learningdynamics.influence;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A trained parameter, seen as a matrix {@code [d, p]} that multiplies row vectors from the right.
 *
 * <p>Whatever shape the host gives it, {@link #matrix} brings an array of that shape (values,
 * gradient, update) into the form in which factors and inner products are computed: the axes
 * permuted, then read row by row.
 *
 * @param name the host's name of the parameter
 * @param layer the group it is reported under, such as {@code block0/attention}
 * @param rows d, at least 1
 * @param columns p, at least 1
 * @param axes order of the host's axes in the matrix, the identity for most // [rank]
 */
public record ParameterMatrix(String name, String layer, long rows, long columns, int[] axes) {
    /**
     * Checks and copies.
     *
     * @param name the host's name of the parameter
     * @param layer the group it is reported under
     * @param rows d, at least 1
     * @param columns p, at least 1
     * @param axes a permutation of 0 … rank − 1 // [rank]
     * @throws IllegalArgumentException if an extent is less than 1 or axes are no permutation
     */
    public ParameterMatrix {
        if (rows < 1 || columns < 1) {
            throw new IllegalArgumentException(
                    "parameter " + name + " must have extents >= 1, got " + rows + ", " + columns);
        }
        axes = axes.clone();
        int[] sorted = axes.clone();
        Arrays.sort(sorted);
        for (int i = 0; i < sorted.length; i++) {
            if (sorted[i] != i) {
                throw new IllegalArgumentException(
                        "axes of " + name + " must be a permutation, got " + Arrays.toString(axes));
            }
        }
    }

    /**
     * A parameter of rank 2 that is its own matrix.
     *
     * @param name the host's name
     * @param layer its group
     * @param rows d
     * @param columns p
     * @return the parameter
     */
    public static ParameterMatrix of(String name, String layer, long rows, long columns) {
        return new ParameterMatrix(name, layer, rows, columns, new int[] {0, 1});
    }

    /**
     * A bias, gain or anything else whose gradient is a plain vector, of any shape.
     *
     * @param name the host's name
     * @param layer its group
     * @param shape the host's shape
     * @return a matrix of one row
     */
    public static ParameterMatrix vector(String name, String layer, long... shape) {
        int[] axes = new int[shape.length];
        Arrays.setAll(axes, i -> i);
        long length = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        return new ParameterMatrix(name, layer, 1, length, axes);
    }

    /**
     * Number of values.
     *
     * @return d·p
     */
    public long size() {
        return rows * columns;
    }

    /**
     * Brings an array of the host's shape into matrix form.
     *
     * @param array of the parameter's own shape
     * @return the values row by row, a view where the memory allows it and else a copy // [d, p]
     * @throws IllegalArgumentException if it has another number of values
     */
    public INDArray matrix(INDArray array) {
        requireSize(array);
        INDArray permuted = array.rank() == axes.length ? array.permute(axes) : array;
        return permuted.reshape('c', rows, columns);
    }

    /**
     * Brings an array of the host's shape into matrix form, in memory of its own.
     *
     * @param array of the parameter's own shape
     * @return a new array, in the order of 'c' // [d, p]
     * @throws IllegalArgumentException if it has another number of values
     */
    public INDArray copy(INDArray array) {
        requireSize(array);
        INDArray copy = Nd4j.createUninitialized(array.dataType(), new long[] {rows, columns}, 'c');
        INDArray permuted = array.rank() == axes.length ? array.permute(axes) : array;
        copy.reshape('c', permuted.shape()).assign(permuted);
        return copy;
    }

    /** Whether an array of the host's shape lies in memory as the matrix does. */
    boolean isInOrder(INDArray array) {
        boolean permuted = false;
        for (int i = 0; i < axes.length; i++) {
            permuted |= axes[i] != i;
        }
        return !permuted && !array.isView() && array.ordering() == 'c';
    }

    private void requireSize(INDArray array) {
        if (array.length() != size()) {
            throw new IllegalArgumentException(
                    "array for "
                            + name
                            + " must have "
                            + size()
                            + " values, got shape "
                            + Arrays.toString(array.shape()));
        }
    }

    /**
     * Order of axes.
     *
     * @return a copy // [rank]
     */
    @Override
    public int[] axes() {
        return axes.clone();
    }
}
