package org.learningdynamics.loss.dl4j;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.learningdynamics.loss.SftSumLoss;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Writes the log-probabilities of responses under a reference network into the labels of batches,
 * once before preference training. The reference is usually the network itself as it is then.
 *
 * <p>{@code r = Σ_t log π_ref(y_t)} of each row (nats), in float64 from the network's own data
 * type, without dropout. The network must end in a {@link ResponseOutputLayer} or {@link
 * ResponseLossLayer}, with whatever loss; it is not changed: a second network over the same
 * parameters, not a copy of them, does the forward pass. Not to be called while the network trains.
 */
public final class ReferenceScores {
    private ReferenceScores() {}

    /**
     * Fills in the reference.
     *
     * @param reference the reference network
     * @param batch made by {@link ResponseBatch}; its labels are changed in place
     * @throws IllegalArgumentException if the network ends in another layer or the labels have no
     *     channel for the reference
     */
    public static void fill(MultiLayerNetwork reference, DataSet batch) {
        MultiLayerConfiguration configuration = reference.getLayerWiseConfigurations().clone();
        int last = configuration.getConfs().size() - 1;
        RNNFormat format = toSums(configuration.getConf(last).getLayer());
        MultiLayerNetwork scorer = new MultiLayerNetwork(configuration);
        scorer.init(reference.params(), false);
        write(scorer.scoreExamples(batch, false), batch, format);
    }

    /**
     * Fills in the reference.
     *
     * @param reference the reference graph, with one output
     * @param batch made by {@link ResponseBatch}; its labels are changed in place
     * @throws IllegalArgumentException if the graph ends in another layer or the labels have no
     *     channel for the reference
     */
    public static void fill(ComputationGraph reference, DataSet batch) {
        ComputationGraphConfiguration configuration = reference.getConfiguration().clone();
        String output = configuration.getNetworkOutputs().get(0);
        if (!(configuration.getVertices().get(output) instanceof LayerVertex vertex)) {
            throw refuse(output);
        }
        RNNFormat format = toSums(vertex.getLayerConf().getLayer());
        ComputationGraph scorer = new ComputationGraph(configuration);
        scorer.init(reference.params(), false);
        write(scorer.scoreExamples(batch, false), batch, format);
    }

    /** Puts the sum over responses in place of the layer's loss. */
    private static RNNFormat toSums(Layer output) {
        ResponseLossFunction sum = ResponseLossFunction.of(new SftSumLoss());
        if (output instanceof ResponseOutputLayer layer) {
            layer.setLossFn(sum);
            return layer.getRnnDataFormat();
        } else if (output instanceof ResponseLossLayer layer) {
            layer.setLossFn(sum);
            return layer.getRnnDataFormat();
        }
        throw refuse(output.getClass().getSimpleName());
    }

    private static IllegalArgumentException refuse(String got) {
        return new IllegalArgumentException(
                "the reference network must end in a ResponseOutputLayer or a ResponseLossLayer,"
                        + " got "
                        + got);
    }

    private static void write(INDArray losses, DataSet batch, RNNFormat format) {
        INDArray labels = batch.getLabels();
        INDArray channelsFirst = format == RNNFormat.NWC ? labels.permute(0, 2, 1) : labels;
        if (channelsFirst.size(1) != ResponseLabels.CHANNELS) {
            throw new IllegalArgumentException(
                    "labels must have "
                            + ResponseLabels.CHANNELS
                            + " channels, got shape "
                            + Arrays.toString(labels.shape()));
        }
        for (int row = 0; row < labels.size(0); row++) {
            channelsFirst
                    .get(
                            NDArrayIndex.point(row),
                            NDArrayIndex.point(ResponseLabels.REFERENCE),
                            NDArrayIndex.all())
                    .assign(-losses.getDouble(row, 0));
        }
    }
}
