package org.learningdynamics.lm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.learningdynamics.data.EncodedResponse;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Log-probabilities of responses under a {@link DecoderModel}: {@code Σ_t log π(y_t | x, y_<t)}
 * over the response tokens, in nats.
 *
 * <p>Rows are batched by length; padding and the other rows of a batch do not change a row's value
 * beyond rounding. Logits exist for response positions only, normalisation and sums are in float64.
 */
public final class ResponseScorer {
    /** Rows of a batch unless chosen. */
    public static final int DEFAULT_BATCH_ROWS = 16;

    /** Logits that are normalised at once, in values; bounds the memory beside the batch's. */
    private static final long MAX_LOGITS = 1L << 22;

    private final DecoderModel model;
    private final int batchRows;
    private final long maxLogits;

    /**
     * A scorer with {@link #DEFAULT_BATCH_ROWS}.
     *
     * @param model whose probabilities
     */
    public ResponseScorer(DecoderModel model) {
        this(model, DEFAULT_BATCH_ROWS);
    }

    /**
     * A scorer.
     *
     * @param model whose probabilities
     * @param batchRows rows of a batch, at least 1
     * @throws IllegalArgumentException if batchRows is below 1
     */
    public ResponseScorer(DecoderModel model, int batchRows) {
        this(model, batchRows, MAX_LOGITS);
    }

    ResponseScorer(DecoderModel model, int batchRows, long maxLogits) {
        if (batchRows < 1) {
            throw new IllegalArgumentException("batchRows must be >= 1, got " + batchRows);
        }
        this.model = model;
        this.batchRows = batchRows;
        this.maxLogits = maxLogits;
    }

    /**
     * Scores responses.
     *
     * @param rows prompts with responses, any lengths up to the model's maxLength + 1
     * @return log-probability of each response, in the order of {@code rows} (nats)
     * @throws IllegalArgumentException if a row is too long or holds an id outside the vocabulary
     */
    public double[] logProbs(List<EncodedResponse> rows) {
        double[] result = new double[rows.size()];
        batches(rows, batchRows).forEach(batch -> scoreBatch(rows, batch, result));
        return result;
    }

    /**
     * Which rows a scorer puts through the model together.
     *
     * @param rows prompts with responses
     * @param batchRows rows of a batch, at least 1
     * @return places in {@code rows}, shortest rows first
     */
    public static List<List<Integer>> batches(List<EncodedResponse> rows, int batchRows) {
        List<Integer> order =
                IntStream.range(0, rows.size())
                        .boxed()
                        .sorted(Comparator.comparingInt((Integer i) -> rows.get(i).length()))
                        .toList();
        List<List<Integer>> batches = new ArrayList<>();
        for (int from = 0; from < order.size(); from += batchRows) {
            batches.add(order.subList(from, Math.min(from + batchRows, order.size())));
        }
        return batches;
    }

    private void scoreBatch(List<EncodedResponse> rows, List<Integer> batch, double[] result) {
        List<int[]> inputs = new ArrayList<>();
        for (int row : batch) {
            int[] tokens = rows.get(row).tokens();
            int[] input = Arrays.copyOf(tokens, tokens.length - 1);
            TokenRows.checkRow(row, input, model.config());
            inputs.add(input);
        }
        int[][] ids = TokenRows.padded(inputs, model.config());
        List<Target> targets = new ArrayList<>();
        for (int i = 0; i < ids.length; i++) {
            addTargets(rows.get(batch.get(i)), batch.get(i), i * ids[i].length, targets);
        }
        try (INDArray hidden = model.hidden(ids)) {
            int chunk = (int) Math.max(1, maxLogits / model.config().vocabularySize());
            for (int from = 0; from < targets.size(); from += chunk) {
                int to = Math.min(from + chunk, targets.size());
                addLogProbs(hidden, targets.subList(from, to), result);
            }
        }
    }

    private void addTargets(EncodedResponse row, int index, int offset, List<Target> targets) {
        int[] tokens = row.tokens();
        for (int t = row.promptLength(); t < tokens.length; t++) {
            int token = tokens[t];
            if (token < 0 || token >= model.config().vocabularySize()) {
                throw new IllegalArgumentException(
                        "token ids must be in [0, "
                                + model.config().vocabularySize()
                                + "), got "
                                + token
                                + " in row "
                                + index);
            }
            targets.add(new Target(index, offset + t - 1, token));
        }
    }

    private void addLogProbs(INDArray hidden, List<Target> targets, double[] result) {
        int[] positions = targets.stream().mapToInt(Target::position).toArray();
        try (INDArray picked = Nd4j.pullRows(hidden, 1, positions);
                INDArray logits = model.head(picked);
                INDArray shifted = logits.castTo(DataType.DOUBLE);
                INDArray max = shifted.max(1)) {
            shifted.subiColumnVector(max);
            double[] scores = new double[positions.length];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = shifted.getDouble(i, targets.get(i).token());
            }
            Transforms.exp(shifted, false);
            try (INDArray sums = shifted.sum(1)) {
                for (int i = 0; i < scores.length; i++) {
                    result[targets.get(i).row()] += scores[i] - Math.log(sums.getDouble(i));
                }
            }
        }
    }

    /**
     * One response token.
     *
     * @param row index in the caller's list
     * @param position row of the hidden states that predicts it
     * @param token its id
     */
    private record Target(int row, int position, int token) {}
}
