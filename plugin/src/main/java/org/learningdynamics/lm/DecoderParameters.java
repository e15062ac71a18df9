package org.learningdynamics.lm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Names, shapes and initial values of a decoder's parameters. */
final class DecoderParameters {
    static final String TOKEN_EMBEDDING = "tok_embedding";
    static final String FINAL_NORM = "final_norm";
    static final String HEAD = "head";
    static final String POSITION_EMBEDDING = "pos_embedding";
    static final String NORM = "norm";
    static final String QUERY_KEY_VALUE = "wqkv";
    static final String QUERY = "wq";
    static final String KEY = "wk";
    static final String VALUE = "wv";
    static final String OUTPUT = "wo";
    static final String GATE = "w_gate";
    static final String WIDEN = "w1";
    static final String NARROW = "w2";

    private static final double EMBEDDING_DEVIATION = 0.02;

    private DecoderParameters() {}

    static String attention(int block, String what) {
        return "block" + block + "/attention/" + what;
    }

    static String feedForward(int block, String what) {
        return "block" + block + "/feed_forward/" + what;
    }

    /** A norm's shift beside its gain. */
    static String biasOfNorm(String gain) {
        return gain + "_bias";
    }

    /** A matrix' bias: {@code wo} has {@code bo}, {@code w1} has {@code b1}. */
    static String biasOf(String matrix) {
        int letter = matrix.lastIndexOf('/') + 1;
        return matrix.substring(0, letter) + "b" + matrix.substring(letter + 1);
    }

    /** The arrays in the order of the forward pass, if they are what the configuration says. */
    static Map<String, INDArray> checked(DecoderConfig config, Map<String, INDArray> arrays) {
        Map<String, INDArray> ordered = new LinkedHashMap<>();
        for (Specification specification : specifications(config)) {
            INDArray array = arrays.get(specification.name());
            if (array == null) {
                throw new IllegalArgumentException(
                        "tensor " + specification.name() + " is missing");
            }
            if (!Arrays.equals(array.shape(), specification.shape())
                    || array.dataType() != config.dataType()) {
                throw new IllegalArgumentException(
                        "tensor "
                                + specification.name()
                                + " must be "
                                + config.dataType()
                                + " "
                                + Arrays.toString(specification.shape())
                                + ", got "
                                + array.dataType()
                                + " "
                                + Arrays.toString(array.shape()));
            }
            ordered.put(specification.name(), array);
        }
        Set<String> surplus = new TreeSet<>(arrays.keySet());
        surplus.removeAll(ordered.keySet());
        if (!surplus.isEmpty()) {
            throw new IllegalArgumentException(
                    "tensors must be the configuration's, got " + surplus + " too");
        }
        return Collections.unmodifiableMap(ordered);
    }

