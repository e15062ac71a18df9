package org.learningdynamics.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The shadow of a MultiLayerNetwork. */
final class MultiLayerShadow implements NetworkShadow {
    private final MultiLayerNetwork network;
    private final INDArray parameters;
    private final LayerRules rules = new LayerRules();
    private final NetworkTape tape;

    MultiLayerShadow(MultiLayerConfiguration configuration, long parameterCount) {
        parameters = Nd4j.create(configuration.getDataType(), 1, parameterCount);
        network = new MultiLayerNetwork(configuration);
        network.init(parameters, false);
        List<NetworkTape.Place> places = new ArrayList<>();
        Layer[] layers = network.getLayers();
        for (int i = 0; i < layers.length; i++) {
            String name = layers[i].conf().getLayer().getLayerName();
            LayerNames names = new LayerNames(i + "_", name == null ? String.valueOf(i) : name);
            Optional<InputPreProcessor> before =
                    Optional.ofNullable(configuration.getInputPreProcess(i));
            LayerStep step = new LayerStep(before, rules.of(layers[i], names));
            places.add(new NetworkTape.Place(names.layer(), List.of(i), step));
        }
        tape = new NetworkTape(1, places);
        if (!rules.fallbacks().isEmpty()) {
            network.initGradientsView();
        }
    }

    @Override
    public NetworkTape tape() {
        return tape;
    }

    @Override
    public int inputs() {
        return 1;
    }

    @Override
    public int watched() {
        return network.getnLayers() - 1;
    }

    @Override
    public List<Integer> outputs() {
        return List.of(watched());
    }

    @Override
    public Map<String, INDArray> parameters() {
        return network.paramTable();
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
        network.clearLayerMaskArrays();
        network.setInputMiniBatchSize((int) features.get(0).size(0));
        network.setLayerMaskArrays(
                featureMasks.get(0).orElse(null), labelMasks.get(0).orElse(null));
    }

    @Override
    public void clear() {
        tape.clear();
        network.clearLayerMaskArrays();
        network.rnnClearPreviousState();
    }

    @Override
    public List<String> fallbacks() {
        return rules.fallbacks();
    }

    @Override
    public void close() {
        parameters.close();
        if (network.getGradientsViewArray() != null) {
            network.getGradientsViewArray().close();
        }
    }
}
