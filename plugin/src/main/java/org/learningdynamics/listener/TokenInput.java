package org.learningdynamics.listener;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How a language model takes its tokens.
 *
 * @param form the shape
 * @param vocabularySize V for the one-hot forms, 0 for ids
 */
public record TokenInput(Form form, int vocabularySize) {
    /** Shapes of a batch of token rows. */
    public enum Form {
        /** Integers {@code [B, T]}: SameDiff graphs, DL4J's EmbeddingSequenceLayer. */
        IDS,
        /** Integers {@code [B, 1, T]}: DL4J networks that want sequences of rank 3. */
        IDS_IN_ONE_CHANNEL,
        /** One-hot {@code [B, V, T]}: DL4J's recurrent layers in the format NCW. */
        ONE_HOT_CHANNELS_FIRST,
        /** One-hot {@code [B, T, V]}: the format NWC. */
        ONE_HOT_CHANNELS_LAST
    }

    /** Integers {@code [B, T]}. */
    public static final TokenInput IDS = new TokenInput(Form.IDS, 0);

    /** Integers {@code [B, 1, T]}. */
    public static final TokenInput IDS_IN_ONE_CHANNEL = new TokenInput(Form.IDS_IN_ONE_CHANNEL, 0);

    /**
     * Checks.
     *
     * @param form the shape
     * @param vocabularySize at least 2 for the one-hot forms, 0 for ids
     */
    public TokenInput {
        boolean ids = form == Form.IDS || form == Form.IDS_IN_ONE_CHANNEL;
        if (ids ? vocabularySize != 0 : vocabularySize < 2) {
            throw new IllegalArgumentException(
                    "vocabularySize must be "
                            + (ids ? "0 for ids" : ">= 2 for one-hot tokens")
                            + ", got "
                            + vocabularySize);
        }
    }

    /**
     * One-hot tokens {@code [B, V, T]}. Memory: {@code 4·B·V·T} bytes a batch, kept.
     *
     * @param vocabularySize V
     * @return the input
     */
    public static TokenInput oneHot(int vocabularySize) {
        return new TokenInput(Form.ONE_HOT_CHANNELS_FIRST, vocabularySize);
    }

    /**
     * One-hot tokens {@code [B, T, V]}.
     *
     * @param vocabularySize V
     * @return the input
     */
    public static TokenInput oneHotChannelsLast(int vocabularySize) {
        return new TokenInput(Form.ONE_HOT_CHANNELS_LAST, vocabularySize);
    }

    /** Makes the array, detached from any workspace. */
    INDArray array(int[][] ids) {
        return switch (form) {
            case IDS -> Nd4j.createFromArray(ids).detach();
            case IDS_IN_ONE_CHANNEL ->
                    Nd4j.createFromArray(ids).reshape(ids.length, 1, ids[0].length).detach();
            case ONE_HOT_CHANNELS_FIRST -> oneHot(ids, false);
            case ONE_HOT_CHANNELS_LAST -> oneHot(ids, true);
        };
    }

    private INDArray oneHot(int[][] ids, boolean last) {
        int length = ids[0].length;
        long[] shape =
                last
                        ? new long[] {ids.length, length, vocabularySize}
                        : new long[] {ids.length, vocabularySize, length};
        INDArray array = Nd4j.zeros(DataType.FLOAT, shape).detach();
        for (int row = 0; row < ids.length; row++) {
            for (int t = 0; t < length; t++) {
                int id = ids[row][t];
                if (id < 0 || id >= vocabularySize) {
                    throw new IllegalArgumentException(
                            "token ids must be in [0, " + vocabularySize + "), got " + id);
                }
                array.putScalar(row, last ? t : id, last ? id : t, 1);
            }
        }
        return array;
    }
}
