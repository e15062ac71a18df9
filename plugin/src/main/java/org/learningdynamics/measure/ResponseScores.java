package org.learningdynamics.measure;

import java.util.Arrays;

/**
 * What a loss needs to know of the responses of a batch. A batch of pairs holds the chosen
 * responses first, then the rejected ones in the same order.
 *
 * @param logProbs s = Σ log π(y) under the policy (nats) // [rows]
 * @param referenceLogProbs the same under the reference model; zeros where a loss needs none (nats)
 *     // [rows]
 * @param tokens number of response tokens, each at least 1 // [rows]
 */
public record ResponseScores(double[] logProbs, double[] referenceLogProbs, int[] tokens) {
    /**
     * Checks and copies.
     *
     * @param logProbs at least one, all finite
     * @param referenceLogProbs as many, all finite
     * @param tokens as many, each at least 1
     */
    public ResponseScores {
        int rows = logProbs.length;
        if (rows == 0 || referenceLogProbs.length != rows || tokens.length != rows) {
            throw new IllegalArgumentException(
                    "logProbs, referenceLogProbs and tokens must have one value per row, got "
                            + rows
                            + ", "
                            + referenceLogProbs.length
                            + " and "
                            + tokens.length);
        }
        for (int row = 0; row < rows; row++) {
            requireRow(row, logProbs[row] - referenceLogProbs[row], tokens[row]);
        }
        logProbs = logProbs.clone();
        referenceLogProbs = referenceLogProbs.clone();
        tokens = tokens.clone();
    }

    private static void requireRow(int row, double logRatio, int tokens) {
        if (!Double.isFinite(logRatio)) {
            throw new IllegalArgumentException(
                    "log-ratio of row " + row + " must be finite, got " + logRatio);
        }
        if (tokens < 1) {
            throw new IllegalArgumentException(
                    "tokens of row " + row + " must be >= 1, got " + tokens);
        }
    }

    /**
     * Scores for a loss without a reference model.
     *
     * @param logProbs s under the policy (nats) // [rows]
     * @param tokens number of response tokens // [rows]
     * @return scores whose reference is zero
     */
    public static ResponseScores withoutReference(double[] logProbs, int[] tokens) {
        return new ResponseScores(logProbs, new double[logProbs.length], tokens);
    }

    /**
     * Number of responses.
     *
     * @return at least 1
     */
    public int rows() {
        return logProbs.length;
    }

    /**
     * Response tokens of the whole batch.
     *
     * @return the sum of {@link #tokens()}
     */
    public int totalTokens() {
        return Arrays.stream(tokens).sum();
    }

    /**
     * Log-probabilities under the policy.
     *
     * @return a copy (nats) // [rows]
     */
    @Override
    public double[] logProbs() {
        return logProbs.clone();
    }

    /**
     * Log-probabilities under the reference model.
     *
     * @return a copy (nats) // [rows]
     */
    @Override
    public double[] referenceLogProbs() {
        return referenceLogProbs.clone();
    }

    /**
     * Response token counts.
     *
     * @return a copy // [rows]
     */
    @Override
    public int[] tokens() {
        return tokens.clone();
    }
}
