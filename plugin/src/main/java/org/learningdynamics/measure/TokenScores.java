package org.learningdynamics.measure;

import java.util.Arrays;

/**
 * Log-probabilities and weights of single response tokens, masked positions left out.
 *
 * @param logProbs log π(y_t) under the policy (nats) // [rows][tokens of the row]
 * @param weights w_t = ∂s/∂log π(y_t), the share of a token in its response's s; 1 unless a loss
 *     says otherwise // [rows][tokens of the row]
 */
public record TokenScores(double[][] logProbs, double[][] weights) {
    /**
     * Checks and copies.
     *
     * @param logProbs at least one row, each of at least one token, all finite
     * @param weights as many, all finite and at least 0
     */
    public TokenScores {
        if (logProbs.length == 0 || weights.length != logProbs.length) {
            throw new IllegalArgumentException(
                    "token weights must have one row per response, got "
                            + weights.length
                            + " for "
                            + logProbs.length);
        }
        for (int row = 0; row < logProbs.length; row++) {
            requireRow(row, logProbs[row], weights[row]);
        }
        logProbs = copy(logProbs);
        weights = copy(weights);
    }

    private static void requireRow(int row, double[] logProbs, double[] weights) {
        if (logProbs.length == 0 || weights.length != logProbs.length) {
            throw new IllegalArgumentException(
                    "token weights of row "
                            + row
                            + " must be one per token, at least one, got "
                            + weights.length
                            + " for "
                            + logProbs.length);
        }
        for (int t = 0; t < logProbs.length; t++) {
            if (!Double.isFinite(logProbs[t])) {
                throw new IllegalArgumentException(
                        "token log-probability must be finite, got " + logProbs[t]);
            }
            if (!(weights[t] >= 0) || Double.isInfinite(weights[t])) {
                throw new IllegalArgumentException(
                        "token weight must be finite and >= 0, got " + weights[t]);
            }
        }
    }

    /**
     * Tokens that all weigh 1.
     *
     * @param logProbs log π(y_t) (nats) // [rows][tokens of the row]
     * @return the scores
     */
    public static TokenScores unweighted(double[][] logProbs) {
        double[][] ones = copy(logProbs);
        for (double[] row : ones) {
            Arrays.fill(row, 1);
        }
        return new TokenScores(logProbs, ones);
    }

    /**
     * Log-probability of each response.
     *
     * @return s = Σ w_t·log π(y_t) (nats) // [rows]
     */
    public double[] sums() {
        double[] sums = new double[logProbs.length];
        for (int row = 0; row < sums.length; row++) {
            for (int t = 0; t < logProbs[row].length; t++) {
                sums[row] += weights[row][t] * logProbs[row][t];
            }
        }
        return sums;
    }

    /**
     * Number of tokens of each response.
     *
     * @return each at least 1 // [rows]
     */
    public int[] counts() {
        return Arrays.stream(logProbs).mapToInt(row -> row.length).toArray();
    }

    TokenScores rows(int from, int to) {
        return new TokenScores(
                Arrays.copyOfRange(logProbs, from, to), Arrays.copyOfRange(weights, from, to));
    }

    /**
     * Log-probabilities.
     *
     * @return a copy (nats) // [rows][tokens of the row]
     */
    @Override
    public double[][] logProbs() {
        return copy(logProbs);
    }

    /**
     * Weights.
     *
     * @return a copy // [rows][tokens of the row]
     */
    @Override
    public double[][] weights() {
        return copy(weights);
    }

    private static double[][] copy(double[][] rows) {
        return Arrays.stream(rows).map(double[]::clone).toArray(double[][]::new);
    }
}
