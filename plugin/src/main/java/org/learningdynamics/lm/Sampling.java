package org.learningdynamics.lm;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.learningdynamics.data.Shuffle;

/**
 * How the next token is chosen.
 *
 * @param temperature divides the logits; 0 chooses the likeliest token, the lowest id on a tie
 * @param topP draw only from the likeliest tokens that together reach this probability, in (0, 1]
 * @param seed seed of the draws
 */
public record Sampling(double temperature, double topP, long seed) {
    private static final double NUCLEUS_STEP = 4;

    /**
     * Checks the ranges.
     *
     * @param temperature divides the logits
     * @param topP probability to draw from
     * @param seed seed of the draws
     * @throws IllegalArgumentException if temperature is negative or topP outside (0, 1]
     */
    public Sampling {
        if (!(temperature >= 0) || Double.isInfinite(temperature)) {
            throw new IllegalArgumentException("temperature must be >= 0, got " + temperature);
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException("topP must be in (0, 1], got " + topP);
        }
    }

    /**
     * Always the likeliest token.
     *
     * @return greedy choice
     */
    public static Sampling greedy() {
        return new Sampling(0, 1, 0);
    }

    /**
     * Draws of the row with this index; rows draw independently of each other, so that batches can
     * be cut anywhere.
     */
    Random random(int row) {
        return Shuffle.random(seed, row);
    }

    /** The next token for one row of logits. */
    int choose(double[] logits, Random random) {
        if (temperature == 0) {
            return argmax(logits);
        }
        double[] probabilities = softmax(logits);
        int[] order = likeliestFirst(probabilities);
        double kept = 0;
        int count = 0;
        while (count < order.length && kept < topP) {
            kept += probabilities[order[count++]];
        }
        double draw = random.nextDouble() * kept;
        for (int i = 0; i < count - 1; i++) {
            draw -= probabilities[order[i]];
            if (draw < 0) {
                return order[i];
            }
        }
        return order[count - 1];
    }

    private double[] softmax(double[] logits) {
        double max = Arrays.stream(logits).max().orElseThrow();
        double[] p = Arrays.stream(logits).map(x -> Math.exp((x - max) / temperature)).toArray();
        double sum = Arrays.stream(p).sum();
        return Arrays.stream(p).map(x -> x / sum).toArray();
    }

    private int[] likeliestFirst(double[] probabilities) {
        IntStream ids = IntStream.range(0, probabilities.length);
        if (topP == 1) {
            return ids.toArray();
        }
        double least = leastOfNucleus(probabilities);
        return ids.filter(i -> probabilities[i] >= least)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -probabilities[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /**
     * A probability above which tokens together reach {@link #topP}, so that only they are sorted.
     * Tokens below the floor sum to less than 1 − topP.
     */
    private double leastOfNucleus(double[] probabilities) {
        double floor = (1 - topP) / probabilities.length;
        double least = Arrays.stream(probabilities).max().orElseThrow();
        double kept = 0;
        while (kept < topP && least > floor) {
            least = Math.max(least / NUCLEUS_STEP, floor);
            kept = 0;
            for (double p : probabilities) {
                kept += p >= least ? p : 0;
            }
        }
        return least;
    }

    private static int argmax(double[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }
}
