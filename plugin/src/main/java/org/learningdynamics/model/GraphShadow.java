package org.learningdynamics.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The shadow of a ComputationGraph. */
final class GraphShadow implements NetworkShadow {
    private final ComputationGraph graph;
    private final INDArray parameters;
    private final LayerRules rules = new LayerRules();
    private final NetworkTape tape;
    private final List<Integer> outputs;
    private final int watched;

    GraphShadow(ComputationGraphConfiguration configuration, int output, long parameterCount) {
        parameters = Nd4j.create(configuration.getDataType(), 1, parameterCount);
        graph = new ComputationGraph(configuration);
        graph.init(parameters, false);
        tape = taken();
        outputs = configuration.getNetworkOutputs().stream().map(tape::indexOf).toList();
        watched = outputs.get(output);
        if (!rules.fallbacks().isEmpty()) {
            graph.initGradientsView();
        }
    }

    private NetworkTape taken() {
        Map<Integer, Integer> slots = new HashMap<>();
        List<String> inputs = graph.getConfiguration().getNetworkInputs();
        for (GraphVertex vertex : graph.getVertices()) {
            if (vertex.isInputVertex()) {
                slots.put(vertex.getVertexIndex(), inputs.indexOf(vertex.getVertexName()));
            }
        }
        List<NetworkTape.Place> places = new ArrayList<>();
        for (int index : graph.topologicalSortOrder()) {
            GraphVertex vertex = graph.getVertices()[index];
            if (!vertex.isInputVertex()) {
                slots.put(index, inputs.size() + places.size());
                List<Integer> from =
                        Arrays.stream(vertex.getInputVertices())
                                .map(input -> slots.get(input.getVertexIndex()))
                                .toList();
                places.add(new NetworkTape.Place(vertex.getVertexName(), from, step(vertex)));
            }
        }
        return new NetworkTape(inputs.size(), places);
    }

    private NetworkStep step(GraphVertex vertex) {
        String name = vertex.getVertexName();
        if (vertex instanceof LayerVertex layer) {
            return new LayerStep(
                    Optional.ofNullable(layer.getLayerPreProcessor()),
                    rules.of(layer.getLayer(), new LayerNames(name + "_", name)));
        }
        return new VertexStep(vertex);
    }

    @Override
    public NetworkTape tape() {
        return tape;
    }

    @Override
    public int inputs() {
        return graph.getNumInputArrays();
    }

    @Override
    public int watched() {
        return watched;
    }

    @Override
    public List<Integer> outputs() {
        return outputs;
    }

    @Override
    public Map<String, INDArray> parameters() {
        return graph.paramTable();
    }

    @Override
    public DataType dataType() {
        return parameters.dataType();
    }

    @Override
    public void begin(
            List<INDArray> features,
            List<Optional<INDArray>> featureMasks,
            List<Optional<INDArray>> labelMasks) {
        graph.setInputs(features.toArray(new INDArray[0]));
        graph.setLayerMaskArrays(Masks.nullable(featureMasks), Masks.nullable(labelMasks));
    }

    @Override
    public void clear() {
        tape.clear();
        graph.clear();
        graph.clearLayerMaskArrays();
        graph.rnnClearPreviousState();
    }

    @Override
    public List<String> fallbacks() {
        return rules.fallbacks();
    }

    @Override
    public void close() {
        parameters.close();
        if (graph.getGradientsViewArray() != null) {
            graph.getGradientsViewArray().close();
        }
    }
}
