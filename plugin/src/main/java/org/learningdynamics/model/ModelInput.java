package org.learningdynamics.model;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One batch for a forward pass. The arrays stay the caller's; a view neither keeps nor closes them.
 *
 * @param features one array a model input, in the model's order
 * @param masks feature masks in the same order, empty for none // each [batch, length]
 */
public record ModelInput(List<INDArray> features, List<INDArray> masks) {
    /**
     * Checks and copies the lists.
     *
     * @param features one array a model input
     * @param masks as many, or none
     * @throws IllegalArgumentException if there is no feature array, or some have a mask and others
     *     not
     */
    public ModelInput {
        features = List.copyOf(features);
        masks = List.copyOf(masks);
        if (features.isEmpty()) {
            throw new IllegalArgumentException("features must hold at least one array, got 0");
        }
        if (!masks.isEmpty() && masks.size() != features.size()) {
            throw new IllegalArgumentException(
                    "masks must be empty or one a feature array ("
                            + features.size()
                            + "), got "
                            + masks.size());
        }
    }

    /**
     * A batch for a model with one input and no mask.
     *
     * @param features the input // [batch, …]
     * @return the batch
     */
    public static ModelInput of(INDArray features) {
        return new ModelInput(List.of(features), List.of());
    }
}
