package org.learningdynamics.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SparklineTest {
    @Test
    void drawsFromLowestToHighest() {
        assertEquals("▁▂▃▄▅▆▇█", Sparkline.of(new double[] {0, 1, 2, 3, 4, 5, 6, 7}, 20));
        assertEquals("█▁", Sparkline.of(new double[] {-1, -3}, 20));
    }

    @Test
    void thinsToItsColumnsWithBothEnds() {
        double[] ramp = IntStream.range(0, 1000).asDoubleStream().toArray();
        String line = Sparkline.of(ramp, 16);
        assertEquals(16, line.length());
        assertEquals('▁', line.charAt(0));
        assertEquals('█', line.charAt(15));
    }

    @Test
    void leavesGapsWhereNothingFiniteIs() {
        double[] values = {1, Double.NaN, 2, Double.NEGATIVE_INFINITY};
        assertEquals("▁ █ ", Sparkline.of(values, 9));
        assertEquals(" ", Sparkline.of(new double[] {Double.NaN}, 9));
    }

    @Test
    void drawsAConstantAndNothingAtAll() {
        assertEquals("▁▁", Sparkline.of(new double[] {5, 5}, 9));
        assertEquals("", Sparkline.of(new double[0], 9));
        assertEquals("", Sparkline.of(new double[] {1, 2}, 1));
    }
}
