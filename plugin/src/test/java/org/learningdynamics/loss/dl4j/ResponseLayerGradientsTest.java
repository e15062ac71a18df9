package org.learningdynamics.loss.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.learningdynamics.influence.FactoredGradient;
import org.learningdynamics.influence.RowGradients;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.Losses;
import org.learningdynamics.model.LearntBatch;
import org.learningdynamics.model.ModelInput;
import org.learningdynamics.model.NetworkGradients;
import org.learningdynamics.model.RowPass;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** What a batch with a loss on responses teaches, row by row. */
class ResponseLayerGradientsTest {
    private static final double TOLERANCE = 1e-12;

    private final ResponseTask task = new ResponseTask(17);

    @ParameterizedTest
    @CsvSource({"dpo,NCW", "dpo,NWC", "sft,NCW", "sft-sum,NCW", "kto,NCW", "simpo,NCW"})
    void rowsAddUpToTheHostsGradient(String name, RNNFormat format) {
        Loss loss = Losses.byName(name);
        Layer output =
                ResponseOutputLayer.builder(loss)
                        .nOut(ResponseTask.CLASSES)
                        .dataFormat(format)
                        .build();
        check(loss, format, lstm(5, format), output);
    }

    @ParameterizedTest
    @CsvSource({"dpo,NCW", "sft,NWC"})
    void withoutWeightsToo(String name, RNNFormat format) {
        Loss loss = Losses.byName(name);
        Layer output = ResponseLossLayer.builder(loss).dataFormat(format).build();
        check(loss, format, lstm(ResponseTask.CLASSES, format), output);
    }

    private void check(Loss loss, RNNFormat format, Layer... layers) {
        MultiLayerNetwork network = network(format, layers);
        DataSet batch = task.ofFeatures(loss, format);
        Map<String, INDArray> host = ofHost(network, batch);
        try (NetworkGradients view = NetworkGradients.of(network)) {
            view.load(network.paramTable());
            try (RowPass learnt = view.learnt(LearntBatch.of(batch));
                    RowPass observed =
                            view.observe(ModelInput.of(batch.getFeatures()), task.labels)) {
                assertEquals(List.of(), view.fallbacks());
                Map<String, INDArray> rows = explicit(learnt.gradients());
                host.forEach(
                        (key, gradient) ->
                                assertTrue(error(gradient, rows.get(key).sum(0)) < TOLERANCE, key));
                assertMultiples(rows, explicit(observed.gradients()));
            }
        }
    }

    /** All tokens of a row have one coefficient in these losses, so ∂ℓ is a multiple of ∂log π. */
    private static void assertMultiples(
            Map<String, INDArray> learnt, Map<String, INDArray> observed) {
        INDArray first = learnt.values().iterator().next();
        for (int row = 0; row < first.size(0); row++) {
            INDArray bias = observed.get("0_b").slice(row);
            double factor = dot(learnt.get("0_b").slice(row), bias) / dot(bias, bias);
            for (String key : learnt.keySet()) {
                INDArray score = observed.get(key).slice(row);
                INDArray off = learnt.get(key).slice(row).sub(score.mul(factor));
                assertTrue(dot(off, off) <= TOLERANCE * dot(score, score), key + " of row " + row);
            }
        }
    }

    private static double dot(INDArray a, INDArray b) {
        return a.mul(b).sumNumber().doubleValue();
    }

    private static Map<String, INDArray> explicit(RowGradients gradients) {
        Map<String, INDArray> all = new HashMap<>();
        for (FactoredGradient each : gradients.parameters()) {
            all.put(each.parameter().name(), each.explicit(0, each.parameter().columns()));
        }
        return all;
    }

    private static double error(INDArray expected, INDArray got) {
        INDArray difference = expected.sub(got.reshape(expected.shape()));
        return difference.norm2Number().doubleValue() / expected.norm2Number().doubleValue();
    }

    private static Map<String, INDArray> ofHost(MultiLayerNetwork network, DataSet batch) {
        network.setInput(batch.getFeatures());
        network.setLabels(batch.getLabels());
        network.setLayerMaskArrays(null, batch.getLabelsMaskArray());
        network.computeGradientAndScore();
        Map<String, INDArray> found = new HashMap<>();
        network.gradient().gradientForVariable().forEach((k, v) -> found.put(k, v.dup('c')));
        return found;
    }

    private static Layer lstm(int units, RNNFormat format) {
        return new LSTM.Builder()
                .nOut(units)
                .activation(Activation.TANH)
                .dataFormat(format)
                .build();
    }

    private static MultiLayerNetwork network(RNNFormat format, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list =
                new NeuralNetConfiguration.Builder().seed(5).dataType(DataType.DOUBLE).list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        InputType input = InputType.recurrent(ResponseTask.FEATURES, ResponseTask.LENGTH, format);
        MultiLayerNetwork network = new MultiLayerNetwork(list.setInputType(input).build());
        network.init();
        return network;
    }
}
