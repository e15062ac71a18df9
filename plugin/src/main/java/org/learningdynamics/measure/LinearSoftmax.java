package org.learningdynamics.measure;

import java.util.Arrays;
import java.util.Random;

/**
 * The linear softmax model {@code π = softmax(xᵀW)}, small enough to see what one step of gradient
 * descent does to every class: the squeezing effect in its purest form.
 *
 * <p>A step with signed rates {@code r_v} for the classes is {@code W ← W + Σ_v r_v·x(e_v − π)ᵀ}:
 * {@code r_v > 0} pulls class v up as learning an example of it does, {@code r_v < 0} pushes it
 * down as a negative gradient does; π is taken before the step. The logits of x itself then change
 * by {@code ‖x‖²·(r − π·Σ_v r_v)}.
 *
 * <p>Float64; NaN and infinite inputs give NaN. Immutable. Cost of each method: d·V.
 *
 * <p>Source: Ren &amp; Sutherland, Learning Dynamics of LLM Finetuning (ICLR 2025), appendix C.
 */
public final class LinearSoftmax {
    private final double[][] weights; // [d][V]

    /**
     * A model with given weights.
     *
     * @param weights W, copied // [d][V], d at least 1, V at least 2
     * @throws IllegalArgumentException if the shape is another
     */
    public LinearSoftmax(double[][] weights) {
        if (weights.length < 1 || weights[0].length < 2) {
            throw new IllegalArgumentException(
                    "weights must have at least 1 row and 2 columns, got "
                            + weights.length
                            + " rows"
                            + (weights.length < 1 ? "" : " of " + weights[0].length));
        }
        this.weights = new double[weights.length][];
        for (int k = 0; k < weights.length; k++) {
            requireLength("weights row " + k, weights[0].length, weights[k].length);
            this.weights[k] = weights[k].clone();
        }
    }

    /**
     * A model with independent normal weights.
     *
     * @param inputs d, at least 1
     * @param classes V, at least 2
     * @param mean their mean
     * @param deviation their standard deviation
     * @param random the source of chance
     * @return the model
     */
    public static LinearSoftmax gaussian(
            int inputs, int classes, double mean, double deviation, Random random) {
        double[][] weights = new double[inputs][classes];
        for (double[] row : weights) {
            Arrays.setAll(row, v -> mean + deviation * random.nextGaussian());
        }
        return new LinearSoftmax(weights);
    }

    /**
     * The number of classes.
     *
     * @return V
     */
    public int classes() {
        return weights[0].length;
    }

    /**
     * Log-probabilities, by a log-sum-exp shifted by the largest logit: finite wherever the logits
     * are.
     *
     * @param x an input // [d]
     * @return log π // [V], nats
     * @throws IllegalArgumentException if {@code x} has another length
     */
    public double[] logProbs(double... x) {
        double[] logits = logits(x);
        double max = Arrays.stream(logits).max().orElseThrow();
        double sum = 0;
        for (double z : logits) {
            sum += Math.exp(z - max);
        }
        double logSum = max + Math.log(sum);
        Arrays.setAll(logits, v -> logits[v] - logSum);
        return logits;
    }

    private double[] logits(double[] x) {
        requireLength("x", weights.length, x.length);
        double[] logits = new double[classes()];
        for (int k = 0; k < x.length; k++) {
            for (int v = 0; v < logits.length; v++) {
                logits[v] += x[k] * weights[k][v];
            }
        }
        return logits;
    }

    /**
     * The model after one step on one input.
     *
     * @param x the input // [d]
     * @param rates signed rate of each class, 0 where it is not named // [V]
     * @return a new model
     * @throws IllegalArgumentException if a length differs
     */
    public LinearSoftmax step(double[] x, double[] rates) {
        requireLength("rates", classes(), rates.length);
        double[] logProbs = logProbs(x);
        double total = Arrays.stream(rates).sum();
        double[][] moved = new double[weights.length][];
        for (int k = 0; k < moved.length; k++) {
            moved[k] = weights[k].clone();
            for (int v = 0; v < rates.length; v++) {
                moved[k][v] += x[k] * (rates[v] - total * Math.exp(logProbs[v]));
            }
        }
        return new LinearSoftmax(moved);
    }

    private static void requireLength(String name, int rule, int length) {
        if (length != rule) {
            throw new IllegalArgumentException(
                    name + " must have length " + rule + ", got " + length);
        }
    }
}
