package org.learningdynamics.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What holds for the likelihood measures whatever the layout and type of the logits. Logits are
 * multiples of 1/64, so float32 holds them, and their shifts, exactly.
 */
abstract class MeasureContractTest {
    private static final int ROWS = 5;
    private static final int LENGTH = 7;
    private static final int CLASSES = 11;

    /** Largest difference, relative to max(1, |expected|). */
    protected abstract double tolerance();

    /** Measures logits [rows][length][V] in the layout under test. */
    protected abstract List<Likelihood> measure(
            double[][][] logits, int[][] labels, Peakiness peakiness);

    private List<Likelihood> measure(double[][][] logits, int[][] labels) {
        return measure(logits, labels, Peakiness.EXACT);
    }

    @Test
    void equalsTheNaiveFormula() {
        double[][][] logits = logits(1, ROWS, LENGTH);
        int[][] labels = labels(2, ROWS, LENGTH);
        for (Peakiness form : Peakiness.values()) {
            List<Likelihood> measured = measure(logits, labels, form);
            assertEquals(ROWS, measured.size());
            for (int row = 0; row < ROWS; row++) {
                assertClose(NaiveLikelihood.of(logits[row], labels[row], form), measured.get(row));
            }
        }
    }

    @Test
    void isInvariantToAShiftOfTheLogits() {
        double[][][] logits = logits(3, ROWS, LENGTH);
        int[][] labels = labels(4, ROWS, LENGTH);
        double[][][] shifted = copy(logits);
        for (int row = 0; row < ROWS; row++) {
            for (int t = 0; t < LENGTH; t++) {
                double shift = 1024 * (row - 2) + 64 * t;
                for (int v = 0; v < CLASSES; v++) {
                    shifted[row][t][v] = logits[row][t][v] + shift;
                }
            }
        }
        assertAllClose(measure(logits, labels), measure(shifted, labels));
    }

    @Test
    void followsAPermutationOfTheVocabulary() {
        double[][][] logits = logits(5, ROWS, LENGTH);
        int[][] labels = labels(6, ROWS, LENGTH);
        double[][][] rotated = copy(logits);
        int[][] rotatedLabels = copy(labels);
        for (int row = 0; row < ROWS; row++) {
            for (int t = 0; t < LENGTH; t++) {
                for (int v = 0; v < CLASSES; v++) {
                    rotated[row][t][(v * 3 + 1) % CLASSES] = logits[row][t][v];
                }
                int label = labels[row][t];
                rotatedLabels[row][t] = label < 0 ? label : (label * 3 + 1) % CLASSES;
            }
        }
        List<Likelihood> expected = measure(logits, labels);
        List<Likelihood> measured = measure(rotated, rotatedLabels);
        for (int row = 0; row < ROWS; row++) {
            int[] argmax = expected.get(row).argmaxTokens();
            int[] mapped = Arrays.stream(argmax).map(v -> (v * 3 + 1) % CLASSES).toArray();
            assertArrayEquals(mapped, measured.get(row).argmaxTokens());
            assertArrayEquals(
                    scalars(expected.get(row)), scalars(measured.get(row)), 20 * tolerance());
        }
    }

    @Test
    void maskingIsRemoval() {
        double[][][] logits = logits(7, 1, LENGTH);
        int[][] labels = {{-100, 3, -1, 0, 10, -100, 4}};
        double[][][] kept = {{logits[0][1], logits[0][3], logits[0][4], logits[0][6]}};
        assertAllClose(measure(kept, new int[][] {{3, 0, 10, 4}}), measure(logits, labels));
    }

    @Test
    void neverLooksAtMaskedPositions() {
        double[][][] logits = logits(8, 1, 3);
        List<Likelihood> expected = measure(logits, new int[][] {{2, -100, 5}});
        Arrays.fill(logits[0][1], Double.NaN);
        assertAllClose(expected, measure(logits, new int[][] {{2, -100, 5}}));
    }

