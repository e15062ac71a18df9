package org.learningdynamics.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DoubleExpTest {
    private static double[] exp(double... values) {
        double[] target = new double[values.length];
        new DoubleExp().apply(values, target, values.length);
        return target;
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-300, 1e-9, 0.3, 3, 30, 300, 708})
    void isTheExponentialWithinTheStatedError(double range) {
        Random random = new Random(1);
        for (int round = 0; round < 20; round++) {
            double[] values = new double[DoubleExp.CAPACITY];
            Arrays.setAll(values, i -> -random.nextDouble() * range);
            double[] powers = exp(values);
            for (int i = 0; i < values.length; i++) {
                double expected = Math.exp(values[i]);
                assertEquals(expected, powers[i], 1e-15 * expected, "exp " + values[i]);
            }
        }
    }

    @Test
    void theLeastValueGivesZeroAndZeroOfEitherSignGivesOne() {
        assertEquals(0, exp(DoubleExp.LEAST)[0]);
        assertEquals(1, exp(0.0)[0]);
        assertEquals(1, exp(-0.0)[0]);
    }

    @Test
    void whatIsNotANumberStaysAndLeavesOthersAlone() {
        double[] powers = exp(-1, Double.NaN, -2);
        assertEquals(Math.exp(-1), powers[0], 1e-16);
        assertTrue(Double.isNaN(powers[1]));
        assertEquals(Math.exp(-2), powers[2], 1e-16);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 511})
    void fillsTheGivenPlacesOnly(int count) {
        double[] values = new double[DoubleExp.CAPACITY];
        Arrays.fill(values, -3);
        double[] target = new double[DoubleExp.CAPACITY];
        Arrays.fill(target, 7);
        new DoubleExp().apply(values, target, count);
        for (int i = 0; i < target.length; i++) {
            assertEquals(i < count ? Math.exp(-3) : 7, target[i], 1e-16, "at " + i);
        }
    }
}
