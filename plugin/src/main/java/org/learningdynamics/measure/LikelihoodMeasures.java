package org.learningdynamics.measure;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Likelihood measures of responses, from the logits at their positions.
 *
 * <p>With {@code π_t = softmax(z_t)} over V classes, {@code y_t} the label and {@code e_y} its
 * one-hot vector, sums and means over the unmasked positions t of a row:
 *
 * <ul>
 *   <li>{@code logProb = Σ_t log π_t(y_t)} (nats)
 *   <li>{@code argmaxLogProb = Σ_t log max_v π_t(v)} (nats)
 *   <li>{@code restLogProb = Σ_t log(1 − max_v π_t(v))} (nats)
 *   <li>{@code peakiness = ‖A‖_F = sqrt(V·q + V − 2)}, {@code A = I − 1·πᵀ}, {@code q} by {@link
 *       Peakiness}
 *   <li>{@code gap = mean_t ‖π_t − e_y‖₂}
 *   <li>{@code energy = mean_t (1 − π_t(y_t))}
 *   <li>{@code entropy = mean_t −Σ_v π_t(v) log π_t(v)} (nats)
 *   <li>{@code argmaxTokens = argmax_v π_t(v)}, the lowest id on ties
 * </ul>
 *
 * <p>Shapes: logits [rows, length, V], or [rows, V] for classifiers, float32 or float64, any order
 * or view; labels [rows][length], negative = masked. Masked positions are never read. A row without
 * any unmasked position is an error. A logit of −∞ is an impossible class: a label there gives
 * {@code logProb = −∞}, energy 1. Where a NaN, a +∞ or nothing but −∞ is among the logits of an
 * unmasked position, every measure of that row is NaN and nothing is thrown. {@code restLogProb} is
 * −∞ only where no other class is possible (V = 1 included).
 *
 * <p>Everything is computed in float64, relative to the second likeliest class, so distributions
 * peaky to 1 − 1e-300 and logits of any offset keep full relative precision. Cost: one {@code exp}
 * and about 3 to 4 ns per class of an unmasked position and thread; large calls use the common
 * fork-join pool, and each row's result does not depend on the number of threads.
 *
 * <p>Source: Ren and Sutherland, Learning Dynamics of LLM Finetuning, ICLR 2025, sections 2 to 4
 * and appendix; entropy and token log-probabilities are additions.
 */
public final class LikelihoodMeasures {
    /** Work (classes × positions) below which threads cost more than they save. */
    private static final long PARALLEL_THRESHOLD = 50_000;

    private LikelihoodMeasures() {}

    /**
     * Measures each row with the exact form of peakiness.
     *
     * @param logits float or double // [rows, length, V] or [rows, V]
     * @param labels class per position, negative = masked // [rows][length], length 1 for rank 2
     * @return one result per row
     * @throws IllegalArgumentException if shapes, type or labels do not fit, or a row is all masked
     */
    public static List<Likelihood> measure(INDArray logits, int[][] labels) {
        return measure(logits, labels, Peakiness.EXACT);
    }

    /**
     * Measures each row.
     *
     * @param logits float or double // [rows, length, V] or [rows, V]
     * @param labels class per position, negative = masked // [rows][length], length 1 for rank 2
     * @param peakiness form of the peakiness
     * @return one result per row
     * @throws IllegalArgumentException if shapes, type or labels do not fit, or a row is all masked
     */
    public static List<Likelihood> measure(INDArray logits, int[][] labels, Peakiness peakiness) {
        if (logits.rank() == 2) {
            return measureRows(LogitRows.ofRank2(logits, 1), logits.size(0), 1, labels, peakiness);
        }
        LogitRows rows = LogitRows.ofRank3(logits);
        return measureRows(rows, logits.size(0), logits.size(1), labels, peakiness);
    }

    /**
     * Measures each row of logits whose rows and positions share the first axis, row after row,
     * with the exact form of peakiness.
     *
     * @param logits float or double // [rows·length, V]
     * @param labels class per position, negative = masked // [rows][length]
     * @return one result per row
     * @throws IllegalArgumentException if shapes, type or labels do not fit, or a row is all masked
     */
    public static List<Likelihood> measureFlat(INDArray logits, int[][] labels) {
        return measureFlat(logits, labels, Peakiness.EXACT);
    }

    /**
     * Measures each row of logits whose rows and positions share the first axis, row after row.
     *
     * @param logits float or double // [rows·length, V]
     * @param labels class per position, negative = masked // [rows][length]
     * @param peakiness form of the peakiness
     * @return one result per row
     * @throws IllegalArgumentException if shapes, type or labels do not fit, or a row is all masked
     */
    public static List<Likelihood> measureFlat(
            INDArray logits, int[][] labels, Peakiness peakiness) {
        int length = labels.length == 0 ? 0 : labels[0].length;
        LogitRows rows = LogitRows.ofRank2(logits, length);
        long positions = (long) labels.length * length;
        if (logits.size(0) != positions) {
            throw new IllegalArgumentException(
                    "logits must have rows * length = "
                            + positions
                            + " positions, got shape "
                            + Arrays.toString(logits.shape()));
        }
        return measureRows(rows, labels.length, length, labels, peakiness);
    }

    /**
     * Measures responses of different lengths whose positions stand one below another without
     * padding, with the exact form of peakiness.
     *
     * @param logits float or double // [Σ lengths, V]
     * @param labels class of every position // [responses][its length]
     * @return one result per response
     * @throws IllegalArgumentException if shapes, type or labels do not fit, or a response is empty
     */
    public static List<Likelihood> measureStacked(INDArray logits, List<int[]> labels) {
        LogitRows rows = LogitRows.ofRank2(logits, 1);
        int[] starts = new int[labels.size()];
        long positions = 0;
        for (int i = 0; i < starts.length; i++) {
            starts[i] = Math.toIntExact(positions);
            int length = labels.get(i).length;
            Labels.requireResponses(new int[][] {labels.get(i)}, 1, length, rows.classes());
            positions += length;
        }
        if (logits.size(0) != positions) {
            throw new IllegalArgumentException(
                    "logits must have one row for each of the "
                            + positions
                            + " labels, got shape "
                            + Arrays.toString(logits.shape()));
        }
        IntStream indices = IntStream.range(0, starts.length);
        if (positions * rows.classes() >= PARALLEL_THRESHOLD) {
            indices = indices.parallel();
        }
        return indices.mapToObj(
                        i ->
                                LikelihoodSums.measureRow(
                                        rows, starts[i], labels.get(i), Peakiness.EXACT))
                .toList();
    }

    private static List<Likelihood> measureRows(
            LogitRows rows, long rowCount, long length, int[][] labels, Peakiness peakiness) {
        long unmasked = Labels.requireResponses(labels, rowCount, length, rows.classes());
        IntStream indices = IntStream.range(0, labels.length);
        if (unmasked * rows.classes() >= PARALLEL_THRESHOLD) {
            indices = indices.parallel();
        }
        return indices.mapToObj(row -> LikelihoodSums.measureRow(rows, row, labels[row], peakiness))
                .toList();
    }
}
