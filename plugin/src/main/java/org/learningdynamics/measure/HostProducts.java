package org.learningdynamics.measure;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_ddot;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_dgemm;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sdot;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import java.util.Arrays;
import java.util.stream.IntStream;
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
    /**
     * Multiplications from which BLAS may share one product out over its threads, and copies both
     * factors before it begins.
     */
    private static final long SMALL = 1_000_000;

    /** Rows of a result that are worth a call, and the number of which calls take a multiple. */
    private static final int ROWS = 48;

    private static final int STEP = 16;

    /** Terms of a sum, or columns of a result, up to which copies of the factors cost too much. */
    private static final int NARROW = 64;

    /** Multiplications of a task. */
    private static final long TASK = 4_000_000;

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

        private long rows() {
            return array.size(isTransposed ? -1 : -2);
        }

        private long columns() {
            return array.size(isTransposed ? -2 : -1);
        }

        private long rowStride() {
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
        new Products(a, b, result, adds).run();
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
    private record Layout(long rows, long columns, long rowStride, long columnStride) {
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

    /** All products of one call. */
    private static final class Products {
        private final Factor a;
        private final Factor b;
        private final INDArray result;
        private final double beta;
        private final int m;
        private final int n;
        private final int k;
        private final int[] transposes;
        private final int[] leading;

        Products(Factor a, Factor b, INDArray result, boolean adds) {
            this.a = a;
            this.b = b;
            this.result = result;
            beta = adds ? 1 : 0;
            m = (int) a.rows();
            k = (int) a.columns();
            n = (int) b.columns();
            transposes = new int[] {transpose(a), transpose(b)};
            leading =
                    Stream.of(a.array(), b.array(), result)
                            .mapToInt(array -> (int) Layout.of(array).leading())
                            .toArray();
        }

        /** A matrix that is stored by columns is the transpose of one stored by rows. */
        private static int transpose(Factor factor) {
            boolean isStored = Layout.of(factor.array()).isRowMajor();
            return factor.isTransposed() == isStored ? CblasTrans : CblasNoTrans;
        }

        void run() {
            int count = (int) (result.length() / ((long) m * n));
            int height = rowsOfCall();
            int parts = (m + height - 1) / height;
            int calls = count * parts;
            long each = (long) height * n * k;
            boolean isShared =
                    each < SMALL && calls * each > TASK && Nd4j.getEnvironment().maxThreads() > 1;
            IntStream all = IntStream.range(0, calls);
            if (isShared) {
                all.parallel()
                        .forEach(
                                call -> run(ofType(), call / parts, call % parts * height, height));
            } else {
                Run one = ofType();
                all.forEach(call -> run(one, call / parts, call % parts * height, height));
            }
        }

        private Run ofType() {
            return result.dataType() == DataType.FLOAT ? new Floats() : new Doubles();
        }

        /**
         * All rows, or as many as make a small product: OpenBLAS computes it without copies of its
         * factors unless it is the second that is transposed.
         */
        private int rowsOfCall() {
            if ((long) m * n * k < SMALL
                    || Math.min(n, k) > NARROW
                    || transposes[1] == CblasTrans) {
                return m;
            }
            int most = (int) ((SMALL - 1) / ((long) n * k));
            if (most < ROWS) {
                return m;
            }
            int parts = (m + most - 1) / most;
            int even = (m + parts - 1) / parts;
            return Math.min((even + STEP - 1) / STEP * STEP, most);
        }

        /** Some rows of one of the products. */
        private void run(Run run, int product, int top, int height) {
            run.multiply(
                    Math.min(height, m - top),
                    at(a.array(), product) + (long) top * a.rowStride(),
                    at(b.array(), product),
                    at(result, product) + (long) top * result.stride(-2));
        }

        /** Where the matrix with a number begins, of those along the leading axes. */
        private static long at(INDArray array, int matrix) {
            long place = 0;
            long rest = matrix;
            for (int axis = array.rank() - 3; axis >= 0; axis--) {
                place += rest % array.size(axis) * array.stride(axis);
                rest /= array.size(axis);
            }
            return place;
        }

        /**
         * A product of the matrices that begin somewhere, or the first rows of it. It belongs to
         * one thread: its pointers are moved.
         */
        private interface Run {
            void multiply(int rows, long atA, long atB, long atResult);
        }

        private final class Floats implements Run {
            private final FloatPointer left = at(a.array());
            private final FloatPointer right = at(b.array());
            private final FloatPointer target = at(result);

            private FloatPointer at(INDArray array) {
                return new FloatPointer(array.data().addressPointer()).getPointer(0);
            }

            @Override
            public void multiply(int rows, long atA, long atB, long atResult) {
                cblas_sgemm(
                        CblasRowMajor,
                        transposes[0],
                        transposes[1],
                        rows,
                        n,
                        k,
                        1,
                        left.position(atA),
                        leading[0],
                        right.position(atB),
                        leading[1],
                        (float) beta,
                        target.position(atResult),
                        leading[2]);
            }
        }

        private final class Doubles implements Run {
            private final DoublePointer left = at(a.array());
            private final DoublePointer right = at(b.array());
            private final DoublePointer target = at(result);

            private DoublePointer at(INDArray array) {
                return new DoublePointer(array.data().addressPointer()).getPointer(0);
            }

            @Override
            public void multiply(int rows, long atA, long atB, long atResult) {
                cblas_dgemm(
                        CblasRowMajor,
                        transposes[0],
                        transposes[1],
                        rows,
                        n,
                        k,
                        1,
                        left.position(atA),
                        leading[0],
                        right.position(atB),
                        leading[1],
                        beta,
                        target.position(atResult),
                        leading[2]);
            }
        }
    }
}
