package org.learningdynamics.data;

import java.util.Arrays;
import java.util.List;

/**
 * Right-padded rows for teacher forcing, already shifted by one: the label at position t is the
 * token at t + 1 if that token belongs to the response, else {@link #IGNORED}.
 *
 * @param inputIds token ids // [batch, length]
 * @param labels next response token, or {@link #IGNORED} // [batch, length]
 */
public record TokenBatch(int[][] inputIds, int[][] labels) {
    /** Label of positions that no loss and no measure looks at. */
    public static final int IGNORED = -100;

    /**
     * Batches rows, padded on the right to the longest. The last token of a row is never an input.
     *
     * @param rows at least one row
     * @param paddingId id for padding
     * @return arrays of length (longest row − 1)
     */
    public static TokenBatch of(List<EncodedResponse> rows, int paddingId) {
        return of(rows, paddingId, 1);
    }

    /**
     * Batches rows, padded on the right to a multiple of a length, so that fewer shapes occur: the
     * host keeps arrays for reuse by shape.
     *
     * @param rows at least one row
     * @param paddingId id for padding
     * @param multiple the arrays' length is rounded up to a multiple of this, at least 1
     * @return arrays of length (longest row − 1), rounded up
     */
    public static TokenBatch of(List<EncodedResponse> rows, int paddingId, int multiple) {
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("a batch needs at least one row, got 0");
        }
        if (multiple < 1) {
            throw new IllegalArgumentException("multiple must be >= 1, got " + multiple);
        }
        int longest = rows.stream().mapToInt(EncodedResponse::length).max().getAsInt() - 1;
        int length = (longest + multiple - 1) / multiple * multiple;
        int[][] ids = new int[rows.size()][length];
        int[][] labels = new int[rows.size()][length];
        for (int i = 0; i < ids.length; i++) {
            fill(rows.get(i), paddingId, ids[i], labels[i]);
        }
        return new TokenBatch(ids, labels);
    }

    /**
     * Number of rows.
     *
     * @return at least 1
     */
    public int size() {
        return inputIds.length;
    }

    /**
     * Number of positions of every row, padding included.
     *
     * @return at least 1
     */
    public int length() {
        return inputIds[0].length;
    }

    /**
     * Number of labels that count.
     *
     * @return response tokens of all rows
     */
    public int responseTokens() {
        int count = 0;
        for (int[] row : labels) {
            for (int label : row) {
                count += label == IGNORED ? 0 : 1;
            }
        }
        return count;
    }

    private static void fill(EncodedResponse row, int paddingId, int[] ids, int[] labels) {
        int[] tokens = row.tokens();
        Arrays.fill(ids, paddingId);
        Arrays.fill(labels, IGNORED);
        System.arraycopy(tokens, 0, ids, 0, tokens.length - 1);
        int first = row.promptLength() - 1;
        System.arraycopy(tokens, first + 1, labels, first, row.responseLength());
    }
}
