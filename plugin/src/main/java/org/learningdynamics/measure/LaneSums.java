package org.learningdynamics.measure;

import java.util.Arrays;

/**
 * Sums of weights w, of w² and of w·x over many blocks of values: one sum a place of the block,
 * which vector instructions add to, and at the end their sums. One thread only.
 */
final class LaneSums {
    private final double[] weights = new double[DoubleExp.CAPACITY];
    private final double[] squares = new double[DoubleExp.CAPACITY];
    private final double[] products = new double[DoubleExp.CAPACITY];

    void clear() {
        Arrays.fill(weights, 0);
        Arrays.fill(squares, 0);
        Arrays.fill(products, 0);
    }

    /**
     * Adds a block.
     *
     * @param w weights
     * @param x factors
     * @param count how many, at most {@link DoubleExp#CAPACITY}
     */
    void add(double[] w, double[] x, int count) {
        addValues(weights, w, count);
        addProducts(squares, w, w, count);
        addProducts(products, w, x, count);
    }

    private static void addValues(double[] sums, double[] values, int count) {
        for (int i = 0; i < count; i++) {
            sums[i] += values[i];
        }
    }

    private static void addProducts(double[] sums, double[] w, double[] x, int count) {
        for (int i = 0; i < count; i++) {
            sums[i] += w[i] * x[i];
        }
    }

    /** Σ w. */
    double weights() {
        return sum(weights);
    }

    /** Σ w². */
    double squares() {
        return sum(squares);
    }

    /** Σ w·x. */
    double products() {
        return sum(products);
    }

    private static double sum(double[] values) {
        double even = 0;
        double odd = 0;
        for (int i = 0; i < DoubleExp.CAPACITY; i += 2) {
            even += values[i];
            odd += values[i + 1];
        }
        return even + odd;
    }
}
