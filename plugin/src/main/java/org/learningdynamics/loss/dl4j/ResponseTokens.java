package org.learningdynamics.loss.dl4j;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The N response tokens of a batch: a position counts where the token id is not negative and the
 * mask, if there is one, is not 0.
 */
final class ResponseTokens {
    private final int rows;
    private final int length;
    private final int channels;
    private final double[] labels; // [rows, channels, length]
    private final int[] row; // [N]
    private final int[] position; // [N]
    private final int[] token; // [N]
    private final int[] ordinal; // [N]

    private ResponseTokens(INDArray labels, @Nullable INDArray mask, int classes) {
        rows = Math.toIntExact(labels.size(0));
        channels = Math.toIntExact(labels.size(1));
        length = Math.toIntExact(labels.size(2));
        this.labels = labels.castTo(DataType.DOUBLE).dup('c').data().asDouble();
        double[] open = open(mask);
        int[] rowOf = new int[rows * length];
        int[] positionOf = new int[rows * length];
        int count = 0;
        for (int i = 0; i < rows * length; i++) {
            if (open[i] > 0 && !(label(i / length, ResponseLabels.TOKEN, i % length) < 0)) {
                rowOf[count] = i / length;
                positionOf[count++] = i % length;
            }
        }
        row = Arrays.copyOf(rowOf, count);
        position = Arrays.copyOf(positionOf, count);
        token = new int[count];
        Arrays.setAll(token, i -> token(row[i], position[i], classes));
        ordinal = new int[count];
        for (int i = 1; i < count; i++) {
            ordinal[i] = row[i] == row[i - 1] ? ordinal[i - 1] + 1 : 0;
        }
    }

    /**
     * Reads labels.
     *
     * @param labels see {@link ResponseLabels} // [rows, channels, T], or in NWC [rows, T,
     *     channels]
     * @param mask 0 where nothing counts // [rows, T]
     * @param input the layer's input, whose rows and positions the labels must match
     */
    static ResponseTokens read(
            INDArray labels,
            @Nullable INDArray mask,
            INDArray input,
            RNNFormat format,
            int classes) {
        INDArray channelsFirst =
                labels.rank() == 3 && format == RNNFormat.NWC ? labels.permute(0, 2, 1) : labels;
        long positions = input.size(format == RNNFormat.NWC ? 1 : 2);
        boolean fits =
                labels.rank() == 3
                        && channelsFirst.size(0) == input.size(0)
                        && channelsFirst.size(2) == positions
                        && (channelsFirst.size(1) == 1
                                || channelsFirst.size(1) == ResponseLabels.CHANNELS);
        if (!fits) {
            throw new IllegalArgumentException(
                    String.format(
                            "labels must have shape [%d, 1 or %d, %d]%s, got %s",
                            input.size(0),
                            ResponseLabels.CHANNELS,
                            positions,
                            format == RNNFormat.NWC ? " with the last two exchanged" : "",
                            Arrays.toString(labels.shape())));
        }
        return new ResponseTokens(channelsFirst, mask, classes);
    }

    private double[] open(@Nullable INDArray mask) {
        if (mask == null) {
            double[] ones = new double[rows * length];
            Arrays.fill(ones, 1);
            return ones;
        }
        if (mask.length() != (long) rows * length || mask.size(0) != rows) {
            throw new IllegalArgumentException(
                    "label mask must have shape ["
                            + rows
                            + ", "
                            + length
                            + "], got "
                            + Arrays.toString(mask.shape()));
        }
        return mask.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    }

    private int token(int r, int t, int classes) {
        double id = label(r, ResponseLabels.TOKEN, t);
        if (!(id < classes) || id != Math.rint(id)) {
            throw new IllegalArgumentException(
                    "token id in row "
                            + r
                            + " at position "
                            + t
                            + " must be an integer below "
                            + classes
                            + ", got "
                            + id);
        }
        return (int) id;
    }

    private double label(int r, int channel, int t) {
        return labels[(r * channels + channel) * length + t];
    }

    int rows() {
        return rows;
    }

    /** Whether the labels have all channels. */
    boolean complete() {
        return channels == ResponseLabels.CHANNELS;
    }

    /** The number that a channel repeats over the positions of a row. */
    double ofRow(int channel, int r) {
        return label(r, channel, 0);
    }

    /** Number of response tokens of the batch. */
    int count() {
        return token.length;
    }

    int row(int i) {
        return row[i];
    }

    int token(int i) {
        return token[i];
    }

    /** How many tokens of its row come before the token. */
    int ordinal(int i) {
        return ordinal[i];
    }

    /** Number of response tokens of each row // [rows]. */
    int[] perRow() {
        int[] counts = new int[rows];
        for (int r : row) {
            counts[r]++;
        }
        return counts;
    }

    /** Takes the features of the response tokens: from [rows, n, T] to [N, n]. */
    INDArray gather(INDArray channelsFirst) {
        long features = channelsFirst.size(1);
        INDArray flat =
                channelsFirst
                        .permute(0, 2, 1)
                        .dup('c')
                        .reshape('c', (long) rows * length, features);
        int[] indices = new int[count()];
        Arrays.setAll(indices, i -> row[i] * length + position[i]);
        return Nd4j.pullRows(flat, 1, indices);
    }

    /** Puts features back in place, zeros elsewhere: from [N, n] to [rows, n, T]. */
    INDArray scatter(INDArray features) {
        INDArray none = Nd4j.zeros(features.dataType(), 1, features.size(1));
        INDArray padded = Nd4j.concat(0, features, none);
        int[] indices = new int[rows * length];
        Arrays.fill(indices, count());
        for (int i = 0; i < count(); i++) {
            indices[row[i] * length + position[i]] = i;
        }
        return Nd4j.pullRows(padded, 1, indices)
                .reshape('c', rows, length, features.size(1))
                .permute(0, 2, 1);
    }
}
