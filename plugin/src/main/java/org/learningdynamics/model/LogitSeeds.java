package org.learningdynamics.model;

import java.util.Arrays;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Gradients at logits from which a way back starts. */
final class LogitSeeds {
    private LogitSeeds() {}

    /**
     * Of {@code Σ log π(y)}: {@code e_y − π}, 0 where no label is read; differences in float64.
     *
     * @param logits // [N·T, V]
     * @param labels // [N][T]
     */
    static INDArray ofLogLikelihood(INDArray logits, int[][] labels) {
        int[] flat = Arrays.stream(labels).flatMapToInt(Arrays::stream).toArray();
        if (flat.length != logits.size(0)) {
            throw new IllegalArgumentException(
                    "labels must have one entry a position ("
                            + logits.size(0)
                            + "), got "
                            + flat.length);
        }
        INDArray exact = logits.castTo(DataType.DOUBLE).dup('c');
        INDArray seed = new ActivationSoftmax().getActivation(exact, false).negi();
        for (int i = 0; i < flat.length; i++) {
            if (flat[i] >= logits.size(1)) {
                throw new IllegalArgumentException(
                        "label must be below " + logits.size(1) + ", got " + flat[i]);
            } else if (flat[i] < 0) {
                seed.getRow(i).assign(0);
            } else {
                seed.putScalar(i, flat[i], 1 + seed.getDouble(i, flat[i]));
            }
        }
        return seed.castTo(logits.dataType());
    }

    /** Brings a seed into the order inside a network, and back to one class for a sigmoid. */
    static INDArray inside(INDArray seed, int rows, INDArray logits) {
        long positions = seed.size(0) / rows;
        INDArray classes =
                logits.size(1) == 1
                        ? seed.get(NDArrayIndex.all(), NDArrayIndex.interval(1, 2)).dup('c')
                        : seed;
        return classes.castTo(logits.dataType())
                .reshape('c', rows, positions, logits.size(1))
                .permute(1, 0, 2)
                .dup('c')
                .reshape('c', seed.size(0), logits.size(1));
    }

    /** Logits from the order inside a network, two for a sigmoid // [T·N, V] to [N·T, V]. */
    static INDArray outside(INDArray logits, int rows) {
        long classes = logits.size(1);
        INDArray view = logits.reshape('c', logits.size(0) / rows, rows, classes);
        INDArray ordered = view.permute(1, 0, 2).dup('c').reshape('c', logits.size(0), classes);
        if (classes > 1) {
            return ordered;
        }
        return Nd4j.hstack(Nd4j.zerosLike(ordered), ordered);
    }
}
