package org.learningdynamics.listener;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.learningdynamics.data.TokenBatch;

/** The response tokens of a batch, one of every row at a time. */
final class TokenTurns {
    private final int[][] labels;
    private final int[][] places; // [row][k] position of the k-th response token

    TokenTurns(int[][] labels) {
        this.labels = labels;
        places = new int[labels.length][];
        Arrays.setAll(
                places,
                row ->
                        IntStream.range(0, labels[row].length)
                                .filter(t -> labels[row][t] >= 0)
                                .toArray());
    }

    /** Tokens of the longest response. */
    int count() {
        return Arrays.stream(places).mapToInt(row -> row.length).max().orElse(0);
    }

    boolean has(int row, int k) {
        return k < places[row].length;
    }

    /** Labels that read the k-th token of every row that has one, and nothing else. */
    int[][] labels(int k) {
        int[][] some = new int[labels.length][];
        for (int row = 0; row < some.length; row++) {
            some[row] = new int[labels[row].length];
            Arrays.fill(some[row], TokenBatch.IGNORED);
            if (has(row, k)) {
                some[row][places[row][k]] = labels[row][places[row][k]];
            }
        }
        return some;
    }
}
