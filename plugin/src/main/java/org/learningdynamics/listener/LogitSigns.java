package org.learningdynamics.listener;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntFunction;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Weights of the logits at some positions of a batch, zero elsewhere // [N·T, V].
 *
 * @param read whether a position is read // [N·T]
 * @param classes V
 */
record LogitSigns(boolean[] read, int classes) {
    /** The positions with labels. */
    static LogitSigns ofLabels(int[][] labels, int classes) {
        int length = labels[0].length;
        boolean[] read = new boolean[labels.length * length];
        for (int i = 0; i < read.length; i++) {
            read[i] = labels[i / length][i % length] >= 0;
        }
        return new LogitSigns(read, classes);
    }

    /** The positions with a residual. */
    static LogitSigns ofResiduals(INDArray residuals) {
        try (INDArray norms = residuals.norm2(1)) {
            double[] values = norms.toDoubleVector();
            boolean[] read = new boolean[values.length];
            for (int i = 0; i < read.length; i++) {
                read[i] = values[i] != 0;
            }
            return new LogitSigns(read, (int) residuals.size(1));
        }
    }

    /** Positions that are read, by row // [N]. */
    int[] counts(int rows) {
        int[] counts = new int[rows];
        for (int i = 0; i < read.length; i++) {
            counts[i / (read.length / rows)] += read[i] ? 1 : 0;
        }
        return counts;
    }

    /** Weight 1 for one class. */
    INDArray of(int label, DataType type) {
        double[] one = new double[classes];
        one[label] = 1;
        return fill(type, i -> one);
    }

    /** The same random signs at every position. */
    INDArray shared(long seed, DataType type) {
        double[] signs = signs(new Random(seed));
        return fill(type, i -> signs);
    }

    /** Other random signs at every position. */
    INDArray independent(long seed, DataType type) {
        Random random = new Random(seed);
        return fill(type, i -> signs(random));
    }

    private double[] signs(Random random) {
        double[] signs = new double[classes];
        Arrays.setAll(signs, v -> random.nextBoolean() ? 1 : -1);
        return signs;
    }

    private INDArray fill(DataType type, IntFunction<double[]> weights) {
        double[] all = new double[Math.multiplyExact(read.length, classes)];
        for (int i = 0; i < read.length; i++) {
            if (read[i]) {
                System.arraycopy(weights.apply(i), 0, all, i * classes, classes);
            }
        }
        return Nd4j.create(all, new long[] {read.length, classes}, type);
    }
}
