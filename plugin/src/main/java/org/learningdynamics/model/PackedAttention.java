package org.learningdynamics.model;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.learningdynamics.measure.HostRows;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Attention of packed rows without the scores that a mask would hide.
 *
 * <p>A token of response r sees the prompt and r up to itself. So the responses of a row meet
 * {@code Σ_r n_r·(P + n_r)} keys, with P tokens in the prompt and n_r in a response, where the
 * masked form computes {@code (P + Σ_r n_r)²} scores. Forward passes only, float32 on the CPU
 * backend.
 */
public final class PackedAttention extends JavaOp {
    private static final int PROMPT = 0;
    private static final int SHARED_ELEMENTS = 1 << 18;
    private static final int TASKS = 16;
    private static final float HIDDEN = -1e4f; // its exponential is 0
    private static final MMulTranspose TRANSPOSED =
            MMulTranspose.builder()
                    .transposeA(false)
                    .transposeB(true)
                    .transposeResult(false)
                    .build();

    private PackedAttention() {
        super("packed_attention");
    }

    /**
     * Whether it can be used for arrays of a type on this backend.
     *
     * @param type the arrays'
     * @return true for float32 on the CPU
     */
    public static boolean supports(DataType type) {
        return HostRows.supports(type);
    }

    /**
     * Computes a variable this way from now on. G heads of queries share a head of keys.
     *
     * @param graph that nobody but a {@link GraphSession} runs
     * @param mixed the variable, {@code softmax(q·kᵀ + mask)·v} // [B, K, G·T, h]
     * @param queries scaled // [B, K, G·T, h]
     * @param keys // [B, K, T, h]
     * @param values // [B, K, T, h]
     * @param segments 0 for the prompt, one number a response // INT32 [B, T]
     */
    public static void put(
            SameDiff graph,
            String mixed,
            String queries,
            String keys,
            String values,
            String segments) {
        GradientOps ops = new GradientOps(graph);
        ops.replace(
                ops.makerOf(mixed).orElseThrow(),
                new PackedAttention(),
                List.of(queries, keys, values, segments),
                List.of(mixed));
    }

    @Override
    List<long[]> shapes(List<INDArray> inputs) {
        return List.of(inputs.get(0).shape());
    }

    @Override
    void compute(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray segments = inputs.get(3);
        for (int row = 0; row < segments.size(0); row++) {
            int[] ids = segments.getRow(row).toIntVector();
            Row each = new Row(inputs, outputs.get(0), row, ids);
            for (int from = 0; from < ids.length; from = each.end(from)) {
                each.run(from);
            }
        }
    }

    /** A stretch of positions, the last one excluded. */
    private record Stretch(int from, int to) {
        int length() {
            return to - from;
        }
    }

    /** One packed row. */
    private static final class Row {
        private final Heads queries;
        private final Heads keys;
        private final Heads values;
        private final Heads mixed;
        private final int[] ids; // segments // [T]
        private final int keyHeads;
        private final int group;
        private final int width;

        Row(List<INDArray> inputs, INDArray output, int row, int[] ids) {
            this.ids = ids;
            keyHeads = Math.toIntExact(output.size(1));
            group = Math.toIntExact(output.size(2) / ids.length);
            width = Math.toIntExact(output.size(3));
            queries = new Heads(inputs.get(0), row, keyHeads * group, ids.length);
            keys = new Heads(inputs.get(1), row, keyHeads, ids.length);
            values = new Heads(inputs.get(2), row, keyHeads, ids.length);
            mixed = new Heads(output, row, keyHeads * group, ids.length);
        }

        /** Where the segment that starts somewhere ends. */
        int end(int from) {
            int end = from + 1;
            while (end < ids.length && ids[end] == ids[from]) {
                end++;
            }
            return end;
        }

        /** What the positions of a segment may see, in ascending order. */
        private List<Stretch> seen(int from) {
            List<Stretch> seen = new ArrayList<>();
            for (int start = 0; start <= from; start = end(start)) {
                if (ids[start] == PROMPT || ids[start] == ids[from]) {
                    seen.add(new Stretch(start, end(start)));
                }
            }
            return seen;
        }

