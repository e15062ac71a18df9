package org.learningdynamics.model;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.learningdynamics.measure.HostProducts;
import org.learningdynamics.measure.HostProducts.Factor;
import org.learningdynamics.measure.HostRows;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The two products of attention for segments of one length that see keys of one number, which are
 * the segment's own and those before it. G heads of queries share a head of keys.
 */
final class SegmentProducts implements AutoCloseable {
    private static final int SHARED_ELEMENTS = 1 << 18;
    private static final int TASKS = 16;

    private final int length;
    private final int known;
    private final INDArray queries; // [length, heads, h]
    private final INDArray scores; // [G, key heads, length, known]
    private final INDArray mixed; // [length, heads, h]
    private final INDArray keys; // [key heads, known, h], a view
    private final INDArray values; // [key heads, known, h], a view
    private final List<Group> groups = new ArrayList<>();
    private final List<CausalRows> tasks = new ArrayList<>();

    /** Views of one query head of every key head // [key heads, length, h or known]. */
    private record Group(INDArray queries, INDArray scores, INDArray mixed) {}

    /**
     * Takes memory.
     *
     * @param keys those seen stand at the start // [at least known, key heads, h]
     * @param values of the same shape
     * @param heads of queries
     * @param length of the segments
     * @param known number of keys they see
     * @param scale of the scores
     */
    SegmentProducts(INDArray keys, INDArray values, int heads, int length, int known, float scale) {
        this.length = length;
        this.known = known;
        this.keys = first(keys, known);
        this.values = first(values, known);
        long keyHeads = keys.size(1);
        long width = keys.size(2);
        long count = heads / keyHeads;
        queries = empty(length, heads, width);
        mixed = empty(length, heads, width);
        scores = empty(count, keyHeads, length, known);
        INDArray grouped = queries.reshape('c', length, keyHeads, count, width);
        INDArray results = mixed.reshape('c', length, keyHeads, count, width);
        for (int i = 0; i < count; i++) {
            groups.add(new Group(group(grouped, i), scores.slice(i), group(results, i)));
        }
        boolean isShared =
                scores.length() > SHARED_ELEMENTS && Nd4j.getEnvironment().maxThreads() > 1;
        for (int i = 0; i < (isShared ? Math.min(heads, TASKS) : 1); i++) {
            tasks.add(new CausalRows(HostRows.memory(scores), length, known - length, scale));
        }
    }

    static INDArray empty(long... shape) {
        return Nd4j.createUninitializedDetached(DataType.FLOAT, shape);
    }

    private static INDArray first(INDArray vectors, int count) {
        return vectors.get(NDArrayIndex.interval(0, count), NDArrayIndex.all(), NDArrayIndex.all())
                .permute(1, 0, 2);
    }

    private static INDArray group(INDArray grouped, int index) {
        return grouped.get(
                        NDArrayIndex.all(),
                        NDArrayIndex.all(),
                        NDArrayIndex.point(index),
                        NDArrayIndex.all())
                .permute(1, 0, 2);
    }

    boolean isFor(int someLength, int someKnown) {
        return length == someLength && known == someKnown;
    }

    /** To be filled // [length, heads, h]. */
    FloatBuffer queries() {
        return HostRows.memory(queries);
    }

    /** What {@link #run} has made // [length, heads, h]. */
    FloatBuffer mixed() {
        return HostRows.memory(mixed);
    }

    /** {@code softmax(scale · q·kᵀ)·v}; a query sees no key behind its own place. */
    void run() {
        for (Group group : groups) {
            HostProducts.multiply(
                    Factor.of(group.queries()), Factor.transposed(keys), group.scores(), false);
        }
        softmax();
        for (Group group : groups) {
            HostProducts.multiply(
                    Factor.of(group.scores()), Factor.of(values), group.mixed(), false);
        }
    }

    /** Some heads a task. */
    private void softmax() {
        int heads = Math.toIntExact(scores.size(0) * scores.size(1));
        IntStream all = IntStream.range(0, tasks.size());
        (tasks.size() > 1 ? all.parallel() : all)
                .forEach(
                        task -> {
                            for (int head = task; head < heads; head += tasks.size()) {
                                tasks.get(task).softmax(head);
                            }
                        });
    }

    @Override
    public void close() {
        queries.close();
        scores.close();
        mixed.close();
    }
}
