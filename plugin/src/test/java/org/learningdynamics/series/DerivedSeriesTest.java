package org.learningdynamics.series;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DerivedSeriesTest {
    private static final double NAN = Double.NaN;

    private static RecordedRun run() {
        return SyntheticRun.of("run", 6, 9)
                .kind("chosen", (t, i) -> -50 + t - 0.1 * t * i)
                .kind("rejected", (t, i) -> -60 - t * t + SyntheticRun.noise(t, i))
                .build();
    }

    @Test
    void emaFollowsItsRecursion() {
        assertArrayEquals(
                new double[] {2, 0.9 * 2 + 0.1 * 4, 0.9 * 2.2 - 0.1}, Ema.smooth(2, 4, -1), 1e-15);
        assertArrayEquals(new double[] {1, 5}, Ema.smooth(new double[] {1, 5}, 0));
    }

    @Test
    void emaCarriesTheLastValueOverNan() {
        assertArrayEquals(new double[] {NAN, 1, 1, 0.9 + 0.2}, Ema.smooth(NAN, 1, NAN, 2), 1e-15);
    }

    @Test
    void emaRejectsDecayOfOne() {
        Exception e =
                assertThrows(IllegalArgumentException.class, () -> Ema.smooth(new double[] {1}, 1));
        assertEquals("decay must be in [0, 1), got 1.0", e.getMessage());
    }

    @Test
    void linearFitFindsALine() {
        LinearFit fit = LinearFit.of(new double[] {0, 1, 2, NAN}, new double[] {1, 3, 5, 100});
        assertEquals(2, fit.slope(), 1e-12);
        assertEquals(1, fit.intercept(), 1e-12);
        assertEquals(1, fit.rSquared(), 1e-12);
        assertEquals(3, fit.count());
        assertEquals(9, fit.at(4), 1e-12);
    }

    @Test
    void linearFitAgreesWithTheNormalEquations() {
        double[] x = {1, 2, 4, 7, 11};
        double[] y = {2, -1, 3, 5, 2.5};
        double sx = 25, sy = 11.5, sxx = 191, sxy = 2 - 2 + 12 + 35 + 27.5, syy = 45.25, n = 5;
        LinearFit fit = LinearFit.of(x, y);
        double slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
        double r = (n * sxy - sx * sy) / Math.sqrt((n * sxx - sx * sx) * (n * syy - sy * sy));
        assertEquals(slope, fit.slope(), 1e-12);
        assertEquals((sy - slope * sx) / n, fit.intercept(), 1e-12);
        assertEquals(r * r, fit.rSquared(), 1e-12);
    }

    @Test
    void linearFitNeedsTwoAbscissae() {
        assertTrue(Double.isNaN(LinearFit.of(new double[] {1, 1}, new double[] {1, 2}).slope()));
        Exception e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> LinearFit.of(new double[] {1}, new double[] {}));
        assertEquals("x and y must have the same length, got 1 and 0", e.getMessage());
    }

    @Test
    void lowerBoundFollowsItsFormula() {
        RecordedRun run = run();
        LikelihoodTable table = run.likelihoods();
        double[] lbk = LowerBound.lbk(table, "rejected", "chosen");
        double[] signed = LowerBound.signDelta(table, "rejected", "chosen");
        assertEquals(5, lbk.length);
        for (int t = 0; t < 5; t++) {
            double squares = 0, sum = 0, peakiness = 0, gap = 0;
            for (int i = 0; i < 9; i++) {
                double delta =
                        -(t + 1) * (t + 1)
                                + SyntheticRun.noise(t + 1, i)
                                + t * t
                                - SyntheticRun.noise(t, i);
                squares += delta * delta;
                sum += delta;
                peakiness += 10 + 0.1 * (t + 1) + 0.01 * i;
                gap += 0.8 - 0.01 * (t + 1) + 0.001 * i;
            }
            double scale = Math.sqrt(peakiness / 9) * (gap / 9);
            assertEquals(Math.sqrt(squares) / scale, lbk[t], 1e-12 * lbk[t]);
            assertEquals(sum / 9 / scale, signed[t], 1e-11);
        }
    }

    @Test
    void lowerBoundOfAnUnknownKindIsNan() {
        for (double value : LowerBound.lbk(run().likelihoods(), "rejected", "none")) {
            assertTrue(Double.isNaN(value));
        }
    }

    @Test
    void lowerBoundOfOneStepDividesByItsFactors() {
        assertEquals(2 / (0.1 * 4 * 5), LowerBound.ofStep(-2, 0.1, 4, 5), 1e-15);
        Exception e =
                assertThrows(IllegalArgumentException.class, () -> LowerBound.ofStep(1, 0, 1, 1));
        assertEquals("learningRate must be > 0, got 0.0", e.getMessage());
    }

    @Test
    void accumulatedInfluenceSumsTheSmoothedSeries() {
        AccumulatedInfluence bar = AccumulatedInfluence.of(NAN, 2, 4);
        assertEquals(4.2, bar.sum(), 1e-15);
        assertEquals(0.01, bar.variance(), 1e-15);
        assertEquals(0, AccumulatedInfluence.of().sum());
    }

    @Test
    void kindSeriesHoldsMeansAndPairedChanges() {
        KindSeries series = KindSeries.of(run().likelihoods(), Measure.LOG_PROB, "chosen");
        assertEquals(-50 + 3 - 0.1 * 3 * 4, series.means().get(3).mean(), 1e-12);
        assertEquals(3 - 0.1 * 3 * 4, series.changes().get(3).mean(), 1e-12);
        double[] changes = new double[9];
        for (int i = 0; i < 9; i++) {
            changes[i] = 3 - 0.3 * i;
        }
        assertEquals(MeanInterval.studentT(changes).low(), series.changes().get(3).low(), 1e-12);
        assertEquals(0, series.first());
        assertEquals(5, series.last());
        assertEquals(5, series.best());
    }

    @Test
    void kindSeriesStartsAtItsFirstMeasuredRecording() {
        RecordedRun run =
                SyntheticRun.of("late", 4, 3)
                        .kind("chosen", (t, i) -> t == 0 || t == 3 ? NAN : -10 - t - i)
                        .build();
        KindSeries series = KindSeries.of(run.likelihoods(), Measure.LOG_PROB, "chosen");
        assertEquals(1, series.first());
        assertEquals(2, series.last());
        assertEquals(1, series.best());
        assertEquals(-1, series.changes().get(2).mean(), 1e-12);
        assertEquals(0, series.changes().get(3).count());
    }
}