        /** One segment's queries against the keys they see. */
        void run(int from) {
            Stretch own = new Stretch(from, end(from));
            List<Stretch> seen = seen(from);
            int known = seen.stream().mapToInt(Stretch::length).sum();
            long rows = (long) group * own.length();
            try (INDArray q = queries.copy(List.of(own), rows);
                    INDArray k = keys.copy(seen, known);
                    INDArray v = values.copy(seen, known);
                    INDArray scores = empty(keyHeads, rows, known);
                    INDArray result = empty(keyHeads, rows, width)) {
                Nd4j.exec(new Mmul(q, k, scores, TRANSPOSED));
                softmax(scores, own.length(), known - own.length());
                Nd4j.exec(new Mmul(scores, v, result, MMulTranspose.allFalse()));
                mixed.put(result, own);
            }
        }

        /** In place; the query at place i of its segment sees all keys before and i + 1 of it. */
        private static void softmax(INDArray scores, int length, int before) {
            int known = Math.toIntExact(scores.size(2));
            int heads = Math.toIntExact(scores.length() / ((long) length * known));
            boolean isShared =
                    scores.length() > SHARED_ELEMENTS && Nd4j.getEnvironment().maxThreads() > 1;
            int tasks = isShared ? Math.min(heads, TASKS) : 1;
            IntStream all = IntStream.range(0, tasks);
            (isShared ? all.parallel() : all)
                    .forEach(
                            task -> {
                                CausalRows rows =
                                        new CausalRows(HostRows.memory(scores), length, before);
                                for (int head = task; head < heads; head += tasks) {
                                    rows.softmax(head);
                                }
                            });
        }
    }

    /** Scores of heads, one behind the other, each of some rows. One instance a thread. */
    private static final class CausalRows {
        private final FloatBuffer scores;
        private final int length;
        private final int before;
        private final float[] values; // of a head // [length · (before + length)]
        private final SoftmaxRows softmax = new SoftmaxRows();

        CausalRows(FloatBuffer scores, int length, int before) {
            this.scores = scores;
            this.length = length;
            this.before = before;
            values = new float[length * (before + length)];
        }

        void softmax(int head) {
            int known = before + length;
            scores.get(head * values.length, values);
            for (int i = 0; i < length; i++) {
                int visible = before + i + 1;
                SoftmaxRows.shift(values, i * known, values, visible);
                Arrays.fill(values, i * known + visible, (i + 1) * known, HIDDEN);
            }
            softmax.exponentials(values, 0, values.length);
            for (int i = 0; i < length; i++) {
                double sum = SoftmaxRows.sum(values, i * known, known);
                SoftmaxRows.scale(values, i * known, known, (float) (1 / sum));
            }
            scores.put(head * values.length, values);
        }
    }

    private static INDArray empty(long... shape) {
        return Nd4j.createUninitialized(DataType.FLOAT, shape, 'c');
    }

    /** One row's part of an array of heads // [heads, T, h]. */
    private static final class Heads {
        private final FloatBuffer memory;
        private final int first; // of the row
        private final int heads;
        private final int positions;
        private final int width;

        Heads(INDArray array, int row, int heads, int positions) {
            memory = HostRows.memory(array);
            this.heads = heads;
            this.positions = positions;
            width = Math.toIntExact(array.size(3));
            first = row * heads * positions * width;
        }

        /** Stretches of every head behind each other // [K, rows, h]. */
        INDArray copy(List<Stretch> stretches, long rows) {
            int length = stretches.stream().mapToInt(Stretch::length).sum();
            INDArray copy = empty((long) heads * length / rows, rows, width);
            FloatBuffer to = HostRows.memory(copy);
            int next = 0;
            for (int head = 0; head < heads; head++) {
                for (Stretch stretch : stretches) {
                    int count = stretch.length() * width;
                    to.put(next, memory, place(head, stretch), count);
                    next += count;
                }
            }
            return copy;
        }

        /** The other way round. */
        void put(INDArray result, Stretch stretch) {
            FloatBuffer from = HostRows.memory(result);
            int count = stretch.length() * width;
            for (int head = 0; head < heads; head++) {
                memory.put(place(head, stretch), from, head * count, count);
            }
        }

        private int place(int head, Stretch stretch) {
            return first + (head * positions + stretch.from()) * width;
        }
    }
}
