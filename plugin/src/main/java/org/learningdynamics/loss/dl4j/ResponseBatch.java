package org.learningdynamics.loss.dl4j;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A batch of responses for a network that ends in a {@link ResponseOutputLayer} or {@link
 * ResponseLossLayer}, made from token ids as {@code TokenBatch} has them. The same batch serves SFT
 * and preference losses; kto also needs mismatched rows. Immutable; the arrays are made anew at
 * each call.
 */
public final class ResponseBatch {
    private final int[][] inputIds; // [rows, T]
    private final int[][] labels; // [rows, T]
    private final int[] pairs; // [rows]

    private ResponseBatch(int[][] inputIds, int[][] labels, int[] pairs) {
        this.inputIds = copy("inputIds", inputIds, inputIds);
        this.labels = copy("labels", labels, inputIds);
        this.pairs = pairs;
    }

    private static int[][] copy(String name, int[][] ids, int[][] model) {
        boolean fits = ids.length == model.length && ids.length > 0 && model[0].length > 0;
        for (int row = 0; fits && row < ids.length; row++) {
            fits = ids[row].length == model[0].length;
        }
        if (!fits) {
            throw new IllegalArgumentException(
                    name + " must have shape [rows, T], one and the same for inputs and labels");
        }
        int[][] copy = new int[ids.length][];
        Arrays.setAll(copy, row -> ids[row].clone());
        return copy;
    }

    /**
     * Pairs: P chosen rows, then the P rejected ones in the same order, as {@code
     * PreferenceRow.stacked} has them.
     *
     * @param inputIds token ids // [2P, T]
     * @param labels the next token where it belongs to the response, negative elsewhere // [2P, T]
     * @return the batch
     * @throws IllegalArgumentException if the shapes differ or the number of rows is odd
     */
    public static ResponseBatch ofPairs(int[][] inputIds, int[][] labels) {
        return ofPairs(inputIds, labels, 0);
    }

    /**
     * Pairs with mismatched rows behind them, for sums of losses that have {@code kto} in them,
     * such as {@code dpo+kto}: P chosen rows, the P rejected ones in the same order, then M
     * mismatched ones, see {@link #ofLabelled}.
     *
     * @param inputIds token ids // [2P + M, T]
     * @param labels the next token where it belongs to the response, negative elsewhere // [2P + M,
     *     T]
     * @param mismatched M, at least 0 and below the number of rows
     * @return the batch
     * @throws IllegalArgumentException if the shapes differ, M is out of its range or the number of
     *     rows before the mismatched ones is odd
     */
    public static ResponseBatch ofPairs(int[][] inputIds, int[][] labels, int mismatched) {
        int rows = inputIds.length;
        if (mismatched < 0 || (mismatched > 0 && mismatched >= rows)) {
            throw new IllegalArgumentException(
                    "mismatched rows must be in [0, " + rows + "), got " + mismatched);
        }
        if ((rows - mismatched) % 2 != 0) {
            throw new IllegalArgumentException(
                    "a batch of pairs must have an even number of rows, got "
                            + (rows - mismatched));
        }
        int half = (rows - mismatched) / 2;
        int[] numbers = new int[rows];
        Arrays.setAll(numbers, row -> row < half ? row + 1 : row < 2 * half ? half - row - 1 : 0);
        return new ResponseBatch(inputIds, labels, numbers);
    }

