package org.learningdynamics.lm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.learningdynamics.model.GradientRepairs;
import org.learningdynamics.model.HeadPlaces;
import org.learningdynamics.model.PackedAttention;
import org.learningdynamics.model.SharedArrays;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Builds the forward pass. Activations are rank 2, {@code [batch · length, width]}, wherever they
 * can be: SameDiff's gradients of rank-2 and of batched rank-4 products are exact, those of mixed
 * ranks fail, and the backward pass of a broadcast product costs more than a whole layer. Hence
 * tables and mask are repeated to full size once for all blocks, and means and gains enter a norm
 * through matrix products.
 */
final class DecoderGraph {
    /**
     * Tables of up to so many rows are read by a product with a one-hot matrix, which needs nothing
     * but SameDiff's own gradients; larger ones by the repaired gather, and those of packed graphs,
     * which only run forward, by SameDiff's own.
     */
    static final int ONE_HOT_ROWS = 4096;

    /** Placeholder of packed rows: the states whose logits are wanted // [wanted]. */
    static final String HEAD_ROWS = "head_rows";

    private final DecoderConfig config;
    private final DecoderArchitecture family;
    private final DecoderWeights weights;
    private final SameDiff graph = SharedArrays.newGraph();
    private final DataType type;
    private final DecoderInputs inputs;
    private final SDVariable mask; // [B, keyValueHeads, group · T, T]
    private final SDVariable averaging; // [width, 1]
    private final Optional<SDVariable> wanted; // states whose logits are // [wanted]
    private final List<SDVariable> tables = new ArrayList<>(); // rotary
    private final PackedOps packed = new PackedOps();

    /** Queries, keys or values // [B, heads, T, h], and where they stand before they are. */
    private record Heads(SDVariable array, HeadPlaces places) {}

    private DecoderGraph(DecoderConfig config, DecoderWeights weights, boolean isPacked) {
        this.config = config;
        this.weights = weights;
        family = config.architecture();
        type = config.dataType();
        inputs = new DecoderInputs(graph, config, isPacked);
        wanted =
                isPacked
                        ? Optional.of(graph.placeHolder(HEAD_ROWS, DataType.INT32, -1))
                        : Optional.empty();
        if (isRotary()) {
            addRotaryTables();
        }
        mask = grouped(inputs.mask(), -1);
        averaging =
                graph.constant(
                        "norm/averaging",
                        Nd4j.valueArrayOf(
                                new long[] {config.width(), 1}, 1.0 / config.width(), type));
    }

    private void addRotaryTables() {
        RotaryTables rotary = RotaryTables.of(config);
        SDVariable queryCos = graph.constant("rotary/query_cos", rotary.queryCos());
        SDVariable querySin = graph.constant("rotary/query_sin", rotary.querySin());
        SDVariable keyCos = graph.constant("rotary/key_cos", rotary.keyCos());
        SDVariable keySin = graph.constant("rotary/key_sin", rotary.keySin());
        tables.add(inputs.rows(queryCos, config.heads()));
        tables.add(inputs.rows(querySin, config.heads()));
        tables.add(inputs.rows(keyCos, config.keyValueHeads()));
        tables.add(inputs.rows(keySin, config.keyValueHeads()));
        tables.add(graph.constant("rotary/rotation", rotary.rotation()));
    }

    /** The graph over the given arrays, which are used themselves, not copied. */
    static SameDiff build(DecoderConfig config, DecoderWeights weights) {
        DecoderGraph builder = new DecoderGraph(config, weights, false);
        SDVariable hidden = builder.hidden().rename(DecoderModel.HIDDEN_2D);
        SDVariable flat = builder.logits(hidden).rename(DecoderModel.LOGITS_2D);
        SDVariable shape =
                builder.graph.concat(
                        0,
                        builder.inputs.batch(),
                        builder.inputs.length(),
                        builder.inputs.size(config.vocabularySize()));
        builder.graph.reshape(DecoderModel.LOGITS, flat, shape);
        return builder.graph;
    }

    /**
     * The same over packed rows up to the states that the head multiplies, where logits are wanted;
     * for forward passes of a {@link org.learningdynamics.model.GraphSession} only.
     */
    static SameDiff buildPacked(DecoderConfig config, DecoderWeights weights) {
        DecoderGraph builder = new DecoderGraph(config, weights, true);
        builder.hidden().rename(DecoderModel.HIDDEN_2D);
        builder.packed.put(builder.graph);
        return builder.graph;
    }

    private SDVariable hidden() {
        SDVariable x = lookup(DecoderParameters.TOKEN_EMBEDDING, inputs.tokens());
        if (family.positions() == PositionKind.LEARNED) {
            x = x.add(lookup(DecoderParameters.POSITION_EMBEDDING, inputs.positions()));
        }
        for (int i = 0; i < config.layers(); i++) {
            x = block(i, x);
        }
        return norm(x, DecoderParameters.FINAL_NORM);
    }