    @Test
    void paddingOnTheRightChangesNothing() {
        double[][][] logits = logits(9, ROWS, LENGTH);
        int[][] labels = labels(10, ROWS, LENGTH);
        double[][][] padded = logits(11, ROWS, LENGTH + 4);
        int[][] paddedLabels = new int[ROWS][LENGTH + 4];
        for (int row = 0; row < ROWS; row++) {
            Arrays.fill(paddedLabels[row], -100);
            System.arraycopy(logits[row], 0, padded[row], 0, LENGTH);
            System.arraycopy(labels[row], 0, paddedLabels[row], 0, LENGTH);
        }
        assertAllClose(measure(logits, labels), measure(padded, paddedLabels));
    }

    @Test
    void eachRowIsMeasuredAsIfAlone() {
        double[][][] logits = logits(12, ROWS, LENGTH);
        int[][] labels = labels(13, ROWS, LENGTH);
        List<Likelihood> together = measure(logits, labels);
        for (int row = 0; row < ROWS; row++) {
            double[][][] single = {logits[row]};
            assertClose(together.get(row), measure(single, new int[][] {labels[row]}).get(0));
        }
    }

    @Test
    void manyRowsOnSeveralThreadsEqualTheNaiveFormula() {
        int rows = 300;
        double[][][] logits = logits(14, rows, 20);
        int[][] labels = labels(15, rows, 20);
        List<Likelihood> measured = measure(logits, labels);
        for (int row = 0; row < rows; row++) {
            assertClose(
                    NaiveLikelihood.of(logits[row], labels[row], Peakiness.EXACT),
                    measured.get(row));
        }
    }

    private void assertAllClose(List<Likelihood> expected, List<Likelihood> measured) {
        assertEquals(expected.size(), measured.size());
        for (int row = 0; row < expected.size(); row++) {
            assertClose(expected.get(row), measured.get(row));
        }
    }

    private void assertClose(Likelihood expected, Likelihood measured) {
        assertEquals(expected.tokens(), measured.tokens());
        assertArrayEquals(expected.argmaxTokens(), measured.argmaxTokens());
        assertNear(scalars(expected), scalars(measured));
        assertNear(expected.tokenLogProbs(), measured.tokenLogProbs());
    }

    private void assertNear(double[] expected, double[] measured) {
        assertEquals(expected.length, measured.length);
        for (int i = 0; i < expected.length; i++) {
            double error = Math.abs(expected[i] - measured[i]) / Math.max(1, Math.abs(expected[i]));
            assertTrue(
                    error <= tolerance(),
                    "value " + i + ": expected " + expected[i] + ", got " + measured[i]);
        }
    }

    private static double[] scalars(Likelihood l) {
        return new double[] {
            l.logProb(),
            l.argmaxLogProb(),
            l.restLogProb(),
            l.peakiness(),
            l.gap(),
            l.energy(),
            l.entropy()
        };
    }

    private static double[][][] logits(long seed, int rows, int length) {
        Random random = new Random(seed);
        double[][][] logits = new double[rows][length][CLASSES];
        for (double[][] row : logits) {
            for (double[] position : row) {
                Arrays.setAll(position, v -> Math.rint(128 * random.nextGaussian()) / 64);
                position[random.nextInt(CLASSES)] = 8; // no ties at the top
            }
        }
        return logits;
    }

    private static int[][] labels(long seed, int rows, int length) {
        Random random = new Random(seed);
        int[][] labels = new int[rows][length];
        for (int[] row : labels) {
            Arrays.setAll(row, t -> random.nextInt(3) == 0 ? -100 : random.nextInt(CLASSES));
            row[random.nextInt(length)] = random.nextInt(CLASSES);
        }
        return labels;
    }

    private static double[][][] copy(double[][][] source) {
        return Arrays.stream(source)
                .map(row -> Arrays.stream(row).map(double[]::clone).toArray(double[][]::new))
                .toArray(double[][][]::new);
    }

    private static int[][] copy(int[][] source) {
        return Arrays.stream(source).map(int[]::clone).toArray(int[][]::new);
    }
}
