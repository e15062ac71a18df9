package org.learningdynamics.influence;

import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What one update did with one parameter: {@code θ_{t+1} − θ_t = −(scale·D∘g + history + decay)}
 * with g the gradient of the batch's loss, before clipping and without regularisation.
 *
 * <p>The arrays have the parameter's own shape and belong to this record.
 *
 * @param step θ_{t+1} − θ_t, as the numbers really changed
 * @param gradient g, on the scale of the loss that is trained on (a mean where the host divides by
 *     the batch)
 * @param scale a common factor, such as the learning rate, clipping included
 * @param preconditioner D, for optimisers and clipping that treat each value by itself; ones where
 *     absent
 * @param history what the optimiser remembers of earlier batches; zero where absent
 * @param decay what regularisation and weight decay take away; zero where absent
 */
public record ParameterUpdate(
        INDArray step,
        INDArray gradient,
        double scale,
        Optional<INDArray> preconditioner,
        Optional<INDArray> history,
        Optional<INDArray> decay)
        implements AutoCloseable {
    /** Frees the arrays. */
    @Override
    public void close() {
        step.close();
        gradient.close();
        preconditioner.ifPresent(INDArray::close);
        history.ifPresent(INDArray::close);
        decay.ifPresent(INDArray::close);
    }
}
