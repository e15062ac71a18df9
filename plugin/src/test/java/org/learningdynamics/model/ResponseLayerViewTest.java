package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.learningdynamics.loss.DpoLoss;
import org.learningdynamics.loss.SftLoss;
import org.learningdynamics.loss.dl4j.ResponseLossLayer;
import org.learningdynamics.loss.dl4j.ResponseOutputLayer;
import org.learningdynamics.loss.dl4j.SftLossFunction;
import org.learningdynamics.loss.dl4j.SftSumLossFunction;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Networks that end in a loss on logits are watched with softmax and with identity. */
class ResponseLayerViewTest {
    private static final int CLASSES = 5;

    private static Stream<Layer> sequenceHeads() {
        return Stream.of(Activation.SOFTMAX, Activation.IDENTITY)
                .flatMap(
                        activation ->
                                Stream.of(
                                        ResponseOutputLayer.builder(new DpoLoss(0.1))
                                                .nIn(CLASSES)
                                                .nOut(CLASSES)
                                                .dataFormat(RNNFormat.NWC)
                                                .activation(activation)
                                                .build(),
                                        ResponseLossLayer.builder(new SftLoss())
                                                .dataFormat(RNNFormat.NWC)
                                                .activation(activation)
                                                .build(),
                                        new RnnOutputLayer.Builder(new SftLossFunction())
                                                .nIn(CLASSES)
                                                .nOut(CLASSES)
                                                .dataFormat(RNNFormat.NWC)
                                                .activation(activation)
                                                .build(),
                                        new RnnLossLayer.Builder(new SftSumLossFunction())
                                                .dataFormat(RNNFormat.NWC)
                                                .activation(activation)
                                                .build()));
    }

    @ParameterizedTest
    @MethodSource("sequenceHeads")
    void logitsAreThoseOfTheNetwork(Layer head) {
        LSTM below = new LSTM.Builder().nIn(3).nOut(CLASSES).dataFormat(RNNFormat.NWC).build();
        MultiLayerNetwork network = network(below, head);
        INDArray features = random(2, 4, 3);
        INDArray output = network.output(features).reshape('c', 8, CLASSES);
        assertSameSoftmax(network, features, output);
    }

    @Test
    void logitsOfClassifiersToo() {
        OutputLayer below =
                new OutputLayer.Builder(new SftSumLossFunction())
                        .nIn(3)
                        .nOut(CLASSES)
                        .activation(Activation.IDENTITY)
                        .build();
        INDArray features = random(4, 3);
        MultiLayerNetwork network = network(below);
        assertSameSoftmax(network, features, network.output(features));
        LSTM sequences = new LSTM.Builder().nIn(3).nOut(CLASSES).build();
        Layer loss =
                new LossLayer.Builder(new SftSumLossFunction())
                        .activation(Activation.IDENTITY)
                        .build();
        ModelView.of(network(sequences, loss)).close();
    }

    private static INDArray random(long... shape) {
        Random random = new Random(3);
        INDArray array = Nd4j.create(DataType.DOUBLE, shape);
        for (long i = 0; i < array.length(); i++) {
            array.putScalar(i, random.nextGaussian());
        }
        return array;
    }

    private static MultiLayerNetwork network(Layer... layers) {
        NeuralNetConfiguration.ListBuilder list =
                new NeuralNetConfiguration.Builder().seed(6).dataType(DataType.DOUBLE).list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        MultiLayerNetwork network = new MultiLayerNetwork(list.build());
        network.init();
        return network;
    }

    /** The view's logits differ from log-probabilities by a number per row. */
    private static void assertSameSoftmax(
            MultiLayerNetwork network, INDArray features, INDArray output) {
        try (ModelView view = ModelView.of(network)) {
            view.refresh();
            try (INDArray logits = view.logits(ModelInput.of(features))) {
                INDArray ours = Nd4j.nn().softmax(logits, 1);
                boolean probabilities =
                        Math.abs(output.getRow(0).sumNumber().doubleValue() - 1) < 1e-9;
                INDArray theirs = probabilities ? output : Nd4j.nn().softmax(output, 1);
                assertEquals(0, ours.sub(theirs).amaxNumber().doubleValue(), 1e-12);
                assertEquals(probabilities, !logits.equalsWithEps(output, 1e-6));
            }
        }
    }
}
