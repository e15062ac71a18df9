package org.learningdynamics.lm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Continues prompts with a {@link DecoderModel}. Prompts of similar length run as one batch; a
 * prompt's answer does not depend on the others. Each token costs one forward pass over the batch.
 */
public final class Generator {
    /** Rows of a batch. */
    private static final int BATCH_ROWS = 32;

    private final DecoderModel model;
    private final int endOfSequenceId;

    /**
     * A generator.
     *
     * @param model the model
     * @param endOfSequenceId the id that ends an answer
     * @throws IllegalArgumentException if the id is outside the vocabulary
     */
    public Generator(DecoderModel model, int endOfSequenceId) {
        if (endOfSequenceId < 0 || endOfSequenceId >= model.config().vocabularySize()) {
            throw new IllegalArgumentException(
                    "endOfSequenceId must be in [0, "
                            + model.config().vocabularySize()
                            + "), got "
                            + endOfSequenceId);
        }
        this.model = model;
        this.endOfSequenceId = endOfSequenceId;
    }

    /**
     * Generates until the end-of-sequence token, {@code maxNewTokens}, or the model's maxLength.
     *
     * @param prompts token ids, each with 1 to maxLength tokens
     * @param maxNewTokens most tokens of an answer, at least 1
     * @param sampling how tokens are chosen
     * @return the answers without prompt and without end-of-sequence token, in the prompts' order
     * @throws IllegalArgumentException if maxNewTokens is below 1 or a prompt is empty, too long or
     *     holds an id outside the vocabulary
     */
    public List<int[]> generate(List<int[]> prompts, int maxNewTokens, Sampling sampling) {
        if (maxNewTokens < 1) {
            throw new IllegalArgumentException("maxNewTokens must be >= 1, got " + maxNewTokens);
        }
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            TokenRows.checkRow(i, prompts.get(i), model.config());
            rows.add(new Row(prompts.get(i), sampling.random(i)));
        }
        List<Row> byLength = new ArrayList<>(rows);
        byLength.sort(Comparator.comparingInt(row -> row.length));
        for (int from = 0; from < byLength.size(); from += BATCH_ROWS) {
            int to = Math.min(from + BATCH_ROWS, byLength.size());
            finish(byLength.subList(from, to), maxNewTokens, sampling);
        }
        return rows.stream().map(Row::answer).toList();
    }

    private void finish(List<Row> batch, int maxNewTokens, Sampling sampling) {
        List<Row> open = new ArrayList<>(batch);
        for (int i = 0; i < maxNewTokens && !open.isEmpty(); i++) {
            extend(open, sampling);
            open.removeIf(row -> row.ended || row.length > model.config().maxLength());
        }
    }

    private void extend(List<Row> rows, Sampling sampling) {
        int[][] ids = TokenRows.padded(rows.stream().map(Row::tokens).toList(), model.config());
        int[] last =
                IntStream.range(0, ids.length)
                        .map(i -> i * ids[i].length + rows.get(i).length - 1)
                        .toArray();
        try (INDArray hidden = model.hidden(ids);
                INDArray picked = Nd4j.pullRows(hidden, 1, last);
                INDArray logits = model.head(picked)) {
            for (int i = 0; i < ids.length; i++) {
                Row row = rows.get(i);
                row.append(sampling.choose(logits.getRow(i).toDoubleVector(), row.random));
            }
        }
    }

    /** A prompt with its answer so far. */
    private final class Row {
        private final int promptLength;
        private final Random random;
        private int[] tokens;
        private int length;
        private boolean ended;

        Row(int[] prompt, Random random) {
            this.random = random;
            promptLength = prompt.length;
            tokens = prompt.clone();
            length = promptLength;
        }

        void append(int token) {
            if (token == endOfSequenceId) {
                ended = true;
                return;
            }
            if (length == tokens.length) {
                tokens = Arrays.copyOf(tokens, 2 * length);
            }
            tokens[length++] = token;
        }

        int[] tokens() {
            return Arrays.copyOf(tokens, length);
        }

        int[] answer() {
            return Arrays.copyOfRange(tokens, promptLength, length);
        }
    }
}