    /**
     * Single responses with a label each, for {@code kto}, and behind them mismatched rows: each a
     * prompt with the response to another prompt, encoded and padded like the others. They tell kto
     * what divergence to compare log-ratios with, {@code KL = max(0, mean of s − r)} (nats); they
     * get no gradient and are not in the mean that the loss is. As many as there are labelled rows
     * are usual: every prompt with the response of the next example of another prompt.
     *
     * @param inputIds token ids, of the D labelled rows first // [D + M, T]
     * @param labels the next token where it belongs to the response, negative elsewhere // [D + M,
     *     T]
     * @param desirable whether the response is wanted, for each labelled row // [D]
     * @return the batch
     * @throws IllegalArgumentException if the shapes differ or there are no labelled or no
     *     mismatched rows
     */
    public static ResponseBatch ofLabelled(int[][] inputIds, int[][] labels, boolean... desirable) {
        int labelled = desirable.length;
        if (labelled == 0 || labelled >= inputIds.length) {
            throw new IllegalArgumentException(
                    "a labelled batch must have labels for its first rows and mismatched rows"
                            + " behind them, got "
                            + labelled
                            + " labels for "
                            + inputIds.length
                            + " rows");
        }
        int[] numbers = new int[inputIds.length];
        for (int row = 0; row < labelled; row++) {
            numbers[row] = desirable[row] ? row + 1 : -row - 1;
        }
        return new ResponseBatch(inputIds, labels, numbers);
    }

    /**
     * Responses that belong to no pair.
     *
     * @param inputIds token ids // [rows, T]
     * @param labels the next token where it belongs to the response, negative elsewhere // [rows,
     *     T]
     * @return the batch
     * @throws IllegalArgumentException if the shapes differ
     */
    public static ResponseBatch of(int[][] inputIds, int[][] labels) {
        return new ResponseBatch(inputIds, labels, new int[inputIds.length]);
    }

    /**
     * For networks that take token ids, such as those that begin with an EmbeddingSequenceLayer.
     *
     * @return features [rows, 1, T] in FLOAT, labels [rows, 4, T] in DOUBLE without a reference,
     *     label mask [rows, T]
     */
    public DataSet ofIds() {
        INDArray ids = Nd4j.createFromArray(inputIds).castTo(DataType.FLOAT);
        return withLabels(ids.reshape('c', inputIds.length, 1, inputIds[0].length), RNNFormat.NCW);
    }

    /**
     * For networks that take one-hot tokens.
     *
     * @param vocabularySize V
     * @param format NCW for features [rows, V, T], NWC for [rows, T, V]
     * @return features in FLOAT, labels [rows, 4, T] or [rows, T, 4] in DOUBLE without a reference,
     *     label mask [rows, T]
     * @throws IllegalArgumentException if an id is not in [0, V)
     */
    public DataSet oneHot(int vocabularySize, RNNFormat format) {
        INDArray features =
                Nd4j.create(DataType.FLOAT, inputIds.length, vocabularySize, inputIds[0].length);
        for (int row = 0; row < inputIds.length; row++) {
            for (int t = 0; t < inputIds[row].length; t++) {
                int id = inputIds[row][t];
                if (id < 0 || id >= vocabularySize) {
                    throw new IllegalArgumentException(
                            "token ids must be in [0, " + vocabularySize + "), got " + id);
                }
                features.putScalar(row, id, t, 1);
            }
        }
        return withLabels(inFormat(features, format), format);
    }

    private static INDArray inFormat(INDArray array, RNNFormat format) {
        return format == RNNFormat.NWC ? array.permute(0, 2, 1).dup('c') : array;
    }

    private DataSet withLabels(INDArray features, RNNFormat format) {
        int length = inputIds[0].length;
        double[][][] channels = new double[labels.length][ResponseLabels.CHANNELS][length];
        float[][] mask = new float[labels.length][length];
        for (int row = 0; row < labels.length; row++) {
            int count = 0;
            for (int t = 0; t < length; t++) {
                channels[row][ResponseLabels.TOKEN][t] = labels[row][t];
                mask[row][t] = labels[row][t] < 0 ? 0 : 1;
                count += labels[row][t] < 0 ? 0 : 1;
            }
            Arrays.fill(channels[row][ResponseLabels.REFERENCE], Double.NaN);
            Arrays.fill(channels[row][ResponseLabels.PAIR], pairs[row]);
            Arrays.fill(channels[row][ResponseLabels.LENGTH], count);
        }
        INDArray all = inFormat(Nd4j.createFromArray(channels), format);
        return new DataSet(features, all, null, Nd4j.createFromArray(mask));
    }
}
