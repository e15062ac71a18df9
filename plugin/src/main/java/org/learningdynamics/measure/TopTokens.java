package org.learningdynamics.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The likeliest classes at a position with their log-probabilities, {@code log π(v) = z_v − log Σ_u
 * exp(z_u)} (nats), computed as {@link LikelihoodMeasures} does: a token's value here and its token
 * log-probability there are the same number.
 *
 * <p>Where a NaN, a +∞ or nothing but −∞ is among the logits there is no distribution, and the
 * result is empty. A class with logit −∞ has −∞. Cost: one pass over the logits beside those of
 * {@link LikelihoodMeasures}, O(V) as long as few classes are asked for.
 */
public final class TopTokens {
    private final LogitRows rows;
    private final TokenDistribution distribution;

    /**
     * Reads logits; they must stay open while this is used. For one thread.
     *
     * @param logits float or double // [positions, V]
     * @throws IllegalArgumentException if shape or type do not fit
     */
    public TopTokens(INDArray logits) {
        rows = LogitRows.ofRank2(logits, 1);
        distribution = new TokenDistribution(rows.classes());
    }

    /**
     * One class and its log-probability.
     *
     * @param token the class
     * @param logProb log π (nats), −∞ if it is impossible
     */
    public record Entry(int token, double logProb) {}

    /**
     * The likeliest classes of a position and some others.
     *
     * @param position row of the logits, from 0
     * @param count how many of the likeliest, at least 1; all if there are fewer
     * @param others classes that are wanted whatever their rank; may repeat
     * @return by falling probability, the lower class first on ties; each class once
     * @throws IllegalArgumentException if the count is too small or a class unknown
     */
    public List<Entry> at(int position, int count, int... others) {
        requireKnown(count, others);
        distribution.read(rows, position, 0);
        if (Double.isNaN(distribution.argmaxLogProb())) {
            return List.of();
        }
        IntStream classes =
                IntStream.concat(Arrays.stream(likeliest(count)), Arrays.stream(others));
        List<Entry> entries = new ArrayList<>();
        PrimitiveIterator.OfInt each = classes.distinct().iterator();
        while (each.hasNext()) {
            int token = each.nextInt();
            entries.add(new Entry(token, distribution.logProb(token)));
        }
        entries.sort(
                Comparator.comparingDouble(Entry::logProb)
                        .reversed()
                        .thenComparingInt(Entry::token));
        return entries;
    }

    private void requireKnown(int count, int[] others) {
        if (count < 1) {
            throw new IllegalArgumentException("count must be >= 1, got " + count);
        }
        for (int token : others) {
            if (token < 0 || token >= rows.classes()) {
                throw new IllegalArgumentException(
                        "class must be in 0.." + (rows.classes() - 1) + ", got " + token);
            }
        }
    }

    /** By insertion: a class below the last of a full list costs one comparison. */
    private int[] likeliest(int count) {
        int[] best = new int[Math.min(count, rows.classes())];
        int held = 0;
        for (int v = 0; v < rows.classes(); v++) {
            double logit = distribution.logit(v);
            if (held == best.length && !(logit > distribution.logit(best[held - 1]))) {
                continue;
            }
            int place = held < best.length ? held++ : held - 1;
            while (place > 0 && logit > distribution.logit(best[place - 1])) {
                best[place] = best[place - 1];
                place--;
            }
            best[place] = v;
        }
        return best;
    }
}
