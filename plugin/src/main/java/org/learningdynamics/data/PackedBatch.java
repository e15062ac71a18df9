package org.learningdynamics.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Several responses to one prompt in one row, for forward passes that compute the prompt once: the
 * prompt's tokens, then each response's without its last, which is never an input.
 *
 * <p>A response's positions go on from the prompt's, whatever stands between; its tokens are to see
 * the prompt's, which are segment {@link #PROMPT}, and those before them of their own segment.
 *
 * @param inputIds token ids, padded on the right // [rows, length]
 * @param positions place of each token in its own sequence // [rows, length]
 * @param segments {@link #PROMPT}, then 1, 2, … for the responses of a row; padding has a segment
 *     of its own // [rows, length]
 * @param headRows which of the rows · length states predict response tokens: for every response in
 *     turn the prompt's last, then its own // [response tokens]
 * @param labels tokens of the responses in the order of {@code headRows} // [responses][tokens]
 */
public record PackedBatch(
        int[][] inputIds, int[][] positions, int[][] segments, int[] headRows, List<int[]> labels) {
    /** Segment of the prompt's tokens. */
    public static final int PROMPT = 0;

    /**
     * Packs one row a group.
     *
     * @param groups responses that share the prompt's tokens; at least one group, no group empty
     * @param paddingId fills rows up to the longest
     * @param multiple the length is rounded up to a multiple of this
     * @return the batch
     * @throws IllegalArgumentException if there is no group, a group is empty, or its prompts
     *     differ
     */
    public static PackedBatch of(List<List<EncodedResponse>> groups, int paddingId, int multiple) {
        if (groups.isEmpty()) {
            throw new IllegalArgumentException("a batch needs at least one group, got 0");
        }
        int longest = groups.stream().mapToInt(PackedBatch::length).max().getAsInt();
        Packing packing =
                new Packing(
                        groups.size(), (longest + multiple - 1) / multiple * multiple, paddingId);
        groups.forEach(packing::add);
        return packing.batch();
    }

    /**
     * Length of the row that a group makes.
     *
     * @param group responses to one prompt, at least one
     * @return positions, without padding
     */
    public static int length(List<EncodedResponse> group) {
        if (group.isEmpty()) {
            throw new IllegalArgumentException("a group needs at least one response, got 0");
        }
        return group.get(0).promptLength()
                + group.stream().mapToInt(response -> response.responseLength() - 1).sum();
    }

    /** Rows in the making. */
    private static final class Packing {
        private final int[][] ids;
        private final int[][] positions;
        private final int[][] segments;
        private final List<Integer> headRows = new ArrayList<>();
        private final List<int[]> labels = new ArrayList<>();
        private int row;

        Packing(int rows, int length, int paddingId) {
            ids = new int[rows][length];
            positions = new int[rows][length];
            segments = new int[rows][length];
            for (int i = 0; i < rows; i++) {
                Arrays.fill(ids[i], paddingId);
            }
        }

        void add(List<EncodedResponse> group) {
            int prompt = group.get(0).promptLength();
            int[] first = Arrays.copyOf(group.get(0).tokens(), prompt);
            System.arraycopy(first, 0, ids[row], 0, prompt);
            Arrays.setAll(positions[row], t -> t < prompt ? t : 0);
            int to = prompt;
            for (int k = 0; k < group.size(); k++) {
                int[] tokens = group.get(k).tokens();
                if (!Arrays.equals(Arrays.copyOf(tokens, group.get(k).promptLength()), first)) {
                    throw new IllegalArgumentException(
                            "responses of a group must share the prompt's tokens, got another"
                                    + " prompt for response "
                                    + k);
                }
                to = add(tokens, prompt, k + 1, to);
            }
            Arrays.fill(segments[row], to, segments[row].length, group.size() + 1);
            row++;
        }

        private int add(int[] tokens, int prompt, int segment, int from) {
            int count = tokens.length - prompt - 1;
            int start = row * ids[row].length;
            headRows.add(start + prompt - 1);
            for (int t = 0; t < count; t++) {
                ids[row][from + t] = tokens[prompt + t];
                positions[row][from + t] = prompt + t;
                segments[row][from + t] = segment;
                headRows.add(start + from + t);
            }
            labels.add(Arrays.copyOfRange(tokens, prompt, tokens.length));
            return from + count;
        }

        PackedBatch batch() {
            int[] rows = headRows.stream().mapToInt(Integer::intValue).toArray();
            return new PackedBatch(ids, positions, segments, rows, List.copyOf(labels));
        }
    }
}
