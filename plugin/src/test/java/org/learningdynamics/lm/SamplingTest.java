package org.learningdynamics.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SamplingTest {
    private static final double[] LOGITS = {Math.log(0.1), Math.log(0.6), Math.log(0.3)};

    @Test
    void greedyTakesTheLikeliestAndTheLowestIdOnATie() {
        assertEquals(1, Sampling.greedy().choose(LOGITS, new Random(1)));
        assertEquals(1, Sampling.greedy().choose(new double[] {0, 4, 4}, new Random(1)));
    }

    @Test
    void temperatureOneDrawsFromTheModel() {
        assertFrequencies(new Sampling(1, 1, 0), 0.1, 0.6, 0.3);
    }

    @Test
    void temperatureSharpens() {
        assertFrequencies(new Sampling(0.5, 1, 0), 0.01 / 0.46, 0.36 / 0.46, 0.09 / 0.46);
    }

    @Test
    void topPKeepsTheLikeliestTokensOnly() {
        assertFrequencies(new Sampling(1, 0.8, 0), 0, 0.6 / 0.9, 0.3 / 0.9);
        assertFrequencies(new Sampling(1, 0.5, 0), 0, 1, 0);
    }

    @Test
    void topPDrawsAsIfAllTokensWereSorted() {
        Random random = new Random(4);
        for (int i = 0; i < 200; i++) {
            double spread = 6 * random.nextDouble();
            double[] logits =
                    random.doubles(50).map(x -> Math.rint(x * spread * 4) / 4).toArray(); // ties
            double topP = i % 5 == 0 ? 1 - 1e-16 : random.nextDouble();
            if (topP > 0) {
                Sampling sampling = new Sampling(1, topP, 0);
                assertEquals(
                        naive(logits, topP, new Random(i)), sampling.choose(logits, new Random(i)));
            }
        }
    }

    private static int naive(double[] logits, double topP, Random random) {
        double sum = Arrays.stream(logits).map(Math::exp).sum();
        List<Integer> order =
                IntStream.range(0, logits.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> -logits[i]))
                        .toList();
        double kept = 0;
        int count = 0;
        while (count < order.size() && kept < topP - 1e-13) {
            kept += Math.exp(logits[order.get(count++)]) / sum;
        }
        double draw = random.nextDouble() * kept;
        int chosen = 0;
        while (chosen < count - 1 && draw >= Math.exp(logits[order.get(chosen)]) / sum) {
            draw -= Math.exp(logits[order.get(chosen++)]) / sum;
        }
        return order.get(chosen);
    }

    @Test
    void rowsAndSeedsDrawDifferently() {
        Sampling sampling = new Sampling(1, 1, 3);
        double first = sampling.random(0).nextDouble();
        assertEquals(first, new Sampling(1, 1, 3).random(0).nextDouble());
        assertEquals(
                3,
                java.util.stream.DoubleStream.of(
                                first,
                                sampling.random(1).nextDouble(),
                                new Sampling(1, 1, 4).random(0).nextDouble())
                        .distinct()
                        .count());
    }

    @Test
    void rejectsValuesOutOfRange() {
        assertMessage("temperature must be >= 0, got -1.0", () -> new Sampling(-1, 1, 0));
        assertMessage("temperature must be >= 0, got NaN", () -> new Sampling(Double.NaN, 1, 0));
        assertMessage("topP must be in (0, 1], got 0.0", () -> new Sampling(1, 0, 0));
        assertMessage("topP must be in (0, 1], got NaN", () -> new Sampling(1, Double.NaN, 0));
    }

    private static void assertMessage(String message, Executable code) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, code).getMessage());
    }

    private static void assertFrequencies(Sampling sampling, double... expected) {
        int draws = 20_000;
        int[] counts = new int[expected.length];
        Random random = new Random(11);
        for (int i = 0; i < draws; i++) {
            counts[sampling.choose(LOGITS, random)]++;
        }
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], counts[i] / (double) draws, 0.015, "token " + i);
        }
    }
}
