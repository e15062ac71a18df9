package org.learningdynamics.lm;

import java.util.Optional;
import org.learningdynamics.lm.CachedDecoder.Positions;
import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.api.ops.impl.transforms.custom.SoftMax;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The forward pass of {@link DecoderGraph} in plain array operations, for tokens that stand behind
 * those in a cache. A graph would cost more in going from operation to operation than one token
 * costs in computing. The caller holds the workspace in which arrays are made.
 */
final class DecoderBlocks {
    private static final MMulTranspose PLAIN = MMulTranspose.builder().build();
    private static final MMulTranspose SECOND = MMulTranspose.builder().transposeB(true).build();

    private final DecoderConfig config;
    private final DecoderArchitecture family;
    private final DecoderWeights weights;
    private final KeyValueCache cache;
    private final Optional<RotaryTables> rotary;

    DecoderBlocks(
            DecoderConfig config,
            DecoderWeights weights,
            KeyValueCache cache,
            Optional<RotaryTables> rotary) {
        this.config = config;
        this.weights = weights;
        this.cache = cache;
        this.rotary = rotary;
        family = config.architecture();
    }

    /** Last hidden states of new tokens // [rows · count] to [rows · count, width]. */
    INDArray hidden(int[] tokens, Positions positions) {
        int[] places = positions.places();
        INDArray x = rows(weights.get(DecoderParameters.TOKEN_EMBEDDING), tokens);
        if (family.positions() == PositionKind.LEARNED) {
            x.addi(rows(weights.get(DecoderParameters.POSITION_EMBEDDING), places));
        }
        Turning turning = new Turning(places, positions);
        for (int i = 0; i < config.layers(); i++) {
            x = block(i, x, turning);
        }
        return norm(x, DecoderParameters.FINAL_NORM);
    }

    private static INDArray rows(INDArray table, int[] indices) {
        return Nd4j.pullRows(table, 1, indices);
    }

    private INDArray block(int i, INDArray x, Turning turning) {
        INDArray first = norm(x, DecoderParameters.attention(i, DecoderParameters.NORM));
        INDArray mixed = attention(i, first, turning);
        String second = DecoderParameters.feedForward(i, DecoderParameters.NORM);
        if (family.parallelResidual()) {
            return mixed.addi(x).addi(feedForward(i, norm(x, second)));
        }
        INDArray between = mixed.addi(x);
        return feedForward(i, norm(between, second)).addi(between);
    }

    private INDArray norm(INDArray x, String gain) {
        boolean isLayer = family.norm() == NormKind.LAYER;
        INDArray centred = isLayer ? x.subColumnVector(x.mean(true, 1)) : x;
        INDArray root = centred.mul(centred).mean(true, 1).addi(family.normEpsilon());
        Transforms.sqrt(root, false);
        INDArray scaled = centred.divColumnVector(root).muliRowVector(weights.get(gain));
        return isLayer
                ? scaled.addiRowVector(weights.get(DecoderParameters.biasOfNorm(gain)))
                : scaled;
    }

    private INDArray attention(int block, INDArray x, Turning turning) {
        INDArray[] parts = queriesKeysValues(block, x);
        Positions at = turning.positions;
        INDArray keys = byHead(turning.turned(parts[1], false), at, config.keyValueHeads());
        INDArray values = byHead(parts[2], at, config.keyValueHeads());
        cache.write(block, at.slot(), keys, values);
        int group = config.heads() / config.keyValueHeads();
        long below = (long) group * at.count();
        INDArray queries =
                byHead(turning.turned(parts[0], true), at, config.heads())
                        .reshape(at.rows(), config.keyValueHeads(), below, config.headWidth());
        INDArray scores = scores(queries, cache.keys(block, at.end()), turning);
        INDArray mixed = product(scores, cache.values(block, at.end()), PLAIN, config.headWidth());
        INDArray joined =
                mixed.reshape(at.rows(), config.heads(), at.count(), config.headWidth())
                        .permute(0, 2, 1, 3)
                        .reshape((long) at.rows() * at.count(), config.queryColumns());
        String output = DecoderParameters.attention(block, DecoderParameters.OUTPUT);
        return linear(joined, output, family.attentionOutputBias());
    }

    /** Shares of attention // [rows, keyValueHeads, group · count, slots]. */
    private INDArray scores(INDArray queries, INDArray keys, Turning turning) {
        INDArray scores = product(queries, keys, SECOND, keys.size(2));
        if (turning.positions.isMasked()) {
            scores.addi(turning.mask);
        }
        Nd4j.exec(new SoftMax(scores, scores, -1));
        return scores;
    }

    private INDArray product(INDArray a, INDArray b, MMulTranspose transpose, long columns) {
        INDArray result =
                Nd4j.createUninitialized(
                        config.dataType(), a.size(0), a.size(1), a.size(2), columns);
        Nd4j.exec(new Mmul(a, b, result, transpose));
        return result;
    }

