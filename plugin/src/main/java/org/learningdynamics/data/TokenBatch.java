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
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("a batch needs at least one row, got 0");
        }
        int length = rows.stream().mapToInt(EncodedResponse::length).max().getAsInt() - 1;
        int[][] ids = new int[rows.size()][length];
        int[][] labels = new int[rows.size()][length];
        for (int i = 0; i < ids.length; i++) {
            fill(rows.get(i), paddingId, ids[i], labels[i]);
        }
        return new TokenBatch(ids, labels);
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
