package org.learningdynamics.measure;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Computes float32 arrays of the CPU backend from others, some rows at a time that stay in the
 * processor's caches. Arrays may differ in the length of their rows, but not in their number.
 *
 * <p>Which rows belong to one task follows from the shapes alone, so results do not depend on the
 * number of threads. More than a quarter of a million elements are shared out over the common
 * fork-join pool, unless ND4J is held to one thread.
 */
public final class HostRows {
    /** No more elements than these come at once, unless a single row is longer. */
    public static final int CHUNK = 4096;

    private static final int TASK = 64 * CHUNK;

    private HostRows() {}

    /** Computes some rows; made anew for every task, so it may keep arrays to work in. */
    @FunctionalInterface
    public interface Kernel {
        /**
         * Computes rows.
         *
         * @param inputs their elements // [inputs][at least rows · length]
         * @param outputs to be filled // [outputs][at least rows · length]
         * @param rows how many there are
         */
        void run(float[][] inputs, float[][] outputs, int rows);
    }

    /**
     * Whether arrays of a type can be computed here.
     *
     * @param type the arrays'
     * @return true for float32 on the CPU backend
     */
    public static boolean supports(DataType type) {
        return type == DataType.FLOAT && Nd4j.getExecutioner().type() == ExecutionerType.NATIVE_CPU;
    }

    /**
     * Computes arrays from others.
     *
     * @param <K> the kernel's own class
     * @param rows number of rows of every array, at least 0
     * @param kernels gives a kernel for each task
     * @param inputs float32; views and arrays in f order are copied first
     * @param outputs float32 in c order without gaps; an input may be among them whose rows have
     *     the same length, and is overwritten then
     * @return the kernels in the order of their rows, for what they have summed up
     * @throws IllegalArgumentException if an array is not of float32, its length is no multiple of
     *     the number of rows, or an output is not in c order
     */
    public static <K extends Kernel> List<K> run(
            long rows, Supplier<K> kernels, List<INDArray> inputs, List<INDArray> outputs) {
        List<INDArray> read = inputs.stream().map(HostRows::dense).toList();
        outputs.forEach(HostRows::requireDense);
        try {
            return rows == 0 ? List.of() : new Pass(rows, read, outputs).run(kernels);
        } finally {
            for (int i = 0; i < read.size(); i++) {
                if (read.get(i) != inputs.get(i)) {
                    read.get(i).close();
                }
            }
        }
    }

