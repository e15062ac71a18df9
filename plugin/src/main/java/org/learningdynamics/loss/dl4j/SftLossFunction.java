package org.learningdynamics.loss.dl4j;

import org.jspecify.annotations.Nullable;
import org.learningdynamics.measure.SoftmaxLogits;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * The loss {@code sft} in Deeplearning4j's own output layers: the mean over all N_tok response
 * tokens of a batch, {@code ℓ = −Σ log π_t(y_t) / N_tok}.
 *
 * <p>The network must be built with {@code miniBatch(false)}: this loss divides by the number of
 * tokens itself, and the host's own division by the number B of rows, which a loss function can
 * neither see nor undo, would make score and step B times too small. Where that is not wanted take
 * {@link ResponseOutputLayer} with {@code SftLoss}, which is right in either setting.
 *
 * <p>For {@code OutputLayer} and {@code RnnOutputLayer}: {@code LossLayer} and {@code RnnLossLayer}
 * divide their score by B even with {@code miniBatch(false)}; there take {@link ResponseLossLayer}.
 * Labels, masks and numerics as in {@link SftSumLossFunction}; gradient at the logits {@code (π −
 * y) / N_tok} at each position that counts; 0 where none does.
 */
public record SftLossFunction() implements ILossFunction, SoftmaxLogits {
    /**
     * The loss of a batch.
     *
     * @param labels distributions, or zeros where nothing counts // [rows, V]
     * @param preOutput logits // [rows, V]
     * @param activationFn softmax or identity
     * @param mask 0 where nothing counts // [rows, 1]
     * @param average has no effect: the loss is a mean already
     * @return the mean over the tokens (nats)
     * @throws IllegalArgumentException if a shape, the activation or a row of labels is refused
     */
    @Override
    public double computeScore(
            INDArray labels,
            INDArray preOutput,
            IActivation activationFn,
            @Nullable INDArray mask,
            boolean average) {
        OneHotLoss loss = new OneHotLoss(labels, preOutput, activationFn, mask);
        return loss.sum() / loss.tokens();
    }

    @Override
    public INDArray computeScoreArray(
            INDArray labels,
            INDArray preOutput,
            IActivation activationFn,
            @Nullable INDArray mask) {
        OneHotLoss loss = new OneHotLoss(labels, preOutput, activationFn, mask);
        return loss.perRow().divi(loss.tokens());
    }

    @Override
    public INDArray computeGradient(
            INDArray labels,
            INDArray preOutput,
            IActivation activationFn,
            @Nullable INDArray mask) {
        OneHotLoss loss = new OneHotLoss(labels, preOutput, activationFn, mask);
        return loss.residual().divi(loss.tokens());
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
        return "SftLossFunction";
    }
}
