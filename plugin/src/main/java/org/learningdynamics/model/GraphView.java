package org.learningdynamics.model;

import java.util.Collections;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A second ComputationGraph of the same configuration that gives logits. */
final class GraphView implements ModelView {
    private final ComputationGraph graph;
    private final ComputationGraphConfiguration configuration;
    private final String outputName;
    private final int outputIndex;
    private final PositionAxis axis;
    private @Nullable ComputationGraph shadow;
    private @Nullable INDArray parameters;

    /** Watches the only output. */
    GraphView(ComputationGraph graph) {
        this(graph, onlyOutput(graph.getConfiguration().getNetworkOutputs()));
    }

    /** Copies the configuration here and not later, as {@link MultiLayerView} does. */
    GraphView(ComputationGraph graph, String output) {
        this.graph = graph;
        configuration = graph.getConfiguration().clone();
        configuration.setInferenceWorkspaceMode(WorkspaceMode.ENABLED);
        outputName = output;
        outputIndex = indexOf(configuration, output);
        Layer layer = outputLayer(configuration, outputName);
        OutputLayers.removeActivation(layer, outputName);
        axis = PositionAxis.of(layer);
    }

    static int indexOf(ComputationGraphConfiguration configuration, String output) {
        List<String> outputs = configuration.getNetworkOutputs();
        int index = outputs.indexOf(output);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "output must be one of " + outputs + ", got \"" + output + "\"");
        }
        return index;
    }

    static String onlyOutput(List<String> outputs) {
        if (outputs.size() != 1) {
            throw new IllegalArgumentException(
                    "of a ComputationGraph with "
                            + outputs.size()
                            + " outputs the one to watch must be named, one of "
                            + outputs);
        }
        return outputs.get(0);
    }

    static Layer outputLayer(ComputationGraphConfiguration configuration, String name) {
        GraphVertex output = configuration.getVertices().get(name);
        if (output instanceof LayerVertex vertex) {
            return vertex.getLayerConf().getLayer();
        }
        throw OutputLayers.refuse(
                name, output == null ? "nothing" : output.getClass().getSimpleName());
    }

    @Override
    public void refresh() {
        INDArray current = graph.params();
        if (shadow == null) {
            parameters = current.dup();
            shadow = new ComputationGraph(configuration);
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
        List<String> inputs = configuration.getNetworkInputs();
        if (input.features().size() != inputs.size()) {
            throw new IllegalArgumentException(
                    "the probe must bring one array for each of the inputs "
                            + inputs
                            + ", got "
                            + input.features().size());
        }
        INDArray @Nullable [] masks =
                input.masks().isEmpty() ? null : input.masks().toArray(new INDArray[0]);
        List<DataType> types = Collections.nCopies(inputs.size(), configuration.getDataType());
        INDArray output =
                TypedArrays.use(
                        input.features(),
                        types,
                        features ->
                                watched(
                                        opened().output(
                                                        false,
                                                        features.toArray(new INDArray[0]),
                                                        masks)));
        return axis.flatten(output, outputName);
    }

    private INDArray watched(INDArray[] outputs) {
        for (int i = 0; i < outputs.length; i++) {
            if (i != outputIndex) {
                outputs[i].close();
            }
        }
        return outputs[outputIndex];
    }

    private ComputationGraph opened() {
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
