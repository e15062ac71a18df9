package org.learningdynamics.lm;

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
     * @param isPacked whether positions and segments are given, see {@link PackedRows}
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
            graph.placeHolder(PackedRows.POSITIONS, DataType.INT32, -1, -1);
            graph.placeHolder(PackedRows.SEGMENTS, DataType.INT32, -1, -1);
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
            return graph.getVariable(PackedRows.POSITIONS).reshape(-1);
        }
        SDVariable ones = graph.fill(graph.concat(0, batch, size(1)), DataType.INT32, 1);
        return ones.mul(range(DataType.INT32).reshape(1, -1)).reshape(-1);
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
        SDVariable positions = range(DataType.INT64);
        SDVariable hidden =
                graph.lt(positions.reshape(-1, 1), positions.reshape(1, -1)).castTo(type);
        SDVariable shape = graph.concat(0, batch, size(config.heads(), 1, 1));
        return graph.fill(shape, type, MASKED)
                .mul(isPacked ? graph.max(hidden, strangers()) : hidden);
    }

    /** 1 where the key belongs to another response than the query // [B, 1, T, T]. */
    private SDVariable strangers() {
        SDVariable segments = graph.getVariable(PackedRows.SEGMENTS);
        SDVariable keys = graph.reshape(segments, graph.concat(0, batch, size(1, 1), length));
        SDVariable queries =
                graph.reshape(segments, graph.concat(0, batch, size(1), length, size(1)));
        SDVariable other = graph.neq(queries, keys).castTo(type);
        return other.mul(graph.neq(keys, PackedRows.PROMPT).castTo(type));
    }

    private SDVariable range(DataType integers) {
        SDVariable end = graph.reshape(length, new long[0]);
        SDVariable start = graph.constant(Nd4j.scalar(integers, 0));
        SDVariable step = graph.constant(Nd4j.scalar(integers, 1));
        return graph.range(start, end.castTo(integers), step, integers);
    }

    SDVariable size(long... values) {
        return graph.constant(Nd4j.createFromArray(values));
    }
}
