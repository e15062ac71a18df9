package org.learningdynamics.train;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Weight decay that the updater does not see: {@code ηλθ} is added to its step, so that {@code θ ←
 * θ(1 − ηλ) − step}. With {@link TorchAdam} the updates are those of PyTorch's {@code
 * AdamW(weight_decay=λ)}.
 *
 * <p>It is no term of the loss: unlike ND4J's {@code WeightDecay} it adds nothing to the score.
 * Cost: one pass.
 *
 * <p>Source: Loshchilov and Hutter, Decoupled Weight Decay Regularization, 2019.
 */
public final class DecoupledDecay implements Regularization {
    private static final long serialVersionUID = 1L;

    /** Share of a weight taken off per unit of learning rate. */
    private final double decay;

    /**
     * With a factor.
     *
     * @param decay λ, finite and at least 0
     * @throws IllegalArgumentException if it is not
     */
    public DecoupledDecay(@JsonProperty("decay") double decay) {
        if (!(decay >= 0) || Double.isInfinite(decay)) {
            throw new IllegalArgumentException("decay must be finite and >= 0, got " + decay);
        }
        this.decay = decay;
    }

    @Override
    public ApplyStep applyStep() {
        return ApplyStep.POST_UPDATER;
    }

    @Override
    public void apply(INDArray param, INDArray gradView, double lr, int iteration, int epoch) {
        Nd4j.getBlasWrapper().level1().axpy(param.length(), lr * decay, param, gradView);
    }

    @Override
    public double score(INDArray param, int iteration, int epoch) {
        return 0;
    }

    @Override
    @SuppressWarnings("MissingSuperCall") // a final class of a value
    public DecoupledDecay clone() {
        return new DecoupledDecay(decay);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DecoupledDecay same && Double.compare(decay, same.decay) == 0;
    }

    @Override
    public int hashCode() {
        return Double.hashCode(decay);
    }

    @Override
    public String toString() {
        return "DecoupledDecay(" + decay + ")";
    }
}
