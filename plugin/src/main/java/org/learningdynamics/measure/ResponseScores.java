package org.learningdynamics.measure;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a loss needs to know of the responses of a batch. A batch of pairs holds the chosen
 * responses first, then the rejected ones in the same order.
 *
 * <p>The last four components serve single losses; what a loss needs and does not find is an error.
 *
 * @param logProbs s = Σ w_t·log π(y_t) under the policy (nats) // [rows]
 * @param referenceLogProbs the same under the reference model; zeros where a loss needs none (nats)
 *     // [rows]
 * @param tokens number of response tokens, each at least 1 // [rows]
 * @param tokenScores log-probabilities and weights of the tokens; weights are 1 where absent
 * @param desirable for unpaired losses, whether a response is wanted // [rows]
 * @param kl for kto, the divergence that log-ratios are compared with, a constant (nats)
 * @param rewardShift for bco, the running mean reward δ, a constant
 */
public record ResponseScores(
        double[] logProbs,
        double[] referenceLogProbs,
        int[] tokens,
        Optional<TokenScores> tokenScores,
        Optional<boolean[]> desirable,
        OptionalDouble kl,
        OptionalDouble rewardShift) {
    /**
     * Checks and copies.
     *
     * @param logProbs at least one, all finite
     * @param referenceLogProbs as many, all finite
     * @param tokens as many, each at least 1
     * @param tokenScores as many rows with these numbers of tokens
     * @param desirable as many
     * @param kl finite and at least 0
     * @param rewardShift finite
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
        requireTokens(tokens, tokenScores);
        requireLabels(rows, desirable);
        requireConstants(kl, rewardShift);
        logProbs = logProbs.clone();
        referenceLogProbs = referenceLogProbs.clone();
        tokens = tokens.clone();
        desirable = desirable.map(boolean[]::clone);
    }

    /**
     * Scores for a loss that needs no more than sums.
     *
     * @param logProbs s under the policy (nats) // [rows]
     * @param referenceLogProbs the same under the reference model (nats) // [rows]
     * @param tokens number of response tokens // [rows]
     */
    public ResponseScores(double[] logProbs, double[] referenceLogProbs, int[] tokens) {
        this(
                logProbs,
                referenceLogProbs,
                tokens,
                Optional.empty(),
                Optional.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty());
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

    private static void requireTokens(int[] tokens, Optional<TokenScores> scores) {
        if (scores.isPresent() && !Arrays.equals(tokens, scores.get().counts())) {
            throw new IllegalArgumentException(
                    "tokenScores must have "
                            + Arrays.toString(tokens)
                            + " tokens, got "
                            + Arrays.toString(scores.get().counts()));
        }
    }

    private static void requireLabels(int rows, Optional<boolean[]> desirable) {
        if (desirable.isPresent() && desirable.get().length != rows) {
            throw new IllegalArgumentException(
                    "desirable must have one value per row, got "
                            + desirable.get().length
                            + " for "
                            + rows);
        }
    }

    private static void requireConstants(OptionalDouble kl, OptionalDouble rewardShift) {
        if (kl.isPresent() && !(kl.getAsDouble() >= 0 && kl.getAsDouble() <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "kl must be finite and >= 0, got " + kl.getAsDouble());
        }
        if (rewardShift.isPresent() && !Double.isFinite(rewardShift.getAsDouble())) {
            throw new IllegalArgumentException(
                    "rewardShift must be finite, got " + rewardShift.getAsDouble());
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
     * Scores whose sums are those of single tokens.
     *
     * @param scores tokens of every row
     * @param referenceLogProbs s under the reference model, with the same weights; zeros without
     *     one (nats) // [rows]
     * @return scores with s = Σ w_t·log π(y_t)
     */
    public static ResponseScores ofTokens(TokenScores scores, double[] referenceLogProbs) {
        return new ResponseScores(scores.sums(), referenceLogProbs, scores.counts())
                .withTokenScores(scores);
    }

    /**
     * These scores with those of single tokens.
     *
     * @param scores whose weighted sums are {@link #logProbs()}, which is not checked
     * @return new scores
     */
    public ResponseScores withTokenScores(TokenScores scores) {
        return new ResponseScores(
                logProbs,
                referenceLogProbs,
                tokens,
                Optional.of(scores),
                desirable,
                kl,
                rewardShift);
    }

    /**
     * These scores with labels.
     *
     * @param labels whether each response is wanted // [rows]
     * @return new scores
     */
    public ResponseScores withDesirable(boolean... labels) {
        return new ResponseScores(
                logProbs,
                referenceLogProbs,
                tokens,
                tokenScores,
                Optional.of(labels),
                kl,
                rewardShift);
    }

    /**
     * These scores with a divergence to compare log-ratios with.
     *
     * @param nats finite and at least 0
     * @return new scores
     */
    public ResponseScores withKl(double nats) {
        return new ResponseScores(
                logProbs,
                referenceLogProbs,
                tokens,
                tokenScores,
                desirable,
                OptionalDouble.of(nats),
                rewardShift);
    }

    /**
     * These scores with a running mean reward.
     *
     * @param reward finite
     * @return new scores
     */
    public ResponseScores withRewardShift(double reward) {
        return new ResponseScores(
                logProbs,
                referenceLogProbs,
                tokens,
                tokenScores,
                desirable,
                kl,
                OptionalDouble.of(reward));
    }

    /**
     * Some of the rows, constants of the batch included.
     *
     * @param from first row
     * @param to row after the last, above {@code from}
     * @return new scores
     */
    public ResponseScores rows(int from, int to) {
        return new ResponseScores(
                Arrays.copyOfRange(logProbs, from, to),
                Arrays.copyOfRange(referenceLogProbs, from, to),
                Arrays.copyOfRange(tokens, from, to),
                tokenScores.map(scores -> scores.rows(from, to)),
                desirable.map(labels -> Arrays.copyOfRange(labels, from, to)),
                kl,
                rewardShift);
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
     * Weights of the tokens.
     *
     * @return w_t, ones where there are no {@link #tokenScores()} // [rows][tokens of the row]
     */
    public double[][] tokenWeights() {
        if (tokenScores.isPresent()) {
            return tokenScores.get().weights();
        }
        double[][] ones = new double[tokens.length][];
        for (int row = 0; row < ones.length; row++) {
            ones[row] = new double[tokens[row]];
            Arrays.fill(ones[row], 1);
        }
        return ones;
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

    /**
     * Labels.
     *
     * @return a copy // [rows]
     */
    @Override
    public Optional<boolean[]> desirable() {
        return desirable.map(boolean[]::clone);
    }
}
