package org.learningdynamics.lm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Names, shapes and initial values of a decoder's parameters. */
final class DecoderParameters {
    static final String TOKEN_EMBEDDING = "tok_embedding";
    static final String FINAL_NORM = "final_norm";
    static final String HEAD = "head";

    private static final double EMBEDDING_DEVIATION = 0.02;

    private DecoderParameters() {}

    static String attentionNorm(int block) {
        return "block" + block + "/attention/norm";
    }

    static String attentionInput(int block) {
        return "block" + block + "/attention/wqkv";
    }

    static String attentionOutput(int block) {
        return "block" + block + "/attention/wo";
    }

    static String feedForwardNorm(int block) {
        return "block" + block + "/feed_forward/norm";
    }

    static String feedForwardInput(int block) {
        return "block" + block + "/feed_forward/w1";
    }

    static String feedForwardOutput(int block) {
        return "block" + block + "/feed_forward/w2";
    }

    static INDArray get(Map<String, INDArray> parameters, String name) {
        INDArray array = parameters.get(name);
        if (array == null) {
            throw new IllegalStateException("parameter " + name + " is missing");
        }
        return array;
    }

    /** Every parameter in the order of the forward pass. */
    static List<Specification> specifications(DecoderConfig config) {
        int d = config.width();
        List<Specification> all = new ArrayList<>();
        all.add(
                new Specification(
                        TOKEN_EMBEDDING, config.vocabularySize(), d, EMBEDDING_DEVIATION));
        for (int i = 0; i < config.layers(); i++) {
            addBlock(all, config, i);
        }
        all.add(Specification.gain(FINAL_NORM, d));
        if (config.head() == HeadKind.UNTIED) {
            all.add(new Specification(HEAD, d, config.vocabularySize(), EMBEDDING_DEVIATION));
        }
        return all;
    }

    /**
     * Matrices that read the residual stream start with variance 2/(5d), those that write to it
     * with deviation 2/(layers · √d), so that depth does not change the size of the first logits.
     */
    private static void addBlock(List<Specification> all, DecoderConfig config, int i) {
        int d = config.width();
        int hidden = config.feedForwardWidth();
        double read = Math.sqrt(2.0 / (5 * d));
        double write = 2.0 / (config.layers() * Math.sqrt(d));
        double writeFromHidden = write * Math.sqrt((double) d / hidden);
        all.add(Specification.gain(attentionNorm(i), d));
        all.add(new Specification(attentionInput(i), d, 3 * d, read));
        all.add(new Specification(attentionOutput(i), d, d, Math.min(write, read)));
        all.add(Specification.gain(feedForwardNorm(i), d));
        all.add(new Specification(feedForwardInput(i), d, hidden, read));
        all.add(
                new Specification(
                        feedForwardOutput(i), hidden, d, Math.min(writeFromHidden, read)));
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
     * @param deviation standard deviation of the normal initial values; 0 stands for all ones
     */
    record Specification(String name, int rows, int columns, double deviation) {
        static Specification gain(String name, int width) {
            return new Specification(name, 1, width, 0);
        }

        long size() {
            return (long) rows * columns;
        }

        long[] shape() {
            return new long[] {rows, columns};
        }

        private INDArray draw(Random random, DataType type) {
            if (deviation == 0) {
                return Nd4j.ones(type, rows, columns);
            }
            INDArray array = Nd4j.createUninitialized(type, rows, columns);
            for (int i = 0; i < rows; i++) {
                double[] row = new double[columns];
                for (int j = 0; j < columns; j++) {
                    row[j] = deviation * random.nextGaussian();
                }
                try (INDArray values = Nd4j.createFromArray(row)) {
                    array.putRow(i, values);
                }
            }
            return array;
        }
    }
}
