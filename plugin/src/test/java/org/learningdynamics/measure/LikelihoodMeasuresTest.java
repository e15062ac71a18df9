package org.learningdynamics.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Extreme distributions and refused arguments. */
class LikelihoodMeasuresTest {
    private static Likelihood classify(int label, double... logits) {
        try (INDArray row = Nd4j.createFromArray(new double[][] {logits})) {
            return LikelihoodMeasures.measure(row, new int[][] {{label}}).get(0);
        }
    }

    private static void assertRelative(double expected, double actual) {
        assertEquals(expected, actual, 1e-14 * Math.abs(expected));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, 20, 69.07755278982137, 300, 700})
    void twoClassesHaveTheLogisticForm(double distance) {
        double odds = Math.exp(-distance);
        Likelihood right = classify(0, 0, -distance);
        assertRelative(-Math.log1p(odds), right.logProb());
        assertRelative(-Math.log1p(odds), right.argmaxLogProb());
        assertRelative(-distance - Math.log1p(odds), right.restLogProb());
        assertRelative(odds / (1 + odds), right.energy());
        assertRelative(Math.sqrt(2) * odds / (1 + odds), right.gap());
        assertRelative(Math.log1p(odds) + odds * distance / (1 + odds), right.entropy());
        Likelihood wrong = classify(1, 0, -distance);
        assertRelative(-distance - Math.log1p(odds), wrong.logProb());
        assertRelative(1 / (1 + odds), wrong.energy());
        assertRelative(Math.sqrt(2) / (1 + odds), wrong.gap());
    }

    @Test
    void probabilityOneMinusTenToTheMinusThirtyKeepsItsRest() {
        double p = 1e-30;
        double logit = Math.log(p);
        Likelihood peaky = classify(1, logit, 0, logit);
        assertRelative(-2 * p, peaky.logProb());
        assertRelative(Math.log(2 * p), peaky.restLogProb());
        assertRelative(2 * p, peaky.energy());
        assertRelative(Math.sqrt(6) * p, peaky.gap());
        assertRelative(2, peaky.peakiness());
    }

    @Test
    void aLogitOfMinusTenThousandStaysFinite() {
        Likelihood measured = classify(0, -1e4, 0, 0);
        assertRelative(-1e4 - Math.log(2), measured.logProb());
        assertRelative(1, measured.energy());
        assertRelative(Math.sqrt(1.5), measured.gap());
        assertRelative(Math.log(2), measured.entropy());
        Likelihood certain = classify(1, -1e4, 0, -1e4);
        assertEquals(0, certain.logProb(), 0);
        assertRelative(-1e4 + Math.log(2), certain.restLogProb());
        assertEquals(0, certain.energy(), 0);
        assertEquals(0, certain.entropy(), 0);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1e300, -1e15, 1e15, 1e300})
    void aLargeOffsetOfEqualLogitsIsTheUniformDistribution(double offset) {
        Likelihood uniform = classify(3, offset, offset, offset, offset);
        assertRelative(-Math.log(4), uniform.logProb());
        assertRelative(Math.log(.75), uniform.restLogProb());
        assertRelative(Math.log(4), uniform.entropy());
        assertRelative(Math.sqrt(3), uniform.peakiness());
        assertEquals(0, uniform.argmaxTokens()[0], "lowest id on ties");
    }

    /** Classes come in blocks; the last may be short, and one may be missing. */
    @ParameterizedTest
    @ValueSource(ints = {511, 512, 513, 1025, 1537, 5000})
    void manyClassesFollowTheFormulas(int classes) {
        Random random = new Random(classes);
        float[][] floats = new float[4][classes];
        double[][] exact = new double[4][classes];
        for (int t = 0; t < exact.length; t++) {
            for (int v = 0; v < classes; v++) {
                floats[t][v] = (float) (3 * random.nextGaussian());
                exact[t][v] = floats[t][v];
            }
        }
        int[] labels = {0, classes - 1, classes / 2, 7};
        Likelihood naive = NaiveLikelihood.of(exact, labels, Peakiness.EXACT);
        try (INDArray logits = Nd4j.createFromArray(floats);
                INDArray columns = logits.dup('f');
                INDArray doubles = Nd4j.createFromArray(exact)) {
            for (INDArray each : List.of(logits, columns, doubles)) {
                Likelihood found =
                        LikelihoodMeasures.measureFlat(each, new int[][] {labels}).get(0);
                assertArrayEquals(naive.tokenLogProbs(), found.tokenLogProbs(), 1e-12);
                assertArrayEquals(naive.argmaxTokens(), found.argmaxTokens());
                assertEquals(naive.argmaxLogProb(), found.argmaxLogProb(), 1e-12);
                assertEquals(naive.restLogProb(), found.restLogProb(), 1e-12);
                assertEquals(naive.peakiness(), found.peakiness(), 1e-10);
                assertEquals(naive.gap(), found.gap(), 1e-12);
                assertEquals(naive.energy(), found.energy(), 1e-12);
                assertEquals(naive.entropy(), found.entropy(), 1e-12);
            }
        }
    }

    @Test
    void theWholeRangeOfFloat64GivesNoNaN() {
        Likelihood wide = classify(0, Double.MAX_VALUE, -Double.MAX_VALUE, 0);
        assertFalse(wide.hasNaN(), wide::toString);
        assertEquals(0, wide.logProb(), 0);
        assertEquals(-Double.MAX_VALUE, wide.restLogProb(), 0);
    }

    @Test
    void minusInfinityIsAnImpossibleClass() {
        double never = Double.NEGATIVE_INFINITY;
        Likelihood possible = classify(0, 1, never, 0);
        Likelihood without = classify(0, 1, 0);
        assertRelative(without.logProb(), possible.logProb());
        assertRelative(without.restLogProb(), possible.restLogProb());
        assertRelative(without.entropy(), possible.entropy());
        assertRelative(without.gap(), possible.gap());
        Likelihood impossible = classify(1, 1, never, 0);
        assertEquals(never, impossible.logProb(), 0);
        assertEquals(1, impossible.energy(), 0);
        assertTrue(impossible.gap() > 1 && impossible.gap() < Math.sqrt(2));
        Likelihood only = classify(0, 5, never, never);
        assertEquals(0, only.logProb(), 0);
        assertEquals(never, only.restLogProb(), 0);
        assertEquals(0, only.gap(), 0);
        assertEquals(0, only.entropy(), 0);
    }

    @Test
    void aSingleClassIsCertain() {
        Likelihood single = classify(0, 7);
        assertEquals(0, single.logProb(), 0);
        assertEquals(Double.NEGATIVE_INFINITY, single.restLogProb(), 0);
        assertEquals(0, single.peakiness(), 0);
        assertEquals(0, single.entropy(), 0);
    }

    @Test
    void logitsWithoutADistributionGiveNaNInEveryMeasure() {
        double nan = Double.NaN;
        double never = Double.NEGATIVE_INFINITY;
        double always = Double.POSITIVE_INFINITY;
        double[][] rows = {
            {nan, 0, 1},
            {0, nan, 1},
            {1, 0, nan},
            {nan, nan, nan},
            {never, never, never},
            {always, 0, 1},
            {0, always, always},
            {0, never, nan},
            {Double.MAX_VALUE, nan, -Double.MAX_VALUE},
        };
        for (double[] row : rows) {
            for (int label = 0; label < 3; label++) {
                Likelihood measured = classify(label, row);
                double[] values = {
                    measured.logProb(),
                    measured.argmaxLogProb(),
                    measured.restLogProb(),
                    measured.peakiness(),
                    measured.gap(),
                    measured.energy(),
                    measured.entropy()
                };
                assertArrayEquals(new double[] {nan, nan, nan, nan, nan, nan, nan}, values);
                assertTrue(measured.hasNaN());
            }
        }
    }

    @Test
    void aNaNInOneRowLeavesTheOthersAlone() {
        double[][] logits = {{Double.NaN, 0}, {0, 0}};
        try (INDArray array = Nd4j.createFromArray(logits)) {
            List<Likelihood> measured = LikelihoodMeasures.measure(array, new int[][] {{0}, {0}});
            assertTrue(measured.get(0).hasNaN());
            assertRelative(-Math.log(2), measured.get(1).logProb());
        }
    }

    @Test
    void peakinessIsBetweenUniformAndOneHot() {
        assertRelative(Math.sqrt(9), classify(0, new double[10]).peakiness());
        double[] peak = new double[10];
        peak[4] = 800;
        assertRelative(Math.sqrt(18), classify(0, peak).peakiness());
    }

    @Test
    void theReferenceFormAveragesNormsNotSquares() {
        double[] norms = {1, .5};
        assertRelative(Math.sqrt(4 * .625 + 2), Peakiness.EXACT.of(norms, 4));
        assertRelative(Math.sqrt(4 * .5625 + 2), Peakiness.REFERENCE.of(norms, 4));
    }

    @Test
    void refusesARowWithoutAnyUnmaskedPosition() {
        assertRefused(
                "row 1 has no unmasked position: at least one label must be >= 0",
                Nd4j.zeros(DataType.FLOAT, 2, 2, 3),
                new int[][] {{-1, 0}, {-100, -100}});
    }

    @Test
    void refusesALabelBeyondTheVocabulary() {
        assertRefused(
                "label must be < 3, got 3 in row 1, position 0",
                Nd4j.zeros(DataType.FLOAT, 2, 1, 3),
                new int[][] {{2}, {3}});
    }

    @Test
    void refusesLabelsOfAnotherShape() {
        INDArray logits = Nd4j.zeros(DataType.FLOAT, 2, 2, 3);
        assertRefused(
                "labels must have one row per row of logits, got 1 for 2",
                logits,
                new int[][] {{0, 0}});
        assertRefused(
                "labels of row 1 must have length 2, got 1", logits, new int[][] {{0, 0}, {0}});
        IllegalArgumentException error =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                LikelihoodMeasures.measureFlat(
                                        Nd4j.zeros(DataType.FLOAT, 5, 3),
                                        new int[][] {{0, 0}, {0, 0}}));
        assertEquals(
                "logits must have rows * length = 4 positions, got shape [5, 3]",
                error.getMessage());
    }

    @Test
    void refusesOtherRanksTypesAndClosedArrays() {
        int[][] labels = {{0}};
        assertRefused(
                "logits must be a non-empty array of rank 3, got shape [3]",
                Nd4j.zeros(DataType.FLOAT, 3),
                labels);
        assertRefused(
                "logits must be FLOAT or DOUBLE, got LONG",
                Nd4j.zeros(DataType.INT64, 1, 3),
                labels);
        INDArray closed = Nd4j.zeros(DataType.FLOAT, 1, 3);
        closed.close();
        assertRefused("logits must be open, got a closed array", closed, labels);
    }

    private static void assertRefused(String message, INDArray logits, int[][] labels) {
        IllegalArgumentException error =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> LikelihoodMeasures.measure(logits, labels));
        assertEquals(message, error.getMessage());
    }
}
