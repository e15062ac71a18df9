package org.learningdynamics.measure;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An output layer of Deeplearning4j whose loss looks at a whole batch, and which can say what it
 * does to the logits without touching its weights.
 */
public interface LogitResiduals {
    /**
     * {@code ∂ℓ/∂z} of the batch whose input, labels and masks the layer holds, scaled as the
     * layer's own backpropagation scales it: times the number of rows where the host will divide by
     * that. Zero at positions and rows that do not count. Cost: one softmax over the positions that
     * count.
     *
     * @param logits z, in the layer's own order of dimensions // [B, V, T], or [B, T, V] in NWC
     * @return the gradient, of the same shape
     */
    INDArray residuals(INDArray logits);
}
