package org.learningdynamics.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {
    private static final double EXACT = 1e-15;

    @Test
    void risesInALineAndStays() {
        assertRates(LearningRateDecay.CONSTANT, 2, 0.5, 1, 1, 1, 1, 1);
    }

    @Test
    void fallsInALineAfterTheWarmUp() {
        assertRates(LearningRateDecay.LINEAR, 2, 0.5, 1, 1, 0.75, 0.5, 0.25);
    }

    @Test
    void fallsAsHalfACosine() {
        double quarter = (1 + Math.sqrt(0.5)) / 2;
        assertRates(LearningRateDecay.COSINE, 2, 0.5, 1, 1, quarter, 0.5, 1 - quarter);
    }

    @Test
    void startsAtThePeakWithoutWarmUp() {
        assertRates(LearningRateDecay.LINEAR, 0, 1, 5 / 6.0, 4 / 6.0, 0.5, 2 / 6.0, 1 / 6.0);
    }

    @Test
    void scalesWithThePeak() {
        LearningRateSchedule schedule =
                new LearningRateSchedule(0.02, 0, LearningRateDecay.LINEAR, 4);
        assertEquals(0.015, schedule.valueAt(1, 7), EXACT);
        assertEquals(schedule, schedule.clone());
    }

    private static void assertRates(LearningRateDecay decay, int warmup, double... expected) {
        LearningRateSchedule schedule = new LearningRateSchedule(1, warmup, decay, expected.length);
        double[] actual =
                IntStream.range(0, expected.length)
                        .mapToDouble(i -> schedule.valueAt(i, 0))
                        .toArray();
        assertArrayEquals(expected, actual, EXACT);
    }
}