    /** // [rows · count, heads · headWidth] to [rows, heads, count, headWidth]. */
    private INDArray byHead(INDArray flat, Positions at, int heads) {
        INDArray apart = flat.reshape(at.rows(), at.count(), heads, config.headWidth());
        return at.count() == 1
                ? apart.reshape(at.rows(), heads, 1, config.headWidth())
                : apart.permute(0, 2, 1, 3).dup('c');
    }

    /** // [rows · count, heads · headWidth] each. */
    private INDArray[] queriesKeysValues(int block, INDArray x) {
        boolean biased = family.queryKeyValueBias();
        if (family.separateProjections()) {
            return new INDArray[] {
                linear(x, DecoderParameters.attention(block, DecoderParameters.QUERY), biased),
                linear(x, DecoderParameters.attention(block, DecoderParameters.KEY), biased),
                linear(x, DecoderParameters.attention(block, DecoderParameters.VALUE), biased)
            };
        }
        String all = DecoderParameters.attention(block, DecoderParameters.QUERY_KEY_VALUE);
        INDArray together = linear(x, all, biased);
        INDArray[] parts = new INDArray[3];
        int columns = config.queryColumns();
        for (int i = 0; i < parts.length; i++) {
            parts[i] =
                    together.get(
                                    NDArrayIndex.all(),
                                    NDArrayIndex.interval(i * columns, (i + 1) * columns))
                            .dup('c');
        }
        return parts;
    }

    private INDArray feedForward(int block, INDArray x) {
        boolean biased = family.feedForwardBias();
        String wide = DecoderParameters.feedForward(block, DecoderParameters.WIDEN);
        INDArray widened = linear(x, wide, biased);
        INDArray active =
                switch (family.feedForward()) {
                    case PLAIN -> config.activation().apply(widened);
                    case GATED -> {
                        String gate = DecoderParameters.feedForward(block, DecoderParameters.GATE);
                        yield config.activation().apply(linear(x, gate, biased)).muli(widened);
                    }
                };
        return linear(
                active, DecoderParameters.feedForward(block, DecoderParameters.NARROW), biased);
    }

    /** {@code x·W (+ (α/r) x·A·B) (+ b)}. */
    private INDArray linear(INDArray x, String matrix, boolean biased) {
        INDArray y = times(x, weights.get(matrix));
        String down = matrix + DecoderWeights.LORA_A;
        if (weights.lora().isPresent() && weights.isTrained(down)) {
            INDArray low = times(x, weights.get(down)).muli(weights.lora().get().scale());
            y.addi(times(low, weights.get(matrix + DecoderWeights.LORA_B)));
        }
        return biased ? y.addiRowVector(weights.get(DecoderParameters.biasOf(matrix))) : y;
    }

    private INDArray times(INDArray x, INDArray matrix) {
        INDArray y = Nd4j.createUninitialized(config.dataType(), x.size(0), matrix.size(1));
        Nd4j.exec(new Mmul(x, matrix, y, PLAIN));
        return y;
    }

    /** Angles and mask of one pass, made once for all blocks. */
    private final class Turning {
        private final Positions positions;
        private final INDArray mask;
        private final Optional<RotaryTables> tables;

        Turning(int[] places, Positions positions) {
            this.positions = positions;
            DataType type = config.dataType();
            mask =
                    positions.isMasked()
                            ? positions.mask(config.heads() / config.keyValueHeads(), type)
                            : Nd4j.empty(type);
            tables = rotary.map(all -> byToken(all, places));
        }

        private RotaryTables byToken(RotaryTables all, int[] places) {
            return new RotaryTables(
                    byToken(all.queryCos(), places),
                    byToken(all.querySin(), places),
                    byToken(all.keyCos(), places),
                    byToken(all.keySin(), places),
                    all.rotation());
        }

        private INDArray byToken(INDArray table, int[] places) {
            return rows(table, places).reshape(places.length, 1, config.headWidth());
        }

        /** By position, queries scaled too // [rows · count, heads · headWidth]. */
        INDArray turned(INDArray x, boolean isQuery) {
            if (tables.isEmpty()) {
                return isQuery ? x.muli(1 / Math.sqrt(config.headWidth())) : x;
            }
            INDArray cos = isQuery ? tables.get().queryCos() : tables.get().keyCos();
            INDArray sin = isQuery ? tables.get().querySin() : tables.get().keySin();
            long rows = x.size(0);
            long heads = x.size(1) / config.headWidth();
            INDArray flat = x.reshape(rows * heads, config.headWidth());
            INDArray across = times(flat, tables.get().rotation());
            INDArray apart = flat.reshape(rows, heads, config.headWidth());
            INDArray turned = apart.mul(cos);
            turned.addi(across.reshape(rows, heads, config.headWidth()).mul(sin));
            return turned.reshape(rows, heads * config.headWidth());
        }
    }
}
