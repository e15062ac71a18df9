package org.learningdynamics.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class ChesTest {
    private static final int WIDTH = 5;
    private static final int VOCABULARY = 7;
    private static final double STEP = 1e-6;

    private final Random random = new Random(3);
    private final double[][] weights = gaussian(VOCABULARY, WIDTH);
    private final Response chosen = new Response(3);
    private final Response rejected = new Response(4);

    /** A response as plain numbers. */
    private final class Response {
        final double[][] hidden;
        final int[] tokens;

        Response(int length) {
            hidden = gaussian(length, WIDTH);
            tokens = random.ints(length, 0, VOCABULARY).toArray();
        }

        HeadRows rows() {
            double[][] logits = new double[hidden.length][];
            Arrays.setAll(logits, k -> logits(weights, hidden[k]));
            return HeadRows.of(Nd4j.createFromArray(hidden), Nd4j.createFromArray(logits), tokens);
        }

        double logProb(double[][] head) {
            double sum = 0;
            for (int k = 0; k < tokens.length; k++) {
                double[] z = logits(head, hidden[k]);
                double total = Arrays.stream(z).map(Math::exp).sum();
                sum += z[tokens[k]] - Math.log(total);
            }
            return sum;
        }

        /** Gradient by the head's weights, from central differences. */
        double[] gradient() {
            double[] gradient = new double[VOCABULARY * WIDTH];
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] = (moved(i, STEP) - moved(i, -STEP)) / (2 * STEP);
            }
            return gradient;
        }

        private double moved(int index, double by) {
            double[][] head = new double[VOCABULARY][];
            Arrays.setAll(head, v -> weights[v].clone());
            head[index / WIDTH][index % WIDTH] += by;
            return logProb(head);
        }

        double[] sum() {
            double[] sum = new double[WIDTH];
            for (double[] row : hidden) {
                Arrays.setAll(sum, i -> sum[i] + row[i]);
            }
            return sum;
        }
    }

    @Test
    void chesIsTheDifferenceOfProductsOfSums() {
        Ches ches = Ches.of(chosen.rows(), rejected.rows());
        double cross = dot(chosen.sum(), rejected.sum());
        double own = dot(chosen.sum(), chosen.sum());
        assertEquals(cross - own, ches.ches(), 1e-12);
        assertEquals(cross / 12 - own / 9, ches.lengthNormalised(), 1e-12);
    }

    @Test
    void alphaIsTheProductOfTheHeadsGradients() {
        Ches ches = Ches.of(chosen.rows(), rejected.rows());
        double[] plus = chosen.gradient();
        assertEquals(dot(plus, rejected.gradient()) - dot(plus, plus), ches.alpha(), 1e-7);
    }

    @Test
    void aPairOfEqualResponsesScoresZero() {
        Ches ches = Ches.of(chosen.rows(), chosen.rows());
        assertEquals(0, ches.ches(), 1e-12);
        assertEquals(0, ches.lengthNormalised(), 1e-12);
        assertEquals(0, ches.alpha(), 1e-12);
    }

    @Test
    void residualsKeepTheirDigitsWhereTheTokenIsCertain() {
        HeadRows rows =
                HeadRows.of(
                        Nd4j.createFromArray(new double[][] {{1}}),
                        Nd4j.createFromArray(new double[][] {{60, 0, 0}}),
                        new int[] {0});
        assertEquals(2 * Math.exp(-60), rows.residuals().getDouble(0, 0), 1e-36);
        assertEquals(0, rows.residuals().sumNumber().doubleValue(), 1e-40);
    }

    @Test
    void scoresOfTokensAreProductsWithThePositivesGradient() {
        Response other = new Response(2);
        Nthr nthr = Nthr.of(List.of(chosen.rows(), other.rows()), rejected.rows(), 0.5);
        double[] positives = chosen.gradient();
        double[] others = other.gradient();
        Arrays.setAll(positives, i -> positives[i] + others[i]);
        assertEquals(dot(positives, rejected.gradient()), Arrays.stream(nthr.scores()).sum(), 1e-7);
        double least = Math.min(dot(positives, chosen.gradient()) / 3, dot(positives, others) / 2);
        assertEquals(0.5 * least, nthr.threshold(), 1e-7);
        for (int t = 0; t < 4; t++) {
            assertEquals(nthr.scores()[t] > nthr.threshold(), nthr.harmful().contains(t));
        }
    }

    @Test
    void aTokenOfThePositivesIsHarmfulToPushDown() {
        HeadRows positive = chosen.rows();
        Nthr nthr = Nthr.of(List.of(positive), positive, 0.1);
        assertTrue(!nthr.harmful().isEmpty(), nthr.toString());
    }

    @Test
    void refusesWhatDoesNotFit() {
        var wide = Nd4j.createFromArray(new double[][] {{1, 2}});
        var logits = Nd4j.createFromArray(new double[][] {{1, 2, 3}});
        assertMessage(
                "logits must have a row a token (2), got 1 rows",
                () -> HeadRows.of(wide, logits, new int[] {0, 1}));
        assertMessage(
                "tokens must be in [0, 3), got 3", () -> HeadRows.of(wide, logits, new int[] {3}));
        HeadRows narrow = HeadRows.of(wide, logits, new int[] {0});
        assertMessage(
                "chosen and rejected must have hidden states of one width, got 5 and 2",
                () -> Ches.of(chosen.rows(), narrow));
        assertMessage(
                "positives must hold at least one response, got 0",
                () -> Nthr.of(List.of(), narrow, 1));
        assertMessage("beta must be > 0, got 0.0", () -> Nthr.of(List.of(narrow), narrow, 0));
    }

    private static void assertMessage(
            String message, org.junit.jupiter.api.function.Executable code) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, code).getMessage());
    }

    private double[][] gaussian(int rows, int columns) {
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            Arrays.setAll(row, i -> random.nextGaussian());
        }
        return values;
    }

    private static double[] logits(double[][] head, double[] hidden) {
        double[] z = new double[head.length];
        Arrays.setAll(z, v -> dot(head[v], hidden));
        return z;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
