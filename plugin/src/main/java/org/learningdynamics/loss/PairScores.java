package org.learningdynamics.loss;

import java.util.ArrayList;
import java.util.List;
import org.learningdynamics.measure.ResponseScores;

/**
 * What a pairwise loss needs to know of one pair. With {@code u = s⁺ − r⁺} and {@code v = s⁻ − r⁻}
 * the log-ratios against the reference, {@code d = u − v} is the margin.
 *
 * @param chosenLogProb s⁺ under the policy (nats)
 * @param rejectedLogProb s⁻ under the policy (nats)
 * @param referenceChosenLogProb r⁺ under the reference, 0 without one (nats)
 * @param referenceRejectedLogProb r⁻ under the reference, 0 without one (nats)
 * @param chosenTokens L⁺, number of chosen response tokens, at least 1
 * @param rejectedTokens L⁻, number of rejected response tokens, at least 1
 * @param rewardShift δ of bco, a constant; 0 for every other loss
 */
public record PairScores(
        double chosenLogProb,
        double rejectedLogProb,
        double referenceChosenLogProb,
        double referenceRejectedLogProb,
        int chosenTokens,
        int rejectedTokens,
        double rewardShift) {
    /**
     * Checks.
     *
     * @param chosenLogProb finite
     * @param rejectedLogProb finite
     * @param referenceChosenLogProb finite
     * @param referenceRejectedLogProb finite
     * @param chosenTokens at least 1
     * @param rejectedTokens at least 1
     * @param rewardShift finite
     */
    public PairScores {
        Arguments.requireFinite("chosenLogProb", chosenLogProb);
        Arguments.requireFinite("rejectedLogProb", rejectedLogProb);
        Arguments.requireFinite("referenceChosenLogProb", referenceChosenLogProb);
        Arguments.requireFinite("referenceRejectedLogProb", referenceRejectedLogProb);
        Arguments.requireTokens("chosenTokens", chosenTokens);
        Arguments.requireTokens("rejectedTokens", rejectedTokens);
        Arguments.requireFinite("rewardShift", rewardShift);
    }

    /**
     * A pair whose rewards are not shifted.
     *
     * @param chosenLogProb s⁺ (nats)
     * @param rejectedLogProb s⁻ (nats)
     * @param referenceChosenLogProb r⁺ (nats)
     * @param referenceRejectedLogProb r⁻ (nats)
     * @param chosenTokens L⁺
     * @param rejectedTokens L⁻
     */
    public PairScores(
            double chosenLogProb,
            double rejectedLogProb,
            double referenceChosenLogProb,
            double referenceRejectedLogProb,
            int chosenTokens,
            int rejectedTokens) {
        this(
                chosenLogProb,
                rejectedLogProb,
                referenceChosenLogProb,
                referenceRejectedLogProb,
                chosenTokens,
                rejectedTokens,
                0);
    }

    /**
     * The pairs of a batch whose first half of rows is chosen, second half rejected.
     *
     * @param batch an even number of rows
     * @return the pairs, in order
     * @throws IllegalArgumentException if the number of rows is odd
     */
    public static List<PairScores> of(ResponseScores batch) {
        requireEven(batch.rows());
        int pairs = batch.rows() / 2;
        double[] logProbs = batch.logProbs();
        double[] reference = batch.referenceLogProbs();
        int[] tokens = batch.tokens();
        List<PairScores> result = new ArrayList<>(pairs);
        for (int c = 0; c < pairs; c++) {
            int r = c + pairs;
            result.add(
                    new PairScores(
                            logProbs[c],
                            logProbs[r],
                            reference[c],
                            reference[r],
                            tokens[c],
                            tokens[r],
                            batch.rewardShift().orElse(0)));
        }
        return result;
    }

    static void requireEven(int rows) {
        if (rows % 2 != 0) {
            throw new IllegalArgumentException(
                    "a batch of pairs must have an even number of rows, got " + rows);
        }
    }

    /**
     * Log-ratio of the chosen response.
     *
     * @return u = s⁺ − r⁺ (nats)
     */
    public double chosenLogRatio() {
        return chosenLogProb - referenceChosenLogProb;
    }

    /**
     * Log-ratio of the rejected response.
     *
     * @return v = s⁻ − r⁻ (nats)
     */
    public double rejectedLogRatio() {
        return rejectedLogProb - referenceRejectedLogProb;
    }

    /**
     * The margin.
     *
     * @return d = u − v (nats)
     */
    public double margin() {
        return chosenLogRatio() - rejectedLogRatio();
    }
}
