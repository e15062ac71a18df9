package org.learningdynamics.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Seeded shuffling, the same on every Java platform: {@link Random}'s numbers are specified, the
 * order of the swaps is fixed here.
 */
public final class Shuffle {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Shuffle() {}

    /**
     * A shuffled copy.
     *
     * @param items the items
     * @param random the source of chance
     * @param <T> type of item
     * @return a new list
     */
    public static <T> List<T> copy(List<T> items, Random random) {
        List<T> shuffled = new ArrayList<>(items);
        for (int i = shuffled.size() - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            T item = shuffled.get(i);
            shuffled.set(i, shuffled.get(j));
            shuffled.set(j, item);
        }
        return shuffled;
    }

    /**
     * Independent chance for each member of a family, such as each epoch or each probe.
     *
     * @param seed the family's seed
     * @param member the member's number
     * @return a new source
     */
    public static Random random(long seed, long member) {
        long mixed = (seed ^ Long.rotateLeft(member * GOLDEN, 32)) * GOLDEN;
        return new Random(mixed ^ (mixed >>> 31));
    }
}
