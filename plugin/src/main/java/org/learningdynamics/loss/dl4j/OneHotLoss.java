package org.learningdynamics.loss.dl4j;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Negative log-likelihood of labels that are distributions, at every position on its own. */
final class OneHotLoss {
    private static final double SUM_TOLERANCE = 1e-4;

    private final INDArray labels; // [rows, V]
    private final INDArray logits; // [rows, V]
    private final INDArray probabilities; // [rows, V]
    private final INDArray weights; // 1 where a row counts, else 0 // [rows, 1]

    OneHotLoss(INDArray labels, INDArray logits, IActivation activation, @Nullable INDArray mask) {
        requireActivation(activation);
        if (logits.rank() != 2 || !Arrays.equals(labels.shape(), logits.shape())) {
            throw new IllegalArgumentException(
                    "labels must have the shape of the logits "
                            + Arrays.toString(logits.shape())
                            + ", got "
                            + Arrays.toString(labels.shape()));
        }
        this.labels = labels.castTo(logits.dataType());
        this.logits = logits;
        this.probabilities = new ActivationSoftmax().getActivation(logits.dup('c'), true);
        this.weights = weights(this.labels, mask);
    }

    static void requireActivation(IActivation activation) {
        if (!(activation instanceof ActivationSoftmax)
                && !(activation instanceof ActivationIdentity)) {
            throw new IllegalArgumentException(
                    "activation must be softmax or identity, got " + activation);
        }
    }

    private static INDArray weights(INDArray labels, @Nullable INDArray mask) {
        double[] sums = labels.sum(true, 1).castTo(DataType.DOUBLE).toDoubleVector();
        for (int row = 0; row < sums.length; row++) {
            boolean zero = sums[row] == 0;
            if (!zero && !(Math.abs(sums[row] - 1) <= SUM_TOLERANCE)) {
                throw new IllegalArgumentException(
                        "labels must sum to 1, or to 0 where nothing counts, got "
                                + sums[row]
                                + " in row "
                                + row);
            }
        }
        INDArray counted = labels.sum(true, 1).gt(0).castTo(labels.dataType());
        if (mask == null) {
            return counted;
        }
        if (mask.length() != labels.size(0)) {
            throw new IllegalArgumentException(
                    "mask must have one value per row ("
                            + labels.size(0)
                            + "), got "
                            + mask.length());
        }
        INDArray unmasked = mask.reshape(mask.length(), 1).gt(0);
        return counted.muli(unmasked.castTo(labels.dataType()));
    }

    /** Number of rows that count; 1 if none does, so that a mean over them is 0. */
    double tokens() {
        return Math.max(1, weights.sumNumber().doubleValue());
    }

    /** −log π(y), 0 where nothing counts // [rows, 1]. */
    INDArray perRow() {
        INDArray max = logits.max(true, 1);
        INDArray logNormalizer = max.sub(Transforms.log(probabilities.max(true, 1)));
        INDArray values = logNormalizer.subi(logits.mul(labels).sum(true, 1));
        return values.muli(weights);
    }

    double sum() {
        return perRow().castTo(DataType.DOUBLE).sumNumber().doubleValue();
    }

    /** π − y, 0 where nothing counts // [rows, V]. */
    INDArray residual() {
        return probabilities.sub(labels).muliColumnVector(weights);
    }
}
