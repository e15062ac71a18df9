package org.learningdynamics.lm;

import java.util.Arrays;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a forward pass reads beside parameters: token ids, each token's position, who sees whom. The
 * arrays are made once a pass for all blocks and repeated to full size, as the backward pass of a
 * broadcast product costs more than a whole layer.
 */
final class DecoderInputs {
    /** Placeholder of packed rows: place of each token in its own sequence // [B, T]. */
    static final String POSITIONS = "positions";

    /** Placeholder of packed rows: 0 for the prompt, one number a response // [B, T]. */
    static final String SEGMENTS = "segments";

    private static final int PROMPT = 0;
    private static final double MASKED = -1e9;

    private final SameDiff graph;
    private final DecoderConfig config;
    private final boolean isPacked;
    private final DataType type;

    /** Token ids // [B, T]. */
    private final SDVariable ids;

    private final SDVariable batch; // [1]
    private final SDVariable length; // [1]

    /**
     * Adds placeholders and constants to a graph.
     *
     * @param isPacked whether positions and segments are given, see {@link PackedDecoder}
     */
    DecoderInputs(SameDiff graph, DecoderConfig config, boolean isPacked) {
        this.graph = graph;
        this.config = config;
        this.isPacked = isPacked;
        type = config.dataType();
        ids = graph.placeHolder(DecoderModel.INPUT_IDS, DataType.INT32, -1, -1);
        SDVariable shape = graph.shape(ids);
        batch = graph.stridedSlice(shape, new long[] {0}, new long[] {1}, 1);
        length = graph.stridedSlice(shape, new long[] {1}, new long[] {2}, 1);
        if (isPacked) {
            graph.placeHolder(POSITIONS, DataType.INT32, -1, -1);
            graph.placeHolder(SEGMENTS, DataType.INT32, -1, -1);
        }
    }

    SDVariable batch() {
        return batch;
    }

    SDVariable length() {
        return length;
    }

    /** Token ids // [B·T]. */
    SDVariable tokens() {
        return ids.reshape(-1);
    }

    /** Positions // [B·T]. */
    SDVariable positions() {
        if (isPacked) {
            return graph.getVariable(POSITIONS).reshape(-1);
        }
        SDVariable own = graph.slice(places(), size(0), length); // fails if it is too long
        SDVariable ones = graph.fill(graph.concat(0, batch, size(1)), DataType.INT32, 1);
        return ones.mul(own.reshape(1, -1)).reshape(-1);
    }

    /** 0, 1, 2, … up to the last position there is, which is that of padding behind it too. */
    private SDVariable places() {
        int[] places = new int[TokenRows.rounded(config.maxLength())];
        Arrays.setAll(places, t -> Math.min(t, config.maxLength() - 1));
        return graph.constant("places", Nd4j.createFromArray(places));
    }

    /** A table's row for each position, for each head // [B · heads · T, headWidth]. */
    SDVariable rows(SDVariable table, int heads) {
        int width = config.headWidth();
        SDVariable picked =
                isPacked
                        ? graph.reshape(
                                graph.gather(table, positions(), 0),
                                graph.concat(0, batch, size(1), length, size(width)))
                        : graph.slice(table, size(0, 0), graph.concat(0, length, size(width)));
        SDVariable ones = graph.fill(graph.concat(0, batch, size(heads, 1, 1)), type, 1);
        return ones.mul(picked).reshape(-1, width);
    }

    /** 0 where a position is seen, a large negative number elsewhere // [B, heads, T, T]. */
    SDVariable mask() {
        SDVariable positions = range();
        SDVariable hidden =
                graph.lt(positions.reshape(-1, 1), positions.reshape(1, -1)).castTo(type);
        SDVariable shape = graph.concat(0, batch, size(config.heads(), 1, 1));
        return graph.fill(shape, type, MASKED)
                .mul(isPacked ? graph.max(hidden, strangers()) : hidden);
    }

    /** 1 where the key belongs to another response than the query // [B, 1, T, T]. */
    private SDVariable strangers() {
        SDVariable segments = graph.getVariable(SEGMENTS);
        SDVariable keys = graph.reshape(segments, graph.concat(0, batch, size(1, 1), length));
        SDVariable queries =
                graph.reshape(segments, graph.concat(0, batch, size(1), length, size(1)));
        SDVariable other = graph.neq(queries, keys).castTo(type);
        return other.mul(graph.neq(keys, PROMPT).castTo(type));
    }

    private SDVariable range() {
        SDVariable end = graph.reshape(length, new long[0]);
        return graph.range(graph.constant(0L), end, graph.constant(1L), DataType.INT64);
    }

    SDVariable size(long... values) {
        return graph.constant(Nd4j.createFromArray(values));
    }
}