    private SDVariable block(int i, SDVariable x) {
        SDVariable mixed = attention(i, norm(x, attentionName(i, DecoderParameters.NORM)));
        String secondNorm = feedForwardName(i, DecoderParameters.NORM);
        SDVariable own = needed(i, x);
        if (family.parallelResidual()) {
            return own.add(mixed).add(feedForward(i, norm(own, secondNorm)));
        }
        SDVariable between = own.add(mixed);
        return between.add(feedForward(i, norm(between, secondNorm)));
    }

    /** Behind the last block's attention nobody reads other states than those wanted. */
    private SDVariable needed(int block, SDVariable states) {
        return wanted.isPresent() && block == config.layers() - 1
                ? graph.gather(states, wanted.get(), 0)
                : states;
    }

    /** Rows of a table // [B·T, width]. */
    private SDVariable lookup(String table, SDVariable indices) {
        SDVariable rows = parameter(table);
        long count = weights.get(table).size(0);
        if (wanted.isEmpty() && count <= ONE_HOT_ROWS) {
            SDVariable oneHot = graph.oneHot(indices, (int) count, -1, 1.0, 0.0, type);
            return graph.mmul(oneHot, rows);
        }
        if (wanted.isEmpty()) { // nobody differentiates a packed graph
            GradientRepairs.installGather();
        }
        return graph.gather(rows, indices, 0);
    }

    private SDVariable logits(SDVariable hidden) {
        return switch (config.head()) {
            case TIED ->
                    graph.mmul(
                            hidden,
                            parameter(DecoderParameters.TOKEN_EMBEDDING),
                            false,
                            true,
                            false);
            case UNTIED -> graph.mmul(hidden, parameter(DecoderParameters.HEAD));
        };
    }

    /** {@code c · (rsqrt(mean(c²) + ε) ⊗ gain) (+ bias)}, with c = x or c = x − mean(x). */
    private SDVariable norm(SDVariable x, String gain) {
        boolean isLayer = family.norm() == NormKind.LAYER;
        SDVariable centred = isLayer ? x.sub(graph.mmul(graph.mmul(x, averaging), ones())) : x;
        SDVariable meanSquare = graph.mmul(centred.mul(centred), averaging); // [B·T, 1]
        SDVariable inverse = graph.math().rsqrt(meanSquare.add(family.normEpsilon()));
        SDVariable scaled = centred.mul(graph.mmul(inverse, parameter(gain)));
        return isLayer ? plus(scaled, DecoderParameters.biasOfNorm(gain)) : scaled;
    }

    private SDVariable ones() {
        String name = "norm/ones";
        return graph.hasVariable(name)
                ? graph.getVariable(name)
                : graph.constant(name, Nd4j.ones(type, 1, config.width()));
    }

    private SDVariable attention(int block, SDVariable x) {
        Heads[] parts = queriesKeysValues(block, x);
        Heads queries = turned(parts[0], true);
        Heads keys = turned(parts[1], false);
        SDVariable mixed = mixed(queries.array(), keys.array(), parts[2].array());
        SDVariable joined =
                perHead(mixed, config.heads())
                        .permute(0, 2, 1, 3)
                        .reshape(-1, config.queryColumns());
        PackedAttention.Parts places =
                new PackedAttention.Parts(
                        queries.places(),
                        keys.places(),
                        parts[2].places(),
                        isRotary() ? 1 : (float) scale());
        packed.noteAttention(places, joined);
        String output = attentionName(block, DecoderParameters.OUTPUT);
        return linear(needed(block, joined), output, family.attentionOutputBias());
    }

    private SDVariable mixed(SDVariable queries, SDVariable keys, SDVariable values) {
        SDVariable scaled = isRotary() ? queries : queries.mul(scale()); // tables hold the scale
        SDVariable groups = grouped(scaled, config.headWidth());
        SDVariable scores = graph.mmul(groups, keys, false, true, false).add(mask);
        return graph.mmul(graph.nn().softmax(scores, -1), values);
    }

    private boolean isRotary() {
        return family.positions() == PositionKind.ROTARY;
    }

    private double scale() {
        return 1 / Math.sqrt(config.headWidth());
    }

    /** Queries // [B, heads, T, h], keys and values // [B, keyValueHeads, T, h]. */
    private Heads[] queriesKeysValues(int block, SDVariable x) {
        return family.separateProjections()
                ? new Heads[] {
                    projected(x, attentionName(block, DecoderParameters.QUERY), config.heads()),
                    projected(
                            x, attentionName(block, DecoderParameters.KEY), config.keyValueHeads()),
                    projected(
                            x,
                            attentionName(block, DecoderParameters.VALUE),
                            config.keyValueHeads())
                }
                : jointly(block, x);
    }

