package org.learningdynamics.model;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.learningdynamics.measure.HostRows;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Attention of packed rows without the scores that a mask would hide, read from where projections
 * leave queries, keys and values, and written as the next projection reads it.
 *
 * <p>A token of response r sees the prompt and r up to itself. So the responses of a row meet
 * {@code Σ_r n_r·(P + n_r)} keys, with P tokens in the prompt and n_r in a response, where the
 * masked form computes {@code (P + Σ_r n_r)²} scores. Forward passes only, float32 on the CPU
 * backend.
 */
public final class PackedAttention extends JavaOp {
    private final Parts parts;

    private PackedAttention(Parts parts) {
        super("packed_attention");
        this.parts = parts;
    }

    /**
     * What attention reads. Neighbouring heads of queries share a head of keys where there are more
     * of them.
     *
     * @param queries a multiple of the keys' heads
     * @param keys of as many heads as values
     * @param values of heads as wide as the keys'
     * @param scale what scores {@code q·k} are multiplied by, above 0
     */
    public record Parts(HeadPlaces queries, HeadPlaces keys, HeadPlaces values, float scale) {
        /**
         * Checks that they fit to each other.
         *
         * @param queries a multiple of the keys' heads
         * @param keys of as many heads as values
         * @param values of heads as wide as the keys'
         * @param scale above 0
         * @throws IllegalArgumentException if they do not
         */
        public Parts {
            if (queries.heads() % keys.heads() != 0 || keys.heads() != values.heads()) {
                throw new IllegalArgumentException(
                        "keys and values must have as many heads, which divide those of queries,"
                                + " got "
                                + keys.heads()
                                + ", "
                                + values.heads()
                                + " and "
                                + queries.heads());
            }
            if (queries.width() != keys.width() || keys.width() != values.width()) {
                throw new IllegalArgumentException(
                        "heads must be of one width, got "
                                + List.of(queries.width(), keys.width(), values.width()));
            }
            if (!(scale > 0)) {
                throw new IllegalArgumentException("scale must be > 0, got " + scale);
            }
        }

        List<HeadPlaces> all() {
            return List.of(queries, keys, values);
        }
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
     * Computes a variable this way from now on.
     *
     * @param graph that nobody but a {@link GraphSession} runs
     * @param mixed the variable, {@code softmax(scale · q·kᵀ + mask)·v} with a position's heads
     *     behind each other // [B·T, heads · h]
     * @param parts what it is made of
     * @param segments 0 for the prompt, one number a response // INT32 [B, T]
     */
    public static void put(SameDiff graph, String mixed, Parts parts, String segments) {
        GradientOps ops = new GradientOps(graph);
        List<String> inputs = new ArrayList<>(List.of(segments));
        for (HeadPlaces places : parts.all()) {
            inputs.add(places.variable());
            places.bias().ifPresent(inputs::add);
        }
        ops.replace(
                ops.makerOf(mixed).orElseThrow(),
                new PackedAttention(parts),
                inputs,
                List.of(mixed));
    }

    @Override
    List<long[]> shapes(List<INDArray> inputs) {
        return List.of(new long[] {inputs.get(0).length(), parts.queries().size()});
    }

    @Override
    void compute(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray segments = inputs.get(0);
        for (int row = 0; row < segments.size(0); row++) {
            int[] ids = segments.getRow(row).toIntVector();
            List<HeadRow> rows = rows(inputs, row, ids.length);
            try (PackedRow each = new PackedRow(parts, rows, outputs.get(0), row, ids)) {
                each.run();
            }
        }
    }

    private List<HeadRow> rows(List<INDArray> inputs, int row, int length) {
        List<HeadRow> rows = new ArrayList<>();
        Iterator<INDArray> arrays = inputs.subList(1, inputs.size()).iterator();
        for (HeadPlaces places : parts.all()) {
            INDArray array = arrays.next();
            Optional<INDArray> bias = places.bias().map(name -> arrays.next());
            rows.add(new HeadRow(places, array, bias, row, length));
        }
        return rows;
    }
}
