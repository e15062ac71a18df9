package org.learningdynamics.series;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class QuantilesTest {
    @Test
    void interpolatesBetweenOrderStatistics() {
        double[] values = {4, 1, 3, 2};
        assertArrayEquals(
                new double[] {1, 1.75, 2.5, 4}, Quantiles.of(values, 0, 0.25, 0.5, 1), 1e-15);
        assertArrayEquals(new double[] {4, 1, 3, 2}, values);
    }

    @Test
    void leavesNanOut() {
        assertEquals(2, Quantiles.of(new double[] {3, Double.NaN, 1}, 0.5)[0]);
        assertTrue(Double.isNaN(Quantiles.of(new double[] {Double.NaN}, 0.5)[0]));
    }

    @Test
    void rejectsProbabilityOutsideItsRange() {
        Exception e =
                assertThrows(
                        IllegalArgumentException.class, () -> Quantiles.of(new double[] {1}, 1.5));
        assertEquals("probability must be in [0, 1], got 1.5", e.getMessage());
        assertThrows(
                IllegalArgumentException.class, () -> Quantiles.of(new double[] {1}, Double.NaN));
    }
}
