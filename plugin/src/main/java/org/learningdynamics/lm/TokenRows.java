package org.learningdynamics.lm;

import java.util.Arrays;
import java.util.List;

/** Rectangular batches of token ids. */
final class TokenRows {
    private static final int PADDING = 0;

    private TokenRows() {}

    /** Rows padded on the right, where a causal model cannot see it. */
    static int[][] padded(List<int[]> rows, DecoderConfig config) {
        int longest = rows.stream().mapToInt(row -> row.length).max().orElse(1);
        int length = rounded(longest);
        int[][] ids = new int[rows.size()][];
        for (int i = 0; i < ids.length; i++) {
            int[] row = rows.get(i);
            ids[i] = Arrays.copyOf(row, length);
            Arrays.fill(ids[i], row.length, length, PADDING);
        }
        return ids;
    }

    static int rounded(int length) {
        int multiple = DecoderModel.LENGTH_MULTIPLE;
        return (length + multiple - 1) / multiple * multiple;
    }

    static void check(int[][] ids, DecoderConfig config) {
        if (ids.length == 0) {
            throw new IllegalArgumentException("a batch needs at least one row, got 0");
        }
        int length = ids[0].length;
        for (int i = 0; i < ids.length; i++) {
            if (ids[i].length != length) {
                throw new IllegalArgumentException(
                        "rows must have the same length: row 0 has "
                                + length
                                + ", row "
                                + i
                                + " has "
                                + ids[i].length);
            }
            checkRow(i, ids[i], config);
        }
    }

    static void checkRow(int index, int[] row, DecoderConfig config) {
        if (row.length < 1 || row.length > config.maxLength()) {
            throw new IllegalArgumentException(
                    "row "
                            + index
                            + " must have 1 to maxLength = "
                            + config.maxLength()
                            + " tokens, got "
                            + row.length);
        }
        for (int id : row) {
            if (id < 0 || id >= config.vocabularySize()) {
                throw new IllegalArgumentException(
                        "token ids must be in [0, "
                                + config.vocabularySize()
                                + "), got "
                                + id
                                + " in row "
                                + index);
            }
        }
    }
}
