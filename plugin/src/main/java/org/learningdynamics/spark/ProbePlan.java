package org.learningdynamics.spark;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.learningdynamics.listener.PackedLikelihoods;

/**
 * Which rows go through the model together: all rows of the file, longest first, as a listener
 * takes them. The same whatever the partitions of the file were.
 */
final class ProbePlan implements Serializable {
    private static final long serialVersionUID = 1L;

    private final long[] keys; // sorted
    private final int[] places; // of the keys' rows, longest first
    private final int[] ends; // of passes, places
    private final int passesPerBlock;

    /**
     * Plans.
     *
     * @param rows probe, part of it, and length of each row
     */
    ProbePlan(List<int[]> rows, int tokensPerBatch, int passesPerBlock) {
        List<int[]> sorted = rows.stream().sorted(ORDER).toList();
        int[] lengths = sorted.stream().mapToInt(row -> row[2]).toArray();
        ends =
                PackedLikelihoods.passes(lengths, tokensPerBatch).stream()
                        .mapToInt(Integer::intValue)
                        .toArray();
        this.passesPerBlock = passesPerBlock;
        keys = sorted.stream().mapToLong(row -> key(row[0], row[1])).sorted().toArray();
        places = new int[keys.length];
        for (int place = 0; place < keys.length; place++) {
            int[] row = sorted.get(place);
            places[Arrays.binarySearch(keys, key(row[0], row[1]))] = place;
        }
    }

    private static final Comparator<int[]> ORDER =
            Comparator.<int[]>comparingInt(row -> row[2])
                    .reversed()
                    .thenComparingInt(row -> row[0])
                    .thenComparingInt(row -> row[1]);

    private static long key(int probe, int part) {
        return ((long) probe << Integer.SIZE) | part;
    }

    int place(int probe, int part) {
        return places[Arrays.binarySearch(keys, key(probe, part))];
    }

    /** The pass in which the row of a place goes. */
    int pass(int place) {
        int found = Arrays.binarySearch(ends, place + 1);
        return found >= 0 ? found : -found - 1;
    }

    long block(int place) {
        return pass(place) / passesPerBlock;
    }

    int blocks() {
        return (ends.length + passesPerBlock - 1) / passesPerBlock;
    }
}
