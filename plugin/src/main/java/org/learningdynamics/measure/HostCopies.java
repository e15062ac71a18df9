package org.learningdynamics.measure;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Copies runs of neighbouring elements between float32 arrays of the CPU backend, of less than 2
 * GiB each.
 */
public final class HostCopies {
    private HostCopies() {}

    /**
     * Copies rows of a table, {@code y_k = x[i_k]}; zeros where there is no such row.
     *
     * @param table x, in any order // [n, …]
     * @param places i // [k]
     * @param target y, in c order without gaps // k rows of the table's length
     * @throws IllegalArgumentException if the target has another length
     */
    public static void rows(INDArray table, int[] places, INDArray target) {
        int length = rowLength(table, places, target);
        long count = table.size(0);
        INDArray dense = HostRows.dense(table);
        FloatBuffer from = HostRows.memory(dense);
        FloatBuffer to = HostRows.memory(target);
        float[] zeros = new float[length];
        for (int k = 0; k < places.length; k++) {
            if (places[k] >= 0 && places[k] < count) {
                to.put(k * length, from, places[k] * length, length);
            } else {
                to.put(k * length, zeros);
            }
        }
        if (dense != table) {
            dense.close();
        }
    }

    /**
     * Adds up rows, {@code x[i] = Σ y_k} over all k with {@code i_k = i}, in the order of k, each
     * sum in float32; rows without a place in the table are left out.
     *
     * @param rows y, in any order // k rows of the table's length
     * @param places i // [k]
     * @param table x, filled; in c order without gaps // [n, …]
     * @throws IllegalArgumentException if the rows have another length
     */
    public static void sums(INDArray rows, int[] places, INDArray table) {
        int length = rowLength(table, places, rows);
        table.assign(0);
        INDArray dense = HostRows.dense(rows);
        FloatBuffer from = HostRows.memory(dense);
        FloatBuffer to = HostRows.memory(table);
        float[] sum = new float[length];
        float[] row = new float[length];
        for (int k = 0; k < places.length; k++) {
            if (places[k] >= 0 && places[k] < table.size(0)) {
                from.get(k * length, row);
                to.get(places[k] * length, sum);
                add(row, sum);
                to.put(places[k] * length, sum);
            }
        }
        if (dense != rows) {
            dense.close();
        }
    }

    private static void add(float[] row, float[] sum) {
        for (int j = 0; j < sum.length; j++) {
            sum[j] += row[j];
        }
    }

    private static int rowLength(INDArray table, int[] places, INDArray rows) {
        long length = table.length() / table.size(0);
        if (rows.length() != places.length * length) {
            throw new IllegalArgumentException(
                    "there must be "
                            + places.length
                            + " rows of length "
                            + length
                            + ", got shape "
                            + Arrays.toString(rows.shape()));
        }
        return Math.toIntExact(length);
    }

    /**
     * Copies an array to another one of its shape. Runs along the last axis are copied at once
     * where both arrays have them, views with other axes in another order among them; else this is
     * what ND4J does.
     *
     * @param source float32, a view or not
     * @param target float32, a view or not, sharing no memory with the source
     * @throws IllegalArgumentException if the shapes differ
     */
    public static void copy(INDArray source, INDArray target) {
        if (!Arrays.equals(source.shape(), target.shape())) {
            throw new IllegalArgumentException(
                    "shapes must be the same, got "
                            + Arrays.toString(source.shape())
                            + " and "
                            + Arrays.toString(target.shape()));
        }
        if (source.rank() > 1 && !source.isEmpty() && hasRuns(source) && hasRuns(target)) {
            new Runs(source, target).copy();
        } else {
            target.assign(source);
        }
    }

    private static boolean hasRuns(INDArray array) {
        return HostRows.supports(array.dataType())
                && (array.stride(-1) == 1 || array.size(-1) == 1)
                && span(array) <= Integer.MAX_VALUE / Float.BYTES;
    }

    /** From the first to the last element. */
    private static long span(INDArray array) {
        long span = 1;
        for (int axis = 0; axis < array.rank(); axis++) {
            span += (array.size(axis) - 1) * array.stride(axis);
        }
        return span;
    }

    /** Two arrays of one shape whose last axes are runs. */
    private static final class Runs {
        private static final int TASK = 1 << 18; // elements

        private final long[] shape;
        private final long[] fromStrides;
        private final long[] toStrides;
        private final FloatBuffer from;
        private final FloatBuffer to;
        private final int last;

        Runs(INDArray source, INDArray target) {
            shape = source.shape();
            fromStrides = source.stride();
            toStrides = target.stride();
            from = memory(source);
            to = memory(target);
            last = shape.length - 1;
        }

        private static FloatBuffer memory(INDArray array) {
            return new FloatPointer(array.data().addressPointer()).limit(span(array)).asBuffer();
        }

        void copy() {
            boolean isShared =
                    Arrays.stream(shape).reduce(1, (a, b) -> a * b) > TASK
                            && Nd4j.getEnvironment().maxThreads() > 1;
            IntStream all = IntStream.range(0, (int) shape[0]);
            (isShared ? all.parallel() : all)
                    .forEach(i -> copy(1, i * fromStrides[0], i * toStrides[0]));
        }

        /** What lies behind some leading axes. */
        private void copy(int axis, long start, long end) {
            if (axis == last) {
                to.put((int) end, from, (int) start, (int) shape[last]);
                return;
            }
            for (int i = 0; i < shape[axis]; i++) {
                copy(axis + 1, start + i * fromStrides[axis], end + i * toStrides[axis]);
            }
        }
    }
}
