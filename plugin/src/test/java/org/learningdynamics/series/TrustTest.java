package org.learningdynamics.series;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileReader;

class TrustTest {
    private static final double NAN = Double.NaN;

    @TempDir private Path directory;

    private static double[][] drawn(int n) {
        Random random = new Random(7);
        double[] predicted = new double[n];
        double[] actual = new double[n];
        for (int i = 0; i < n; i++) {
            predicted[i] = Math.round(4 * random.nextGaussian()) / 2.0;
            actual[i] = 0.3 + 0.8 * predicted[i] + Math.round(random.nextGaussian()) / 4.0;
        }
        return new double[][] {predicted, actual};
    }

    /** The rank by counting: the values below, half of the equal ones, and a half. */
    private static double rank(double[] values, int i) {
        double rank = 0.5;
        for (double value : values) {
            rank += value < values[i] ? 1 : value == values[i] ? 0.5 : 0;
        }
        return rank;
    }

    private static double pearson(double[] x, double[] y) {
        int n = x.length;
        double sx = 0, sy = 0, sxx = 0, sxy = 0, syy = 0;
        for (int i = 0; i < n; i++) {
            sx += x[i];
            sy += y[i];
            sxx += x[i] * x[i];
            sxy += x[i] * y[i];
            syy += y[i] * y[i];
        }
        return (n * sxy - sx * sy) / Math.sqrt((n * sxx - sx * sx) * (n * syy - sy * sy));
    }

    @Test
    void agreesWithTheNaiveFormulas() {
        double[] p = drawn(60)[0];
        double[] a = drawn(60)[1];
        double[] ranksP = new double[60];
        double[] ranksA = new double[60];
        double missed = 0, aa = 0, ap = 0, pp = 0, mean = 0, varied = 0, sp = 0;
        for (int i = 0; i < 60; i++) {
            ranksP[i] = rank(p, i);
            ranksA[i] = rank(a, i);
            missed += Math.pow(a[i] - p[i], 2);
            aa += a[i] * a[i];
            ap += a[i] * p[i];
            pp += p[i] * p[i];
            mean += a[i] / 60;
            sp += p[i];
        }
        for (double value : a) {
            varied += Math.pow(value - mean, 2);
        }
        Trust trust = Trust.of(p, a);
        assertEquals(pearson(ranksP, ranksA), trust.spearman(), 1e-12);
        assertEquals(1 - missed / varied, trust.rSquared(), 1e-12);
        assertEquals((60 * ap - sp * 60 * mean) / (60 * pp - sp * sp), trust.slope(), 1e-12);
        assertEquals(ap / pp, trust.slopeThroughOrigin(), 1e-12);
        assertEquals(Math.sqrt(missed) / Math.sqrt(aa), trust.remainder(), 1e-12);
        assertEquals(60, trust.rows());
    }

    @Test
    void seesAnErrorOfScaleInEverythingButTheRanks() {
        Trust trust = Trust.of(new double[] {-1, 0, 1, 4}, new double[] {-2, 0, 2, 8});
        assertEquals(1, trust.spearman(), 1e-15);
        assertEquals(2, trust.slope(), 1e-15);
        assertEquals(2, trust.slopeThroughOrigin(), 1e-15);
        assertEquals(0.5, trust.remainder(), 1e-15);
        assertEquals(1 - 18.0 / 56, trust.rSquared(), 1e-15);
    }

    @Test
    void isPerfectForEqualChangesInReverseRanksForOpposite() {
        double[] changes = {0.5, -0.25, 0, 3};
        assertEquals(new Trust(1, 1, 1, 1, 0, 4), Trust.of(changes, changes));
        assertEquals(-1, Trust.of(changes, new double[] {-0.5, 0.25, 0, -3}).spearman(), 1e-15);
    }

    @Test
    void leavesOutWhatIsNoNumber() {
        Trust trust =
                Trust.of(
                        new double[] {1, NAN, 3, 4, 6},
                        new double[] {2, 5, NAN, Double.NEGATIVE_INFINITY, 7});
        assertEquals(Trust.of(new double[] {1, 6}, new double[] {2, 7}), trust);
        assertEquals(2, trust.rows());
    }

    @Test
    void isUndefinedWhereNothingVaries() {
        assertEquals(new Trust(NAN, NAN, NAN, NAN, NAN, 0), Trust.of(new double[0], new double[0]));
        Trust constant = Trust.of(new double[] {1, 1}, new double[] {2, 2});
        assertEquals(new Trust(NAN, NAN, NAN, 2, 0.5, 2), constant);
        assertEquals(NAN, Trust.of(new double[] {1, 2}, new double[] {0, 0}).remainder());
    }

    @Test
    void rejectsDifferentLengths() {
        assertEquals(
                "predicted and actual must have the same length, got 1 and 2",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Trust.of(new double[1], new double[2]))
                        .getMessage());
    }

    @Test
    void ofARunIsPerStepPooledAndMedian() {
        Path path = directory.resolve("run.ldyn");
        InfluenceRun.write(path, 5, 3);
        TrustSeries series = TrustSeries.of(RunFileReader.open(path), RowFilter.ALL);
        assertEquals(5, series.steps().size());
        double[] pooledPredicted = new double[5 * InfluenceRun.RESPONSES];
        double[] pooledActual = new double[pooledPredicted.length];
        for (int s = 0; s < 5; s++) {
            double[] p = new double[InfluenceRun.RESPONSES];
            double[] a = new double[InfluenceRun.RESPONSES];
            for (int o = 0; o < InfluenceRun.RESPONSES; o++) {
                p[o] = InfluenceRun.predicted(s + 1, o);
                a[o] = InfluenceRun.actual(s + 1, o);
                pooledPredicted[s * InfluenceRun.RESPONSES + o] = p[o];
                pooledActual[s * InfluenceRun.RESPONSES + o] = a[o];
            }
            assertEquals(new TrustSeries.AtStep(s + 1, Trust.of(p, a)), series.steps().get(s));
        }
        assertEquals(Trust.of(pooledPredicted, pooledActual), series.pooled());
        double[] slopes =
                series.steps().stream().mapToDouble(s -> s.trust().slope()).sorted().toArray();
        assertEquals(slopes[2], series.median(Trust::slope));
    }
}
