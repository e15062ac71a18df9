package org.learningdynamics.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostExpTest {
    private static final double BOUND = 2e-7;

    private static float[] exp(float... values) {
        float[] copy = values.clone();
        new HostExp().apply(copy, 0, copy.length);
        return copy;
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-30, 1e-6, 0.3, 3, 30, 87})
    void isTheExponentialWithinTheStatedError(double range) {
        Random random = new Random(1);
        float[] values = new float[50_001];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((2 * random.nextDouble() - 1) * range);
        }
        float[] powers = exp(values);
        for (int i = 0; i < values.length; i++) {
            double expected = Math.exp(values[i]);
            assertTrue(
                    Math.abs(powers[i] - expected) <= BOUND * expected,
                    values[i] + " gives " + powers[i]);
        }
    }

    @Test
    void zeroOfEitherSignGivesOne() {
        assertEquals(1f, exp(0f)[0]);
        assertEquals(1f, exp(-0f)[0]);
    }

    @Test
    void smallValuesGiveZeroAndLargeOnesAreHeld() {
        assertEquals(0f, exp(-88f)[0]);
        assertEquals(0f, exp(-1e4f)[0]);
        assertEquals(0f, exp(-Float.MAX_VALUE)[0]);
        assertEquals(0f, exp(Float.NEGATIVE_INFINITY)[0]);
        float largest = exp(HostExp.LARGEST)[0];
        assertEquals(Math.exp(87), largest, BOUND * largest);
        assertEquals(largest, exp(1e4f)[0]);
        assertEquals(largest, exp(Float.POSITIVE_INFINITY)[0]);
        assertTrue(1 / largest >= Float.MIN_NORMAL);
    }

    @Test
    void theLastValuesBeforeZeroAreRight() {
        assertEquals(Math.exp(-87.3), exp(-87.3f)[0], 1e-4 * Math.exp(-87.3));
        assertEquals(0, exp(-87.7f)[0], Float.MIN_NORMAL);
    }

    @Test
    void whatIsNotANumberStays() {
        assertTrue(Float.isNaN(exp(Float.NaN)[0]));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 4096, 4097, 10_001})
    void changesTheGivenPlacesOnly(int count) {
        float[] values = new float[count + 5];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 11 - 5;
        }
        float[] before = values.clone();
        new HostExp().apply(values, 2, count);
        for (int i = 0; i < values.length; i++) {
            boolean inside = i >= 2 && i < 2 + count;
            double expected = inside ? Math.exp(before[i]) : before[i];
            assertEquals(expected, values[i], BOUND * Math.abs(expected), "at " + i);
        }
    }
}
