package org.learningdynamics.report;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** Chooses which points of a long series are drawn. */
final class Sampling {
    private Sampling() {}

    /**
     * Evenly spaced indexes with the first, the last and some others.
     *
     * @param size how many points there are
     * @param most how many points to choose evenly, at least 2
     * @param kept indexes that must be among them
     * @return ascending indexes, all if there are no more than {@code most}
     */
    static int[] even(int size, int most, Collection<Integer> kept) {
        TreeSet<Integer> chosen = new TreeSet<>();
        int count = Math.min(size, most);
        for (int i = 0; i < count; i++) {
            chosen.add(count == 1 ? 0 : (int) ((long) i * (size - 1) / (count - 1)));
        }
        kept.stream().filter(index -> index >= 0 && index < size).forEach(chosen::add);
        return chosen.stream().mapToInt(Integer::intValue).toArray();
    }

    /**
     * The ends and, of each stretch, the lowest and the highest value, so that no spike is lost.
     *
     * @param values the series; NaN is drawn as a gap
     * @param most about how many points to choose
     * @return ascending indexes, all if there are no more than {@code most}
     */
    static int[] extremes(double[] values, int most) {
        if (values.length <= most) {
            return even(values.length, values.length, List.of());
        }
        TreeSet<Integer> chosen = new TreeSet<>();
        chosen.add(0);
        chosen.add(values.length - 1);
        int stretches = Math.max(1, most / 2);
        for (int s = 0; s < stretches; s++) {
            int from = (int) ((long) s * values.length / stretches);
            int to = (int) ((long) (s + 1) * values.length / stretches);
            addExtremes(values, from, to, chosen);
        }
        return chosen.stream().mapToInt(Integer::intValue).toArray();
    }

    private static void addExtremes(double[] values, int from, int to, Collection<Integer> chosen) {
        int low = from;
        int high = from;
        for (int i = from; i < to; i++) {
            if (Double.isNaN(values[i])) {
                chosen.add(i);
                return;
            }
            low = values[i] < values[low] ? i : low;
            high = values[i] > values[high] ? i : high;
        }
        chosen.add(low);
        chosen.add(high);
    }

    static double[] at(double[] values, int[] indexes) {
        double[] chosen = new double[indexes.length];
        for (int i = 0; i < indexes.length; i++) {
            chosen[i] = values[indexes[i]];
        }
        return chosen;
    }
}
