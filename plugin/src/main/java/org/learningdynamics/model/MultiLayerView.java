package org.learningdynamics.model;

import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A second MultiLayerNetwork of the same configuration that gives logits. */
final class MultiLayerView implements ModelView {
    private final MultiLayerNetwork network;
    private final MultiLayerConfiguration configuration;
    private final String outputName;
    private final PositionAxis axis;
    private @Nullable MultiLayerNetwork shadow;
    private @Nullable INDArray parameters;

    /**
     * Copies the configuration here and not later: the probe thread must not ask the network for
     * anything that its training holds the monitor of.
     */
    MultiLayerView(MultiLayerNetwork network) {
        this.network = network;
        configuration = network.getLayerWiseConfigurations().clone();
        configuration.setInferenceWorkspaceMode(WorkspaceMode.ENABLED);
        int last = configuration.getConfs().size() - 1;
        Layer output = configuration.getConf(last).getLayer();
        outputName = OutputLayers.name(output, "layer" + last);
        OutputLayers.removeActivation(output, outputName);
        axis = PositionAxis.of(output);
    }

    @Override
    public void refresh() {
        INDArray current = network.params();
        if (shadow == null) {
            parameters = current.dup();
            shadow = new MultiLayerNetwork(configuration);
            shadow.init(parameters, false);
        } else {
            shadow.params().assign(current);
        }
    }

    @Override
    public void applyConstraints(int iteration, int epoch) {
        opened().applyConstraints(iteration, epoch);
    }

    @Override
    public INDArray logits(ModelInput input) {
        if (input.features().size() != 1) {
            throw new IllegalArgumentException(
                    "a MultiLayerNetwork has one input, got probes with "
                            + input.features().size());
        }
        @Nullable INDArray mask = input.masks().isEmpty() ? null : input.masks().get(0);
        INDArray output =
                TypedArrays.use(
                        input.features(),
                        List.of(configuration.getDataType()),
                        features -> opened().output(features.get(0), false, mask, null));
        return axis.flatten(output, outputName);
    }

    private MultiLayerNetwork opened() {
        if (shadow == null) {
            throw new IllegalStateException("refresh must be called first");
        }
        return shadow;
    }

    @Override
    public void close() {
        if (parameters != null) {
            shadow = null;
            parameters.close();
            parameters = null;
            Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
        }
    }
}