    /**
     * The memory of an array, which must not be closed meanwhile.
     *
     * @param array float32 on the CPU backend in c order without gaps, of less than 2³¹ elements
     * @return its elements, which can be written too
     * @throws IllegalArgumentException if the array is not of float32, not in c order or too long
     */
    public static FloatBuffer memory(INDArray array) {
        requireDense(array);
        if (array.length() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "arrays must have less than 2^31 elements, got " + array.length());
        }
        return new FloatPointer(array.data().addressPointer()).limit(array.length()).asBuffer();
    }

    /**
     * The elements of a small array.
     *
     * @param array of any type and order
     * @return its elements in c order
     */
    public static float[] values(INDArray array) {
        if (supports(array.dataType()) && isDense(array)) {
            float[] values = new float[Math.toIntExact(array.length())];
            memory(array).get(0, values);
            return values;
        }
        return array.reshape('c', new long[] {array.length()}).toFloatVector();
    }

    /**
     * Adds rows to those of a table, one after the other.
     *
     * @param table float32 in c order without gaps, of less than 2³¹ elements, changed in place //
     *     [n, …]
     * @param places the table's row for each of the rows, below n
     * @param rows float32, of less than 2³¹ elements // [places, …]
     * @throws IllegalArgumentException if a place is no row of the table, or the arrays do not fit
     */
    public static void add(INDArray table, int[] places, INDArray rows) {
        requireDense(table);
        long count = table.size(0);
        int length = Math.toIntExact(table.length() / count);
        for (int place : places) {
            if (place < 0 || place >= count) {
                throw new IllegalArgumentException(
                        "places must be in [0, " + count + "), got " + place);
            }
        }
        INDArray read = dense(rows);
        float[] sum = new float[length];
        float[] row = new float[length];
        FloatBuffer target = memory(table);
        FloatBuffer terms = memory(read);
        for (int i = 0; i < places.length; i++) {
            target.get(places[i] * length, sum);
            terms.get(i * length, row);
            for (int j = 0; j < length; j++) {
                sum[j] += row[j];
            }
            target.put(places[i] * length, sum);
        }
        if (read != rows) {
            read.close();
        }
    }

    private static FloatBuffer memory(INDArray array, long from, long count) {
        FloatPointer start = new FloatPointer(array.data().addressPointer());
        return start.position(from).limit(from + count).asBuffer();
    }

    static INDArray dense(INDArray array) {
        requireFloat(array);
        return isDense(array) ? array : array.dup('c');
    }

    private static void requireDense(INDArray array) {
        requireFloat(array);
        if (!isDense(array)) {
            throw new IllegalArgumentException(
                    "outputs must be in c order without gaps, got " + array.shapeInfoToString());
        }
    }

    private static void requireFloat(INDArray array) {
        if (array.dataType() != DataType.FLOAT) {
            throw new IllegalArgumentException("arrays must be FLOAT, got " + array.dataType());
        }
    }

    private static boolean isDense(INDArray array) {
        long expected = 1;
        for (int axis = array.rank() - 1; axis >= 0; axis--) {
            if (array.size(axis) > 1 && array.stride(axis) != expected) {
                return false;
            }
            expected *= array.size(axis);
        }
        return true;
    }

    /** Arrays with the lengths of their rows. */
    private static final class Pass {
        private final long rows;
        private final List<INDArray> inputs;
        private final List<INDArray> outputs;
        private final int longest;

        Pass(long rows, List<INDArray> inputs, List<INDArray> outputs) {
            this.rows = rows;
            this.inputs = inputs;
            this.outputs = outputs;
            List<INDArray> all = new ArrayList<>(inputs);
            all.addAll(outputs);
            longest = all.stream().mapToInt(this::rowLength).max().orElse(1);
        }

        private int rowLength(INDArray array) {
            if (array.length() % rows != 0) {
                throw new IllegalArgumentException(
                        "the length must be a multiple of "
                                + rows
                                + " rows, got shape "
                                + Arrays.toString(array.shape()));
            }
            return Math.toIntExact(array.length() / rows);
        }

        <K extends Kernel> List<K> run(Supplier<K> kernels) {
            int rowsATask = Math.max(1, TASK / Math.max(1, longest));
            int tasks = Math.toIntExact((rows + rowsATask - 1) / rowsATask);
            List<K> made = IntStream.range(0, tasks).mapToObj(task -> kernels.get()).toList();
            boolean isShared = tasks > 1 && Nd4j.getEnvironment().maxThreads() > 1;
            IntStream all = IntStream.range(0, tasks);
            (isShared ? all.parallel() : all)
                    .forEach(
                            task -> {
                                long from = (long) task * rowsATask;
                                int count = (int) Math.min(rowsATask, rows - from);
                                task(made.get(task), from, count);
                            });
            return made;
        }

        private void task(Kernel kernel, long from, int count) {
            int chunk = Math.min(count, Math.max(1, CHUNK / Math.max(1, longest)));
            List<Part> in = inputs.stream().map(a -> part(a, from, count, chunk)).toList();
            List<Part> out = outputs.stream().map(a -> part(a, from, count, chunk)).toList();
            float[][] read = in.stream().map(Part::values).toArray(float[][]::new);
            float[][] written = out.stream().map(Part::values).toArray(float[][]::new);
            for (int row = 0; row < count; row += chunk) {
                int some = Math.min(chunk, count - row);
                for (Part part : in) {
                    part.read(row, some);
                }
                kernel.run(read, written, some);
                for (Part part : out) {
                    part.write(row, some);
                }
            }
        }

        private Part part(INDArray array, long from, int count, int chunk) {
            int length = rowLength(array);
            FloatBuffer memory = memory(array, from * length, (long) count * length);
            return new Part(memory, length, new float[chunk * length]);
        }
    }

    /** One task's rows of an array, and those of them that are worked on. */
    private record Part(FloatBuffer memory, int length, float[] values) {
        void read(int row, int rows) {
            memory.get(row * length, values, 0, rows * length);
        }

        void write(int row, int rows) {
            memory.put(row * length, values, 0, rows * length);
        }
    }
}
