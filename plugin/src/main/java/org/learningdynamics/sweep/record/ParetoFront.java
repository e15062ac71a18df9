package org.learningdynamics.sweep.record;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The candidates that no other one dominates: {@code a} dominates {@code b} if it is nowhere worse
 * and somewhere better, score by score in the direction of each goal. Candidates with equal scores
 * do not dominate each other; one with a NaN is never on the front and dominates nothing. Sorting
 * first, each candidate is compared with the front found so far only: n·log n + n·front·scores.
 */
public final class ParetoFront {
    private ParetoFront() {}

    /**
     * Finds the front.
     *
     * @param scores one row a candidate // [candidates][scores]
     * @param goals one a score
     * @return indexes of the candidates on it, ascending
     * @throws IllegalArgumentException if a row has not one value a goal
     */
    public static List<Integer> of(double[][] scores, List<Goal> goals) {
        for (double[] row : scores) {
            if (row.length != goals.size()) {
                throw new IllegalArgumentException(
                        "scores must hold one value for each of the "
                                + goals.size()
                                + " goals, got "
                                + row.length);
            }
        }
        List<Integer> order =
                IntStream.range(0, scores.length)
                        .filter(
                                i ->
                                        IntStream.range(0, goals.size())
                                                .noneMatch(s -> Double.isNaN(scores[i][s])))
                        .boxed()
                        .sorted(bestFirst(scores, goals))
                        .toList();
        List<Integer> front = new ArrayList<>();
        for (int candidate : order) {
            if (front.stream().noneMatch(f -> dominates(scores[f], scores[candidate], goals))) {
                front.add(candidate);
            }
        }
        front.sort(null);
        return List.copyOf(front);
    }

    /** Lexicographic, so that no candidate is dominated by one that comes later. */
    private static Comparator<Integer> bestFirst(double[][] scores, List<Goal> goals) {
        return (a, b) -> {
            for (int s = 0; s < goals.size(); s++) {
                if (goals.get(s).isBetter(scores[a][s], scores[b][s])) {
                    return -1;
                }
                if (goals.get(s).isBetter(scores[b][s], scores[a][s])) {
                    return 1;
                }
            }
            return Integer.compare(a, b);
        };
    }

    private static boolean dominates(double[] one, double[] other, List<Goal> goals) {
        boolean better = false;
        for (int s = 0; s < goals.size(); s++) {
            if (goals.get(s).isBetter(other[s], one[s])) {
                return false;
            }
            better |= goals.get(s).isBetter(one[s], other[s]);
        }
        return better;
    }
}
