package org.learningdynamics.model;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.measure.HostRows;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One row of a {@link PackedAttention}, segment by segment. The keys and values that a segment sees
 * stand behind each other in memory of their own, where those of the prompt stay for the segments
 * to come.
 */
final class PackedRow implements AutoCloseable {
    private static final int PROMPT = 0;

    private final PackedAttention.Parts parts;
    private final List<HeadRow> inputs; // queries, keys, values
    private final FloatBuffer output;
    private final int row;
    private final int[] ids; // segments // [T]
    private final INDArray keys; // [most that are seen, heads, h]
    private final INDArray values;
    private List<Stretch> placed = List.of(); // whose keys and values stand there
    private @Nullable SegmentProducts products;

    /** A stretch of positions, the last one excluded. */
    private record Stretch(int from, int to) {
        int length() {
            return to - from;
        }
    }

    PackedRow(
            PackedAttention.Parts parts,
            List<HeadRow> inputs,
            INDArray output,
            int row,
            int[] ids) {
        this.parts = parts;
        this.inputs = inputs;
        this.output = HostRows.memory(output);
        this.row = row;
        this.ids = ids;
        int most = 0;
        for (int from = 0; from < ids.length; from = end(from)) {
            most = Math.max(most, length(seen(from)));
        }
        HeadPlaces heads = parts.keys();
        keys = SegmentProducts.empty(most, heads.heads(), heads.width());
        values = SegmentProducts.empty(most, heads.heads(), heads.width());
    }

    /** Where the segment that starts somewhere ends. */
    private int end(int from) {
        int end = from + 1;
        while (end < ids.length && ids[end] == ids[from]) {
            end++;
        }
        return end;
    }

    /** What the positions of a segment may see, in ascending order, themselves last. */
    private List<Stretch> seen(int from) {
        List<Stretch> seen = new ArrayList<>();
        for (int start = 0; start <= from; start = end(start)) {
            if (ids[start] == PROMPT || ids[start] == ids[from]) {
                seen.add(new Stretch(start, end(start)));
            }
        }
        return seen;
    }

    private static int length(List<Stretch> stretches) {
        return stretches.stream().mapToInt(Stretch::length).sum();
    }

    void run() {
        for (int from = 0; from < ids.length; from = end(from)) {
            run(new Stretch(from, end(from)));
        }
    }

    /** One segment's queries against the keys they see. */
    private void run(Stretch own) {
        List<Stretch> seen = seen(own.from());
        place(seen);
        SegmentProducts now = products(own.length(), length(seen));
        inputs.get(0).copy(own.from(), own.to(), now.queries(), 0);
        now.run();
        int size = parts.queries().size();
        int target = (row * ids.length + own.from()) * size;
        output.put(target, now.mixed(), 0, own.length() * size);
    }

    private void place(List<Stretch> seen) {
        FloatBuffer keyMemory = HostRows.memory(keys);
        FloatBuffer valueMemory = HostRows.memory(values);
        int next = 0;
        boolean isPlaced = true;
        for (int i = 0; i < seen.size(); i++) {
            Stretch stretch = seen.get(i);
            isPlaced = isPlaced && i < placed.size() && placed.get(i).equals(stretch);
            if (!isPlaced) {
                inputs.get(1).copy(stretch.from(), stretch.to(), keyMemory, next);
                inputs.get(2).copy(stretch.from(), stretch.to(), valueMemory, next);
            }
            next += stretch.length();
        }
        placed = seen;
    }

    private SegmentProducts products(int length, int known) {
        SegmentProducts now = products;
        if (now == null || !now.isFor(length, known)) {
            if (now != null) {
                now.close();
            }
            int heads = parts.queries().heads();
            now = new SegmentProducts(keys, values, heads, length, known, parts.scale());
            products = now;
        }
        return now;
    }

    @Override
    public void close() {
        keys.close();
        values.close();
        if (products != null) {
            products.close();
        }
    }
}
