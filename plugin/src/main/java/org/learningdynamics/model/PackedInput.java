package org.learningdynamics.model;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Packed rows as a {@link PackedView} takes them: several responses to one prompt in a row.
 *
 * @param ids token ids // INT32 [rows, length]
 * @param positions place of each token in its own sequence // INT32 [rows, length]
 * @param segments 0 for the prompt, one number a response; a token sees the prompt and its own
 *     segment, up to itself // INT32 [rows, length]
 * @param headRows the states whose logits are wanted, of rows · length // INT32 [wanted]
 */
public record PackedInput(INDArray ids, INDArray positions, INDArray segments, INDArray headRows)
        implements AutoCloseable {
    /** Frees the arrays. */
    @Override
    public void close() {
        List.of(ids, positions, segments, headRows).forEach(INDArray::close);
    }
}
