package org.learningdynamics.loss.dl4j;

import org.jspecify.annotations.Nullable;
import org.learningdynamics.measure.SoftmaxLogits;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * The loss {@code sft-sum} in Deeplearning4j's own output layers: {@code ℓ = −Σ_t log π_t(y_t)} of
 * each response, the mean over the B rows of a batch.
 *
 * <p>For {@code OutputLayer}, {@code LossLayer}, {@code RnnOutputLayer} and {@code RnnLossLayer}
 * with softmax or identity activation. Labels are distributions over the V classes, usually
 * one-hot; positions whose labels are all 0, and masked ones, do not count. The host sums over
 * positions and divides score and gradient by B, which is the definition, unless the network was
 * built with {@code miniBatch(false)}: then both are B times as large. {@code RnnLossLayer} is
 * right in the format NCW alone: in NWC the host scores its input against itself, which is refused
 * here because its rows are no distributions; take {@link ResponseLossLayer} there.
 *
 * <p>Gradient at the logits: {@code π − y} at each position that counts. Log-probabilities come
 * from the logits, never from clipped probabilities: finite for logits of any spread, where {@code
 * LossMCXENT} stops at log 1e-10. NaN logits give a NaN score. Cost: one softmax and four passes
 * over the logits. Source: Ren and Sutherland, ICLR 2025, section 3.
 */
public record SftSumLossFunction() implements ILossFunction, SoftmaxLogits {
    /**
     * The loss of a batch.
     *
     * @param labels distributions, or zeros where nothing counts // [rows, V]
     * @param preOutput logits // [rows, V]
     * @param activationFn softmax or identity
     * @param mask 0 where nothing counts // [rows, 1]
     * @param average whether to divide by the number of rows
     * @return the sum (nats)
     * @throws IllegalArgumentException if a shape, the activation or a row of labels is refused
     */
    @Override
    public double computeScore(
            INDArray labels,
            INDArray preOutput,
            IActivation activationFn,
            @Nullable INDArray mask,
            boolean average) {
        double sum = new OneHotLoss(labels, preOutput, activationFn, mask).sum();
        return average ? sum / preOutput.size(0) : sum;
    }

    @Override
    public INDArray computeScoreArray(
            INDArray labels,
            INDArray preOutput,
            IActivation activationFn,
            @Nullable INDArray mask) {
        return new OneHotLoss(labels, preOutput, activationFn, mask).perRow();
    }

    @Override
    public INDArray computeGradient(
            INDArray labels,
            INDArray preOutput,
            IActivation activationFn,
            @Nullable INDArray mask) {
        return new OneHotLoss(labels, preOutput, activationFn, mask).residual();
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels,
            INDArray preOutput,
            IActivation activationFn,
            @Nullable INDArray mask,
            boolean average) {
        return Pair.of(
                computeScore(labels, preOutput, activationFn, mask, average),
                computeGradient(labels, preOutput, activationFn, mask));
    }

    @Override
    public String name() {
        return "SftSumLossFunction";
    }
}
