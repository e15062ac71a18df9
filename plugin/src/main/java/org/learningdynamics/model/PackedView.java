package org.learningdynamics.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Logits of packed rows: the prompt is computed once for all of its responses, the head only where
 * a response token is predicted. For likelihoods; gradients of a packed row would be sums over its
 * responses. Used as a {@link ModelView} is: by one thread, while training waits.
 */
public interface PackedView extends AutoCloseable {
    /** Takes the model's parameters as they are now. */
    void refresh();

    /**
     * One forward pass. The logits stay the view's, which writes the next ones over them: to be
     * read before the next pass, and not to be closed.
     *
     * @param input the rows
     * @return logits // [wanted, V]
     */
    INDArray logits(PackedInput input);

    /** Frees what the view holds; the model stays as it is. */
    @Override
    void close();
}
