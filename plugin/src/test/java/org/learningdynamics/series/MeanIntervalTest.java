package org.learningdynamics.series;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeanIntervalTest {
    /** Quantiles from any statistics table (R 4.2: qt(0.975, df)). */
    @ParameterizedTest
    @CsvSource({
        "1, 12.706204736",
        "2, 4.302652730",
        "3, 3.182446305",
        "10, 2.228138852",
        "59, 2.000995378",
        "1000, 1.962339081",
        "1001, 1.962336700"
    })
    void studentQuantileAgreesWithTables(int degrees, double quantile) {
        assertEquals(quantile, StudentT.quantile975(degrees), 2e-8);
    }

    @Test
    void upperTailOfOneDegreeIsTheCauchyDistribution() {
        assertEquals(0.25, StudentT.upperTail(1, 1), 1e-15);
        assertEquals(0.5 - Math.atan(3) / Math.PI, StudentT.upperTail(3, 1), 1e-15);
    }

    @Test
    void rejectsZeroDegrees() {
        Exception e = assertThrows(IllegalArgumentException.class, () -> StudentT.quantile975(0));
        assertEquals("degrees must be >= 1, got 0", e.getMessage());
    }

    @Test
    void studentIntervalFollowsItsFormula() {
        Interval interval = MeanInterval.studentT(1, 2, 4, 5, 8);
        double s = Math.sqrt((9 + 4 + 0 + 1 + 16) / 4.0);
        double half = 2.776445105 * s / Math.sqrt(5);
        assertEquals(4, interval.mean(), 1e-15);
        assertEquals(4 - half, interval.low(), 1e-8);
        assertEquals(4 + half, interval.high(), 1e-8);
        assertEquals(5, interval.count());
    }

    @Test
    void studentIntervalLeavesNanOut() {
        assertEquals(
                MeanInterval.studentT(1, 2, 4),
                MeanInterval.studentT(Double.NaN, 1, 2, Double.NaN, 4));
    }

    @Test
    void oneValueHasNoInterval() {
        Interval interval = MeanInterval.studentT(3);
        assertEquals(3, interval.mean());
        assertTrue(Double.isNaN(interval.low()) && Double.isNaN(interval.high()));
        assertFalse(interval.excludesZero());
        assertEquals(interval, MeanInterval.bootstrap(3));
    }

    @Test
    void noValueHasNoMean() {
        assertTrue(Double.isNaN(MeanInterval.studentT().mean()));
        assertEquals(0, MeanInterval.bootstrap().count());
    }

    @Test
    void bootstrapIsRepeatableAndSeeded() {
        double[] values = normal(50, 1);
        assertEquals(MeanInterval.bootstrap(values), MeanInterval.bootstrap(values));
        assertFalse(
                MeanInterval.bootstrap(values, 100, 1)
                        .equals(MeanInterval.bootstrap(values, 100, 2)));
    }

    @Test
    void bootstrapAgreesWithStudentOnManyNormalValues() {
        double[] values = normal(400, 3);
        Interval student = MeanInterval.studentT(values);
        Interval bootstrap = MeanInterval.bootstrap(values, 4000, 9);
        double width = student.high() - student.low();
        assertEquals(student.mean(), bootstrap.mean(), 1e-12);
        assertEquals(student.low(), bootstrap.low(), 0.06 * width);
        assertEquals(student.high(), bootstrap.high(), 0.06 * width);
    }

    @Test
    void intervalsCoverTheTrueMeanAboutNineteenTimesInTwenty() {
        int student = 0;
        int bootstrap = 0;
        for (int trial = 0; trial < 400; trial++) {
            double[] values = normal(40, 100 + trial);
            student += covers(MeanInterval.studentT(values)) ? 1 : 0;
            bootstrap += covers(MeanInterval.bootstrap(values, 400, trial)) ? 1 : 0;
        }
        assertEquals(380, student, 15);
        assertEquals(376, bootstrap, 17);
    }

    @Test
    void rejectsFewResamples() {
        Exception e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> MeanInterval.bootstrap(new double[] {1, 2}, 39, 0));
        assertEquals("resamples must be >= 40, got 39", e.getMessage());
    }

    @Test
    void intervalKnowsItsSide() {
        assertTrue(new Interval(2, 1, 3, 5).isAboveZero());
        assertTrue(new Interval(-2, -3, -1, 5).isBelowZero());
        assertFalse(new Interval(1, 0, 2, 5).excludesZero());
    }

    @Test
    void intervalRejectsCrossedEnds() {
        Exception e = assertThrows(IllegalArgumentException.class, () -> new Interval(0, 2, 1, 5));
        assertEquals("low must be <= high, got 2.0 > 1.0", e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> new Interval(0, 1, 1, -1));
        assertEquals("count must be >= 0, got -1", e.getMessage());
    }

    private static boolean covers(Interval interval) {
        return interval.low() <= 0 && interval.high() >= 0;
    }

    private static double[] normal(int n, long seed) {
        Random random = new Random(seed);
        return random.doubles(n).map(ignored -> random.nextGaussian()).toArray();
    }
}