    private Heads[] jointly(int block, SDVariable x) {
        String all = attentionName(block, DecoderParameters.QUERY_KEY_VALUE);
        SDVariable shape =
                graph.concat(
                        0,
                        inputs.batch(),
                        inputs.length(),
                        inputs.size(3, config.heads(), config.headWidth()));
        SDVariable product = product(x, all);
        SDVariable split = graph.reshape(biased(product, all, family.queryKeyValueBias()), shape);
        SDVariable[] arrays = graph.unstack(split.permute(2, 0, 3, 1, 4), 0, 3);
        Heads[] heads = new Heads[3];
        Arrays.setAll(heads, i -> new Heads(arrays[i], places(product, all, config.heads(), 3, i)));
        return heads;
    }

    private Heads projected(SDVariable x, String matrix, int heads) {
        SDVariable shape =
                graph.concat(
                        0, inputs.batch(), inputs.length(), inputs.size(heads, config.headWidth()));
        SDVariable product = product(x, matrix);
        SDVariable flat = biased(product, matrix, family.queryKeyValueBias());
        SDVariable array = graph.reshape(flat, shape).permute(0, 2, 1, 3);
        return new Heads(array, places(product, matrix, heads, 1, 0));
    }

    /** One of some parts of equal size // [B·T, parts · heads · h]. */
    private HeadPlaces places(SDVariable product, String matrix, int heads, int parts, int part) {
        int size = heads * config.headWidth();
        HeadPlaces places =
                HeadPlaces.inColumns(
                        product.name(), heads, config.headWidth(), parts * size, part * size);
        return family.queryKeyValueBias() ? places.plus(DecoderParameters.biasOf(matrix)) : places;
    }

    /** By position, queries scaled too; see {@link RotaryTables}. */
    private Heads turned(Heads x, boolean isQuery) {
        if (!isRotary()) {
            return x;
        }
        int first = isQuery ? 0 : 2;
        int heads = isQuery ? config.heads() : config.keyValueHeads();
        SDVariable flat = x.array().reshape(-1, config.headWidth());
        SDVariable turned =
                flat.mul(tables.get(first))
                        .add(graph.mmul(flat, tables.get(4)).mul(tables.get(first + 1)));
        SDVariable array = perHead(turned, heads);
        return new Heads(array, HeadPlaces.byHead(array.name(), heads, config.headWidth()));
    }

    private SDVariable perHead(SDVariable x, int heads) {
        SDVariable shape =
                graph.concat(0, inputs.batch(), inputs.size(heads, -1, config.headWidth()));
        return graph.reshape(x, shape);
    }

    /**
     * Query heads that share a key head below each other // [B, keyValueHeads, group · T, last].
     */
    private SDVariable grouped(SDVariable x, long last) {
        if (config.keyValueHeads() == config.heads()) {
            return x;
        }
        SDVariable end = last < 0 ? inputs.length() : inputs.size(last);
        SDVariable shape =
                graph.concat(0, inputs.batch(), inputs.size(config.keyValueHeads(), -1), end);
        return graph.reshape(x, shape);
    }

    private SDVariable feedForward(int block, SDVariable x) {
        boolean biased = family.feedForwardBias();
        SDVariable wide = linear(x, feedForwardName(block, DecoderParameters.WIDEN), biased);
        SDVariable active =
                switch (family.feedForward()) {
                    case PLAIN -> config.activation().apply(graph, wide);
                    case GATED -> {
                        String gate = feedForwardName(block, DecoderParameters.GATE);
                        yield config.activation().apply(graph, linear(x, gate, biased)).mul(wide);
                    }
                };
        return linear(active, feedForwardName(block, DecoderParameters.NARROW), biased);
    }

    /** {@code x·W (+ (α/r) x·A·B) (+ b)}. */
    private SDVariable linear(SDVariable x, String matrix, boolean isBiased) {
        return biased(product(x, matrix), matrix, isBiased);
    }

    private SDVariable biased(SDVariable product, String matrix, boolean isBiased) {
        return isBiased ? plus(product, DecoderParameters.biasOf(matrix)) : product;
    }

    private SDVariable plus(SDVariable rows, String bias) {
        SDVariable sum = rows.add(parameter(bias));
        packed.noteBiased(sum);
        return sum;
    }

    private SDVariable product(SDVariable x, String matrix) {
        SDVariable y = graph.mmul(x, parameter(matrix));
        if (weights.lora().isPresent() && weights.isTrained(matrix + DecoderWeights.LORA_A)) {
            SDVariable low = graph.mmul(x, parameter(matrix + DecoderWeights.LORA_A));
            SDVariable scaled = low.mul(weights.lora().get().scale());
            y = y.add(graph.mmul(scaled, parameter(matrix + DecoderWeights.LORA_B)));
        }
        return y;
    }

    private static String attentionName(int block, String what) {
        return DecoderParameters.attention(block, what);
    }

    private static String feedForwardName(int block, String what) {
        return DecoderParameters.feedForward(block, what);
    }

    /** A variable if it is trained, or else a constant. */
    private SDVariable parameter(String name) {
        if (graph.hasVariable(name)) {
            return graph.getVariable(name);
        }
        INDArray array = weights.get(name);
        return weights.isTrained(name) ? graph.var(name, array) : graph.constant(name, array);
    }
}
