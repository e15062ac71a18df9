package org.learningdynamics.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopTwoTest {
    private final TopTwo top = new TopTwo();

    private void assertFound(int index, double largest, double second, double... values) {
        top.find(values);
        assertEquals(index, top.index());
        assertEquals(largest, top.largest());
        assertEquals(second, top.second());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 511, 512, 513, 1024, 5000})
    void areTheLastTwoOfTheSortedValues(int count) {
        Random random = new Random(count);
        for (int round = 0; round < 50; round++) {
            double[] values = random.doubles(count, -9, 9).toArray();
            if (round % 2 == 0) {
                Arrays.setAll(values, v -> Math.rint(values[v])); // many of one size
            }
            double[] sorted = values.clone();
            Arrays.sort(sorted);
            double largest = sorted[count - 1];
            assertFound(
                    IntStream.range(0, count)
                            .filter(v -> values[v] == largest)
                            .findFirst()
                            .orElse(-1),
                    largest,
                    count == 1 ? Double.NEGATIVE_INFINITY : sorted[count - 2],
                    values);
        }
    }

    @Test
    void theNextOneMayStandInTheSameLane() {
        double[] values = new double[2000];
        values[3] = 1;
        values[3 + 2 * 512] = 2;
        assertFound(3 + 2 * 512, 2, 1, values);
        values[3] = 2;
        assertFound(3, 2, 2, values);
    }

    @Test
    void infinitiesAreValues() {
        double least = Double.NEGATIVE_INFINITY;
        assertFound(0, least, least, least, least, least);
        assertFound(1, -4, least, least, -4, least);
        assertFound(2, Double.POSITIVE_INFINITY, 7, 7, least, Double.POSITIVE_INFINITY);
    }

    @Test
    void whatIsNotANumberIsPassedOver() {
        assertFound(2, 5, 3, Double.NaN, 3, 5, Double.NaN, -1);
        assertFound(1, 5, 5, Double.NaN, 5, 5);
        double least = Double.NEGATIVE_INFINITY;
        assertFound(0, least, least, Double.NaN, Double.NaN);
    }
}
