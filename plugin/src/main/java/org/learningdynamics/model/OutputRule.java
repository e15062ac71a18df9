package org.learningdynamics.model;

import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A layer that ends a network, with a loss on labels. */
abstract class OutputRule extends LayerRule {
    /** Logits of the last forward pass, positions before rows // [T·N, V]. */
    abstract INDArray logits();

    /** As {@link #backward}, from the gradient at the logits // [T·N, V]. */
    abstract Optional<INDArray> backwardFromLogits(INDArray deltas, Pass pass, boolean below);

    /** As {@link #backward}, from the host's loss, summed over rows. */
    abstract Optional<INDArray> backwardFromLoss(INDArray labels, Pass pass, boolean below);

    /** Gradient at the logits of the last {@link #backwardFromLoss} // [T·N, V]. */
    abstract INDArray residuals();

    @Override
    Optional<INDArray> backward(INDArray epsilon, Pass pass, boolean below) {
        throw new IllegalStateException(
                "an output layer must end the network, got one that does not");
    }
}
