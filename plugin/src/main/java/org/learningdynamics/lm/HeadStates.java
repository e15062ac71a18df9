package org.learningdynamics.lm;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.learningdynamics.data.EncodedResponse;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Last hidden states and logits of a {@link DecoderModel} at the positions that predict the tokens
 * of one response: from the last prompt token up to, and without, the last response token.
 *
 * @param hidden what the head multiplies // [L, width]
 * @param logits the head's output // [L, vocabulary]
 * @param tokens the response's tokens // [L]
 */
public record HeadStates(INDArray hidden, INDArray logits, int[] tokens) implements AutoCloseable {
    /**
     * Copies the tokens; the arrays are kept and closed with this.
     *
     * @param hidden what the head multiplies // [L, width]
     * @param logits the head's output // [L, vocabulary]
     * @param tokens the response's tokens // [L]
     */
    public HeadStates {
        tokens = tokens.clone();
    }

    /**
     * One forward pass over one row.
     *
     * @param model the model
     * @param row prompt and response
     * @return states, to be closed by the caller
     * @throws IllegalArgumentException if the row is too long or holds an id outside the vocabulary
     */
    public static HeadStates of(DecoderModel model, EncodedResponse row) {
        int[] all = row.tokens();
        int[] input = Arrays.copyOf(all, all.length - 1);
        TokenRows.checkRow(0, input, model.config());
        int[] positions = IntStream.range(row.promptLength() - 1, all.length - 1).toArray();
        int[] tokens = Arrays.copyOfRange(all, row.promptLength(), all.length);
        try (INDArray hidden = model.hidden(TokenRows.padded(List.of(input), model.config()))) {
            INDArray picked = Nd4j.pullRows(hidden, 1, positions);
            return new HeadStates(picked, model.head(picked), tokens);
        }
    }

    /**
     * The response's tokens.
     *
     * @return a copy // [L]
     */
    @Override
    public int[] tokens() {
        return tokens.clone();
    }

    /** Frees both arrays. */
    @Override
    public void close() {
        hidden.close();
        logits.close();
    }
}
