package org.learningdynamics.measure;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_dgemm;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.learningdynamics.measure.HostProducts.Factor;
import org.learningdynamics.measure.HostProducts.Layout;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** All products of one call of {@link HostProducts#multiply}. */
final class HostProductCalls {
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

    private final Factor a;
    private final Factor b;
    private final INDArray result;
    private final double beta;
    private final int m;
    private final int n;
    private final int k;
    private final int[] transposes;
    private final int[] leading;

    HostProductCalls(Factor a, Factor b, INDArray result, boolean adds) {
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
                    .forEach(call -> run(ofType(), call / parts, call % parts * height, height));
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
        if ((long) m * n * k < SMALL || Math.min(n, k) > NARROW || transposes[1] == CblasTrans) {
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
     * A product of the matrices that begin somewhere, or the first rows of it. It belongs to one
     * thread: its pointers are moved.
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
