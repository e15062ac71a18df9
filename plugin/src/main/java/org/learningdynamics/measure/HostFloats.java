package org.learningdynamics.measure;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Changes float32 arrays of the CPU backend element by element, in chunks that stay in the
 * processor's caches. An update of several arrays then reads and writes each once, where one op a
 * formula's step would go through memory again and again.
 */
public final class HostFloats {
    private static final int CHUNK = 4096;
    private static final int CHUNKS_A_TASK = 64;

    private HostFloats() {}

    /** Works on the same elements of several arrays. */
    @FunctionalInterface
    public interface Kernel {
        /**
         * Changes elements in place.
         *
         * @param chunk the elements // [arrays][at least count]
         * @param count how many there are
         */
        void run(float[][] chunk, int count);
    }

    /**
     * Tells whether arrays can be changed here: float32 on the CPU backend, of one length, ordering
     * and shape without gaps, each within the first 2 GiB of its buffer.
     *
     * @param arrays at least one
     * @return whether {@link #update} takes them
     */
    public static boolean fit(INDArray... arrays) {
        if (Nd4j.getExecutioner().type() != ExecutionerType.NATIVE_CPU) {
            return false;
        }
        INDArray first = arrays[0];
        return Arrays.stream(arrays)
                .allMatch(
                        array ->
                                array.dataType() == DataType.FLOAT
                                        && array.ordering() == first.ordering()
                                        && Arrays.equals(array.shape(), first.shape())
                                        && isDense(array)
                                        && (array.offset() + array.length()) * Float.BYTES
                                                <= Integer.MAX_VALUE);
    }

    /** Whether elements in the array's own order are neighbours in memory. */
    private static boolean isDense(INDArray array) {
        long expected = 1;
        for (int i = 0; i < array.rank(); i++) {
            int axis = array.ordering() == 'c' ? array.rank() - 1 - i : i;
            if (array.size(axis) > 1 && array.stride(axis) != expected) {
                return false;
            }
            expected *= array.size(axis);
        }
        return expected > 0;
    }

    /**
     * Changes arrays in place. Elements are independent of each other, so the result does not
     * depend on the number of threads. Cost: every array is read and written once; arrays of more
     * than a quarter of a million elements use the common fork-join pool.
     *
     * @param kernel called for chunk after chunk, by several threads at once
     * @param arrays arrays that {@link #fit}
     * @throws IllegalArgumentException if they do not fit
     */
    public static void update(Kernel kernel, INDArray... arrays) {
        if (!fit(arrays)) {
            throw new IllegalArgumentException(
                    "arrays must be float32 of the CPU backend, of one shape and without gaps, got "
                            + Arrays.toString(
                                    Arrays.stream(arrays)
                                            .map(INDArray::shapeInfoToString)
                                            .toArray()));
        }
        FloatBuffer[] buffers =
                Arrays.stream(arrays).map(HostFloats::buffer).toArray(FloatBuffer[]::new);
        int length = Math.toIntExact(arrays[0].length());
        int task = CHUNK * CHUNKS_A_TASK;
        int tasks = (length + task - 1) / task;
        IntStream all = IntStream.range(0, tasks);
        (tasks > 1 ? all.parallel() : all)
                .forEach(
                        t ->
                                new Chunks(kernel, buffers)
                                        .run(t * task, Math.min(length, (t + 1) * task)));
    }

    private static FloatBuffer buffer(INDArray array) {
        return array.data().asNioFloat().slice();
    }

    /** One thread's part of the elements. */
    private record Chunks(Kernel kernel, FloatBuffer[] buffers) {
        void run(int from, int to) {
            float[][] chunk = new float[buffers.length][Math.min(CHUNK, to - from)];
            for (int start = from; start < to; start += CHUNK) {
                int count = Math.min(CHUNK, to - start);
                for (int i = 0; i < buffers.length; i++) {
                    buffers[i].get(start, chunk[i], 0, count);
                }
                kernel.run(chunk, count);
                for (int i = 0; i < buffers.length; i++) {
                    buffers[i].put(start, chunk[i], 0, count);
                }
            }
        }
    }
}
