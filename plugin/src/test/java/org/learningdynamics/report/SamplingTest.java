package org.learningdynamics.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplingTest {
    @Test
    void keepsShortSeriesWhole() {
        assertArrayEquals(new int[] {0, 1, 2}, Sampling.even(3, 10, List.of()));
        assertArrayEquals(new int[] {0}, Sampling.even(1, 10, List.of()));
        assertArrayEquals(new int[0], Sampling.even(0, 10, List.of(0)));
        assertArrayEquals(new int[] {0, 1, 2}, Sampling.extremes(new double[3], 10));
        assertArrayEquals(new int[0], Sampling.extremes(new double[0], 10));
    }

    @Test
    void spacesEvenlyWithEndsAndKeptPoints() {
        assertArrayEquals(
                new int[] {0, 25, 33, 50, 75, 100}, Sampling.even(101, 5, List.of(33, 500)));
    }

    @Test
    void doesNotOverflowOnLongSeries() {
        int[] chosen = Sampling.even(Integer.MAX_VALUE, 7, List.of());
        assertEquals(7, chosen.length);
        assertEquals(Integer.MAX_VALUE - 1, chosen[6]);
    }

    @Test
    void keepsEverySpikeAndGap() {
        double[] values = new double[100_000];
        values[1234] = 9;
        values[77_777] = -9;
        values[50_001] = Double.NaN;
        int[] chosen = Sampling.extremes(values, 400);
        assertTrue(chosen.length <= 410, "got " + chosen.length);
        List<Integer> list = IntStream.of(chosen).boxed().toList();
        assertTrue(list.containsAll(List.of(0, 1234, 50_001, 77_777, 99_999)), list::toString);
        assertArrayEquals(Arrays.stream(chosen).sorted().toArray(), chosen);
    }

    @Test
    void picksValues() {
        assertArrayEquals(
                new double[] {3, 1}, Sampling.at(new double[] {1, 2, 3}, new int[] {2, 0}));
    }
}