    static Set<String> names(DecoderConfig config) {
        return specifications(config).stream()
                .map(Specification::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Every parameter in the order of the forward pass. */
    static List<Specification> specifications(DecoderConfig config) {
        int d = config.width();
        List<Specification> all = new ArrayList<>();
        all.add(matrix(TOKEN_EMBEDDING, config.vocabularySize(), d, EMBEDDING_DEVIATION));
        if (config.architecture().positions() == PositionKind.LEARNED) {
            all.add(matrix(POSITION_EMBEDDING, config.maxLength(), d, EMBEDDING_DEVIATION));
        }
        for (int i = 0; i < config.layers(); i++) {
            addAttention(all, config, i);
            addFeedForward(all, config, i);
        }
        addNorm(all, config, FINAL_NORM);
        if (config.head() == HeadKind.UNTIED) {
            all.add(matrix(HEAD, d, config.vocabularySize(), EMBEDDING_DEVIATION));
        }
        return all;
    }

    /**
     * Matrices that read the residual stream start with variance 2/(5d), those that write to it
     * with deviation 2/(layers · √d), so that depth does not change the size of the first logits.
     */
    private static void addAttention(List<Specification> all, DecoderConfig config, int i) {
        int d = config.width();
        int q = config.queryColumns();
        int kv = config.keyValueColumns();
        double read = Math.sqrt(2.0 / (5 * d));
        double write = 2.0 / (config.layers() * Math.sqrt(d));
        DecoderArchitecture family = config.architecture();
        boolean biased = family.queryKeyValueBias();
        addNorm(all, config, attention(i, NORM));
        if (family.separateProjections()) {
            addMatrix(all, matrix(attention(i, QUERY), d, q, read), biased);
            addMatrix(all, matrix(attention(i, KEY), d, kv, read), biased);
            addMatrix(all, matrix(attention(i, VALUE), d, kv, read), biased);
        } else {
            addMatrix(all, matrix(attention(i, QUERY_KEY_VALUE), d, q + 2 * kv, read), biased);
        }
        double scaled = write * Math.sqrt((double) d / q);
        Specification output = matrix(attention(i, OUTPUT), q, d, Math.min(scaled, read));
        addMatrix(all, output, family.attentionOutputBias());
    }

    private static void addFeedForward(List<Specification> all, DecoderConfig config, int i) {
        int d = config.width();
        int hidden = config.feedForwardWidth();
        double read = Math.sqrt(2.0 / (5 * d));
        double write = 2.0 / (config.layers() * Math.sqrt(d)) * Math.sqrt((double) d / hidden);
        boolean biased = config.architecture().feedForwardBias();
        addNorm(all, config, feedForward(i, NORM));
        if (config.architecture().feedForward() == FeedForwardKind.GATED) {
            addMatrix(all, matrix(feedForward(i, GATE), d, hidden, read), biased);
        }
        addMatrix(all, matrix(feedForward(i, WIDEN), d, hidden, read), biased);
        addMatrix(all, matrix(feedForward(i, NARROW), hidden, d, Math.min(write, read)), biased);
    }

    private static Specification matrix(String name, int rows, int columns, double deviation) {
        return new Specification(name, rows, columns, 0, deviation);
    }

    private static void addMatrix(List<Specification> all, Specification matrix, boolean biased) {
        all.add(matrix);
        if (biased) {
            all.add(Specification.constant(biasOf(matrix.name()), matrix.columns(), 0));
        }
    }

    private static void addNorm(List<Specification> all, DecoderConfig config, String gain) {
        all.add(Specification.constant(gain, config.width(), 1));
        if (config.architecture().norm() == NormKind.LAYER) {
            all.add(Specification.constant(biasOfNorm(gain), config.width(), 0));
        }
    }

    /** Initial values; the same configuration gives the same bits on every machine. */
    static Map<String, INDArray> initialise(DecoderConfig config) {
        Random random = new Random(config.seed());
        Map<String, INDArray> arrays = new LinkedHashMap<>();
        for (Specification specification : specifications(config)) {
            arrays.put(specification.name(), specification.draw(random, config.dataType()));
        }
        return Collections.unmodifiableMap(arrays);
    }

    /**
     * One parameter.
     *
     * @param name its name in the graph and in files
     * @param rows first dimension
     * @param columns second dimension
     * @param mean mean of the normal initial values
     * @param deviation their standard deviation; 0 makes all of them the mean
     */
    record Specification(String name, int rows, int columns, double mean, double deviation) {
        static Specification constant(String name, int width, double value) {
            return new Specification(name, 1, width, value, 0);
        }

        long size() {
            return (long) rows * columns;
        }

        long[] shape() {
            return new long[] {rows, columns};
        }

        private INDArray draw(Random random, DataType type) {
            if (deviation == 0) {
                return Nd4j.valueArrayOf(shape(), mean, type);
            }
            INDArray array = Nd4j.createUninitialized(type, rows, columns);
            for (int i = 0; i < rows; i++) {
                double[] row = new double[columns];
                for (int j = 0; j < columns; j++) {
                    row[j] = mean + deviation * random.nextGaussian();
                }
                try (INDArray values = Nd4j.createFromArray(row)) {
                    array.putRow(i, values);
                }
            }
            return array;
        }
    }
}
