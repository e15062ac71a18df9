package org.learningdynamics.lm;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Continues prompts with a {@link DecoderModel}. Prompts of similar length run as one batch; a
 * prompt's answer does not depend on the others beyond rounding. Keys and values of read tokens are
 * kept, so that each new token costs one token's pass, not the whole row's.
 *
 * <p>Memory beside the model: {@code 2 · layers · keyValueHeads · headWidth} values for each token
 * that a row may have, at most {@link #CACHE_BYTES} for a batch of several rows; the rows of a
 * batch that have not ended go on without the others' memory once they are half of it. All of it is
 * freed before a call returns.
 */
public final class Generator {
    /** Keys and values of a batch take at most so much; a single row takes what it needs. */
    public static final long CACHE_BYTES = 1L << 30;

    /** Rows of a batch. */
    private static final int BATCH_ROWS = 32;

    private final DecoderModel model;
    private final Optional<RotaryTables> rotary;
    private final Set<Integer> endIds;
    private final long cacheBytes;

    /**
     * A generator.
     *
     * @param model the model
     * @param endOfSequenceId the id that ends an answer
     * @throws IllegalArgumentException if the id is outside the vocabulary
     */
    public Generator(DecoderModel model, int endOfSequenceId) {
        this(model, Set.of(endOfSequenceId));
    }

    /**
     * A generator for a model with several ends.
     *
     * @param model the model
     * @param endOfSequenceIds ids that end an answer
     * @throws IllegalArgumentException if an id is outside the vocabulary
     */
    public Generator(DecoderModel model, Collection<Integer> endOfSequenceIds) {
        this(model, endOfSequenceIds, CACHE_BYTES);
    }

    Generator(DecoderModel model, Collection<Integer> endOfSequenceIds, long cacheBytes) {
        for (int id : endOfSequenceIds) {
            if (id < 0 || id >= model.config().vocabularySize()) {
                throw new IllegalArgumentException(
                        "endOfSequenceId must be in [0, "
                                + model.config().vocabularySize()
                                + "), got "
                                + id);
            }
        }
        this.model = model;
        this.cacheBytes = cacheBytes;
        endIds = new TreeSet<>(endOfSequenceIds);
        rotary = RotaryTables.ifRotary(model.config());
    }

    /**
     * Generates until an end-of-sequence token, {@code maxNewTokens}, or the model's maxLength.
     *
     * @param prompts token ids, each with 1 to maxLength tokens
     * @param maxNewTokens most tokens of an answer, at least 1
     * @param sampling how tokens are chosen
     * @return the answers without prompt and without end-of-sequence token, in the prompts' order
     * @throws IllegalArgumentException if maxNewTokens is below 1 or a prompt is empty, too long or
     *     holds an id outside the vocabulary
     */
    public List<int[]> generate(List<int[]> prompts, int maxNewTokens, Sampling sampling) {
        return generate(prompts, maxNewTokens, sampling, answer -> false, ended -> {}).stream()
                .map(GeneratedTokens::tokens)
                .toList();
    }

    /**
     * Generates as {@link #generate(List, int, Sampling)} does, and ends an answer also where it
     * says so.
     *
     * @param prompts token ids, each with 1 to maxLength tokens
     * @param maxNewTokens most tokens of an answer, at least 1
     * @param sampling how tokens are chosen; a prompt's draws depend on its place in the list
     * @param isEnd asked for each answer after each token, with the answer's tokens; for several
     *     answers in no certain order
     * @param ended told after each pass how many answers have ended
     * @return the answers in the prompts' order
     * @throws IllegalArgumentException if maxNewTokens is below 1 or a prompt is empty, too long or
     *     holds an id outside the vocabulary
     */
    public List<GeneratedTokens> generate(
            List<int[]> prompts,
            int maxNewTokens,
            Sampling sampling,
            Predicate<int[]> isEnd,
            IntConsumer ended) {
        if (maxNewTokens < 1) {
            throw new IllegalArgumentException("maxNewTokens must be >= 1, got " + maxNewTokens);
        }
        List<GrowingRow> rows = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            TokenRows.checkRow(i, prompts.get(i), model.config());
            int room = model.config().maxLength() + 1 - prompts.get(i).length;
            rows.add(
                    new GrowingRow(
                            prompts.get(i), Math.min(room, maxNewTokens), sampling.random(i)));
        }
        List<GrowingRow> byLength = new ArrayList<>(rows);
        byLength.sort(Comparator.comparingInt(row -> row.prompt().length));
        int done = 0;
        while (done < byLength.size()) {
            List<GrowingRow> batch = byLength.subList(done, done + batchRows(byLength, done));
            finish(batch, sampling, isEnd, done, ended);
            done += batch.size();
        }
        return rows.stream().map(GrowingRow::answer).toList();
    }

    /** Rows from a place on whose cache fits; the rows are sorted by length. */
    private int batchRows(List<GrowingRow> rows, int from) {
        int count = 1;
        while (count < BATCH_ROWS && from + count < rows.size()) {
            List<GrowingRow> more = rows.subList(from, from + count + 1);
            int slots = more.get(count).prompt().length + newTokens(more);
            if ((count + 1) * KeyValueCache.bytesOfRow(model.config(), slots) > cacheBytes) {
                break;
            }
            count++;
        }
        return count;
    }

    private static int newTokens(List<GrowingRow> rows) {
        return rows.stream().mapToInt(GrowingRow::mostTokens).max().orElse(0);
    }

    private void finish(
            List<GrowingRow> batch,
            Sampling sampling,
            Predicate<int[]> isEnd,
            int before,
            IntConsumer ended) {
        int[] lengths = batch.stream().mapToInt(row -> row.prompt().length).toArray();
        List<int[]> prompts = batch.stream().map(GrowingRow::prompt).toList();
        List<GrowingRow> open = new ArrayList<>(batch);
        int finished = before;
        try (CachedDecoder decoder = new CachedDecoder(model, rotary, lengths, newTokens(batch))) {
            INDArray logits = decoder.read(prompts);
            while (true) {
                for (int i = 0; i < open.size(); i++) {
                    if (!open.get(i).isEnded()) {
                        double[] row = logits.getRow(i).toDoubleVector();
                        open.get(i).append(row, sampling, endIds, isEnd);
                        finished += open.get(i).isEnded() ? 1 : 0;
                    }
                }
                logits.close();
                ended.accept(finished);
                open = kept(open, decoder);
                if (open.isEmpty()) {
                    return;
                }
                logits = decoder.read(open.stream().mapToInt(GrowingRow::newest).toArray());
            }
        }
    }

    /** The rows to go on with: the open ones alone once they are at most half of the batch. */
    private static List<GrowingRow> kept(List<GrowingRow> rows, CachedDecoder decoder) {
        List<GrowingRow> open = rows.stream().filter(row -> !row.isEnded()).toList();
        if (open.isEmpty() || 2 * open.size() > rows.size()) {
            return open.isEmpty() ? open : rows;
        }
        decoder.keep(open.stream().mapToInt(rows::indexOf).toArray());
        return open;
    }
}
