package org.learningdynamics.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What the records of the package refuse, and that they copy. */
class MeasureRecordsTest {
    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    private static Likelihood likelihood(int tokens, double[] logProbs, int[] argmax) {
        return new Likelihood(0, 0, 0, 1, 0, 0, 0, tokens, logProbs, argmax);
    }

    @Test
    void aLikelihoodNeedsOneValuePerToken() {
        assertRefused("tokens must be >= 1, got 0", () -> likelihood(0, new double[0], new int[0]));
        assertRefused(
                "tokenLogProbs must have one value per token, got 1 for 2",
                () -> likelihood(2, new double[1], new int[2]));
        assertRefused(
                "argmaxTokens must have one value per token, got 3 for 2",
                () -> likelihood(2, new double[2], new int[3]));
    }

    @Test
    void aLikelihoodKeepsItsOwnCopies() {
        double[] logProbs = {-1};
        int[] argmax = {4};
        Likelihood likelihood = likelihood(1, logProbs, argmax);
        logProbs[0] = 0;
        argmax[0] = 0;
        likelihood.tokenLogProbs()[0] = 1;
        likelihood.argmaxTokens()[0] = 1;
        assertArrayEquals(new double[] {-1}, likelihood.tokenLogProbs());
        assertArrayEquals(new int[] {4}, likelihood.argmaxTokens());
    }

    @Test
    void scoresNeedOneNumberPerRow() {
        double[] one = {-1};
        assertRefused(
                "logProbs, referenceLogProbs and tokens must have one value per row,"
                        + " got 1, 2 and 1",
                () -> new ResponseScores(one, new double[2], new int[] {1}));
        assertRefused(
                "log-ratio of row 0 must be finite, got NaN",
                () -> new ResponseScores(one, new double[] {Double.NaN}, new int[] {1}));
        assertRefused(
                "tokens of row 0 must be >= 1, got 0",
                () -> ResponseScores.withoutReference(one, new int[1]));
    }

    @Test
    void scoresCountTheTokensOfTheBatch() {
        ResponseScores scores =
                ResponseScores.withoutReference(new double[] {-1, -2}, new int[] {3, 4});
        assertEquals(2, scores.rows());
        assertEquals(7, scores.totalTokens());
        assertArrayEquals(new double[2], scores.referenceLogProbs());
    }

    @Test
    void scoresOfTokensAreWeightedSums() {
        TokenScores tokens =
                new TokenScores(new double[][] {{-1, -2}, {-3}}, new double[][] {{1, .5}, {1}});
        ResponseScores scores = ResponseScores.ofTokens(tokens, new double[2]);
        assertArrayEquals(new double[] {-2, -3}, scores.logProbs());
        assertArrayEquals(new int[] {2, 1}, scores.tokens());
        ResponseCoefficients halves = batch -> new double[] {.5, 2};
        assertArrayEquals(new double[] {.5, .25}, halves.tokenCoefficients(scores)[0]);
        assertArrayEquals(new double[] {2}, halves.tokenCoefficients(scores)[1]);
        ResponseScores second = scores.withDesirable(true, false).rows(1, 2);
        assertArrayEquals(new double[] {-3}, second.logProbs());
        assertArrayEquals(new boolean[] {false}, second.desirable().orElseThrow());
        assertArrayEquals(new double[][] {{1}}, second.tokenWeights());
    }

    @Test
    void tokensWithoutWeightsWeighOne() {
        ResponseScores scores =
                ResponseScores.withoutReference(new double[] {-1, -2}, new int[] {3, 1});
        ResponseCoefficients thirds = batch -> new double[] {3, 4};
        assertArrayEquals(new double[][] {{3, 3, 3}, {4}}, thirds.tokenCoefficients(scores));
    }

    @Test
    void scoresRefuseWhatDoesNotFit() {
        ResponseScores scores = ResponseScores.withoutReference(new double[1], new int[] {2});
        assertRefused(
                "tokenScores must have [2] tokens, got [1]",
                () -> scores.withTokenScores(TokenScores.unweighted(new double[][] {{-1}})));
        assertRefused(
                "desirable must have one value per row, got 2 for 1",
                () -> scores.withDesirable(true, false));
        assertRefused("kl must be finite and >= 0, got -1.0", () -> scores.withKl(-1));
        assertRefused("kl must be finite and >= 0, got NaN", () -> scores.withKl(Double.NaN));
        assertRefused(
                "rewardShift must be finite, got NaN", () -> scores.withRewardShift(Double.NaN));
        assertRefused(
                "token weight must be finite and >= 0, got -1.0",
                () -> new TokenScores(new double[][] {{-1}}, new double[][] {{-1}}));
        assertRefused(
                "token weights of row 0 must be one per token, at least one, got 2 for 1",
                () -> new TokenScores(new double[][] {{-1}}, new double[][] {{1, 1}}));
        assertRefused(
                "token log-probability must be finite, got NaN",
                () -> TokenScores.unweighted(new double[][] {{Double.NaN}}));
    }

    @Test
    void peakinessNeedsATokenAndAClass() {
        assertRefused(
                "norms must hold at least one token, got 0",
                () -> Peakiness.EXACT.of(new double[0], 2));
        assertRefused("classes must be >= 1, got 0", () -> Peakiness.EXACT.of(new double[] {1}, 0));
    }
}
