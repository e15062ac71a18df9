package org.learningdynamics.measure;

import static org.bytedeco.openblas.global.openblas_nolapack.cblas_ddot;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sdot;

import java.util.Arrays;
import java.util.stream.Stream;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Products of matrices of the CPU backend by direct calls of its BLAS, which take the strides of
 * views as they are. What surrounds the same calls in an op costs as much as small products do.
 */
public final class HostProducts {
    private HostProducts() {}

    /**
     * One factor of a product.
     *
     * @param array the matrix, or matrices along leading axes // […, rows, columns]
     * @param isTransposed whether its last two axes change places in the product
     */
    public record Factor(INDArray array, boolean isTransposed) {
        /**
         * A factor as it is.
         *
         * @param array // […, m, n]
         * @return op(A) = A // […, m, n]
         */
        public static Factor of(INDArray array) {
            return new Factor(array, false);
        }

        /**
         * A factor with its last two axes in the other order.
         *
         * @param array // […, m, n]
         * @return op(A) = Aᵀ // […, n, m]
         */
        public static Factor transposed(INDArray array) {
            return new Factor(array, true);
        }

        long rows() {
            return array.size(isTransposed ? -1 : -2);
        }

        long columns() {
            return array.size(isTransposed ? -2 : -1);
        }

        long rowStride() {
            return array.stride(isTransposed ? -1 : -2);
        }
    }

    /**
     * Whether arrays can be multiplied here.
     *
     * @param arrays factors and result
     * @return true if all are float32 or all float64, on the CPU backend, not empty, of one rank of
     *     at least 2 and of the same leading axes, and elements of their rows or of their columns
     *     are next to each other
     */
    public static boolean fit(INDArray... arrays) {
        DataType type = arrays[0].dataType();
        return (type == DataType.FLOAT || type == DataType.DOUBLE)
                && Nd4j.getExecutioner().type() == ExecutionerType.NATIVE_CPU
                && Arrays.stream(arrays)
                        .allMatch(a -> a.dataType() == type && isLike(a, arrays[0]));
    }

    private static boolean isLike(INDArray array, INDArray first) {
        if (array.rank() < 2 || array.rank() != first.rank() || array.isEmpty()) {
            return false;
        }
        for (int axis = 0; axis < array.rank() - 2; axis++) {
            if (array.size(axis) != first.size(axis)) {
                return false;
            }
        }
        return Layout.of(array).isMatrix();
    }

    /**
     * Multiplies: {@code C = op(A)·op(B)}, or {@code C += op(A)·op(B)}, for each of the leading
     * axes. Sums are BLAS's, in the arrays' own type; the result does not depend on the number of
     * threads where a product has fewer than a million multiplications. Larger ones with few terms
     * a sum or few columns are computed some rows at a time. Cost: 2·m·k·n floating-point
     * operations a product.
     *
     * @param a first factor // […, m, k]
     * @param b second factor // […, k, n]
     * @param result C, which shares no memory with the factors // […, m, n]
     * @param adds whether to add to what is there
     * @throws IllegalArgumentException if the arrays do not {@link #fit}, or their sizes do not
     */
    public static void multiply(Factor a, Factor b, INDArray result, boolean adds) {
        if (!fit(a.array(), b.array(), result) || !Layout.of(result).isRowMajor()) {
            throw new IllegalArgumentException(
                    "factors and result must be float32 or float64 of the CPU backend, with rows or"
                            + " columns without gaps, the result's rows, got "
                            + shapes(a, b, result));
        }
        if (a.columns() != b.rows()
                || a.rows() != result.size(-2)
                || b.columns() != result.size(-1)) {
            throw new IllegalArgumentException(
                    "sizes must be [m, k], [k, n] and [m, n], got " + shapes(a, b, result));
        }
        new HostProductCalls(a, b, result, adds).run();
    }

    /**
     * Squared norms of rows, each in the arrays' own type as BLAS sums it.
     *
     * @param rows a matrix that {@link #fit}s and whose rows have no gaps // [m, n]
     * @return {@code Σ_j x_ij²} // [m]
     * @throws IllegalArgumentException if it does not fit
     */
    public static double[] squares(INDArray rows) {
        if (rows.rank() != 2 || !fit(rows) || !Layout.of(rows).isRowMajor()) {
            throw new IllegalArgumentException(
                    "rows must be a matrix of float32 or float64 of the CPU backend, with rows"
                            + " without gaps, got "
                            + rows.dataType()
                            + Arrays.toString(rows.shape()));
        }
        Layout layout = Layout.of(rows);
        int length = (int) layout.columns();
        double[] squares = new double[(int) layout.rows()];
        Pointer memory = rows.data().addressPointer();
        for (int row = 0; row < squares.length; row++) {
            long at = row * layout.leading();
            if (rows.dataType() == DataType.FLOAT) {
                FloatPointer x = new FloatPointer(memory).getPointer(at);
                squares[row] = cblas_sdot(length, x, 1, x, 1);
            } else {
                DoublePointer x = new DoublePointer(memory).getPointer(at);
                squares[row] = cblas_ddot(length, x, 1, x, 1);
            }
        }
        return squares;
    }

    private static String shapes(Factor a, Factor b, INDArray result) {
        return Stream.of(a.array(), b.array(), result)
                .map(array -> array.dataType() + Arrays.toString(array.shape()))
                .toList()
                .toString();
    }

    /** How the matrices of an array lie in memory. */
    record Layout(long rows, long columns, long rowStride, long columnStride) {
        static Layout of(INDArray array) {
            int rank = array.rank();
            return new Layout(
                    array.size(rank - 2),
                    array.size(rank - 1),
                    array.stride(rank - 2),
                    array.stride(rank - 1));
        }

        boolean isMatrix() {
            return (isRowMajor() || swapped().isRowMajor())
                    && Math.max(Math.max(rows, columns), leading()) <= Integer.MAX_VALUE;
        }

        boolean isRowMajor() {
            return (columnStride == 1 || columns == 1) && (rowStride >= columns || rows == 1);
        }

        private Layout swapped() {
            return new Layout(columns, rows, columnStride, rowStride);
        }

        /** Distance of what is stored as rows. */
        long leading() {
            Layout stored = isRowMajor() ? this : swapped();
            return stored.rows == 1 ? Math.max(1, stored.columns) : stored.rowStride;
        }
    }
}
