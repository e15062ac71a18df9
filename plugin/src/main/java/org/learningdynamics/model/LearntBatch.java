package org.learningdynamics.model;

import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * The batch that a network was trained on, as {@link MultiLayerNetwork} or {@link ComputationGraph}
 * gets it. The arrays stay the caller's.
 *
 * @param features one array a network input // each [N, …]
 * @param labels one array a network output // each [N, …]
 * @param featureMasks one entry a network input
 * @param labelMasks one entry a network output
 */
public record LearntBatch(
        List<INDArray> features,
        List<INDArray> labels,
        List<Optional<INDArray>> featureMasks,
        List<Optional<INDArray>> labelMasks) {
    /**
     * Checks and copies the lists.
     *
     * @param features one array a network input
     * @param labels one array a network output
     * @param featureMasks one entry a network input
     * @param labelMasks one entry a network output
     * @throws IllegalArgumentException if there are no features, or not as many masks as arrays
     */
    public LearntBatch {
        features = List.copyOf(features);
        labels = List.copyOf(labels);
        featureMasks = List.copyOf(featureMasks);
        labelMasks = List.copyOf(labelMasks);
        if (features.isEmpty()) {
            throw new IllegalArgumentException("features must hold at least one array, got 0");
        }
        requireSame("featureMasks", features.size(), featureMasks.size());
        requireSame("labelMasks", labels.size(), labelMasks.size());
    }

    private static void requireSame(String name, int expected, int got) {
        if (expected != got) {
            throw new IllegalArgumentException(
                    name + " must have " + expected + " entries, got " + got);
        }
    }

    /**
     * A batch of one input and one output without masks.
     *
     * @param features the input // [N, …]
     * @param labels the labels // [N, …]
     * @return the batch
     */
    public static LearntBatch of(INDArray features, INDArray labels) {
        return new LearntBatch(
                List.of(features),
                List.of(labels),
                List.of(Optional.empty()),
                List.of(Optional.empty()));
    }

    /**
     * A batch of one input and one output with its masks.
     *
     * @param batch as given to {@code fit}
     * @return the batch
     */
    public static LearntBatch of(DataSet batch) {
        return new LearntBatch(
                List.of(batch.getFeatures()),
                List.of(batch.getLabels()),
                List.of(Optional.ofNullable(batch.getFeaturesMaskArray())),
                List.of(Optional.ofNullable(batch.getLabelsMaskArray())));
    }

    /**
     * A batch of several inputs or outputs with its masks.
     *
     * @param batch as given to {@code fit}
     * @return the batch
     */
    public static LearntBatch of(MultiDataSet batch) {
        INDArray[] features = batch.getFeatures();
        INDArray[] labels = batch.getLabels();
        return new LearntBatch(
                List.of(features),
                List.of(labels),
                Masks.optional(batch.getFeaturesMaskArrays(), features.length),
                Masks.optional(batch.getLabelsMaskArrays(), labels.length));
    }
}
