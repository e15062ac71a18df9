package org.learningdynamics.lm;

import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Builds the forward pass. Activations are rank 2, {@code [batch · length, width]}, wherever they
 * can be: SameDiff's gradients of rank-2 and of batched rank-4 products are exact, those of mixed
 * ranks fail, and the backward pass of a broadcast product costs more than a whole layer. Hence
 * tables and mask are repeated to full size once for all blocks, and a gain enters its norm through
 * a matrix product.
 */
final class DecoderGraph {
    private static final double NORM_EPSILON = 1e-5;
    private static final double MASKED = -1e9;

    private final DecoderConfig config;
    private final SameDiff graph = SameDiff.create();
    private final Map<String, INDArray> parameters;
    private final DataType type;

    private final SDVariable ids; // [B, T]
    private final SDVariable batch; // [1]
    private final SDVariable length; // [1]
    private final SDVariable cos; // [B · T · 3 · heads, headWidth]
    private final SDVariable sin; // [B · T · 3 · heads, headWidth]
    private final SDVariable rotation; // [headWidth, headWidth]
    private final SDVariable mask; // [B, heads, T, T]
    private final SDVariable averaging; // [width, 1]

    private DecoderGraph(DecoderConfig config, Map<String, INDArray> parameters) {
        this.config = config;
        this.parameters = parameters;
        type = config.dataType();
        ids = graph.placeHolder(DecoderModel.INPUT_IDS, DataType.INT32, -1, -1);
        SDVariable shape = graph.shape(ids);
        batch = graph.stridedSlice(shape, new long[] {0}, new long[] {1}, 1);
        length = graph.stridedSlice(shape, new long[] {1}, new long[] {2}, 1);
        RotaryTables tables = RotaryTables.of(config);
        cos = everyRow(graph.constant("rotary/cos", tables.cos()));
        sin = everyRow(graph.constant("rotary/sin", tables.sin()));
        rotation = graph.constant("rotary/rotation", tables.rotation());
        mask = causalMask();
        averaging = graph.constant("norm/averaging", averagingColumn());
    }

    /** The graph over the given arrays, which are used themselves, not copied. */
    static SameDiff build(DecoderConfig config, Map<String, INDArray> parameters) {
        DecoderGraph builder = new DecoderGraph(config, parameters);
        builder.forward();
        return builder.graph;
    }

    private void forward() {
        SDVariable embedding = parameter(DecoderParameters.TOKEN_EMBEDDING);
        SDVariable oneHot =
                graph.oneHot(ids.reshape(-1), config.vocabularySize(), -1, 1.0, 0.0, type);
        SDVariable x = graph.mmul(oneHot, embedding); // [B·T, d]
        for (int i = 0; i < config.layers(); i++) {
            x = x.add(attention(i, norm(x, DecoderParameters.attentionNorm(i))));
            x = x.add(feedForward(i, norm(x, DecoderParameters.feedForwardNorm(i))));
        }
        SDVariable hidden = norm(x, DecoderParameters.FINAL_NORM).rename(DecoderModel.HIDDEN_2D);
        SDVariable flat = logits(hidden, embedding).rename(DecoderModel.LOGITS_2D);
        SDVariable full = graph.concat(0, batch, length, size(config.vocabularySize()));
        graph.reshape(DecoderModel.LOGITS, flat, full);
    }

    private SDVariable logits(SDVariable hidden, SDVariable embedding) {
        return switch (config.head()) {
            case TIED -> graph.mmul(hidden, embedding, false, true, false);
            case UNTIED -> graph.mmul(hidden, parameter(DecoderParameters.HEAD));
        };
    }

    /** Root-mean-square norm with gain: {@code x · (rsqrt(mean(x²) + ε) ⊗ gain)}. */
    private SDVariable norm(SDVariable x, String gain) {
        SDVariable meanSquare = graph.mmul(x.mul(x), averaging); // [B·T, 1]
        SDVariable inverse = graph.math().rsqrt(meanSquare.add(NORM_EPSILON));
        return x.mul(graph.mmul(inverse, parameter(gain)));
    }

    private SDVariable attention(int block, SDVariable x) {
        SDVariable qkv = graph.mmul(x, parameter(DecoderParameters.attentionInput(block)));
        SDVariable[] parts = graph.unstack(perHead(rotate(qkv)), 0, 3); // each [B, heads, T, h]
        SDVariable scores = graph.mmul(parts[0], parts[1], false, true, false).add(mask);
        SDVariable mixed = graph.mmul(graph.nn().softmax(scores, -1), parts[2]);
        SDVariable joined = mixed.permute(0, 2, 1, 3).reshape(-1, config.width());
        return graph.mmul(joined, parameter(DecoderParameters.attentionOutput(block)));
    }

    /** Rotates q and k by position, scales q, leaves v; see {@link RotaryTables}. */
    private SDVariable rotate(SDVariable qkv) {
        SDVariable x = qkv.reshape(-1, config.headWidth());
        return x.mul(cos).add(graph.mmul(x, rotation).mul(sin));
    }

    private SDVariable perHead(SDVariable x) {
        SDVariable shape =
                graph.concat(0, batch, length, size(3, config.heads(), config.headWidth()));
        return graph.reshape(x, shape).permute(2, 0, 3, 1, 4); // [3, B, heads, T, h]
    }

    private SDVariable feedForward(int block, SDVariable x) {
        SDVariable wide = graph.mmul(x, parameter(DecoderParameters.feedForwardInput(block)));
        SDVariable active = config.activation().apply(graph, wide);
        return graph.mmul(active, parameter(DecoderParameters.feedForwardOutput(block)));
    }

    /** The first T rows of a table, repeated for every row of the batch. */
    private SDVariable everyRow(SDVariable table) {
        SDVariable extent = graph.concat(0, length, size(table.getShape()[1]));
        SDVariable rows = graph.slice(table, size(0, 0), extent); // [T, 3 · width]
        SDVariable ones = graph.fill(graph.concat(0, batch, size(1, 1)), type, 1); // [B, 1, 1]
        return ones.mul(rows).reshape(-1, config.headWidth());
    }

    private SDVariable causalMask() {
        SDVariable scalar = graph.reshape(length, new long[0]);
        SDVariable positions =
                graph.range(graph.constant(0L), scalar, graph.constant(1L), DataType.INT64);
        SDVariable future = graph.lt(positions.reshape(-1, 1), positions.reshape(1, -1));
        SDVariable shape = graph.concat(0, batch, size(config.heads(), 1, 1));
        return graph.fill(shape, type, MASKED).mul(future.castTo(type));
    }

    private INDArray averagingColumn() {
        return Nd4j.valueArrayOf(new long[] {config.width(), 1}, 1.0 / config.width(), type);
    }

    private SDVariable parameter(String name) {
        INDArray array = DecoderParameters.get(parameters, name);
        return graph.hasVariable(name) ? graph.getVariable(name) : graph.var(name, array);
    }

    private SDVariable size(long... values) {
        return graph.constant(Nd4j.createFromArray(values));
    }
}
