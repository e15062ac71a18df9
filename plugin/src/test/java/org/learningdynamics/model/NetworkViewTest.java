package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class NetworkViewTest {
    private static final int INPUTS = 4;
    private static final int CLASSES = 3;

    @Test
    void logitsAreThePreActivationOfTheOutputLayer() {
        MultiLayerNetwork network = network(InputType.feedForward(INPUTS), dense(5), softmax());
        INDArray x = features(6, INPUTS);
        INDArray hidden = network.feedForwardToLayer(0, x).get(1);
        INDArray expected =
                hidden.mmul(network.getParam("1_W")).addiRowVector(network.getParam("1_b"));
        try (ModelView view = ModelView.of(network)) {
            view.refresh();
            assertSame(expected, view.logits(ModelInput.of(x)));
        }
    }

    @Test
    void logitsStayFiniteWhereProbabilitiesAreZero() {
        MultiLayerNetwork network = network(InputType.feedForward(INPUTS), dense(5), softmax());
        network.getParam("1_b").putScalar(0, 5000);
        INDArray x = features(2, INPUTS);
        assertEquals(0, network.output(x).getDouble(0, 1));
        try (ModelView view = ModelView.of(network)) {
            view.refresh();
            assertTrue(view.logits(ModelInput.of(x)).getDouble(0, 1) > -50);
        }
    }

    @Test
    void theNetworkKeepsItsActivation() {
        MultiLayerNetwork network = network(InputType.feedForward(INPUTS), dense(5), softmax());
        INDArray x = features(6, INPUTS);
        double[] before = network.output(x).dup().data().asDouble();
        String configuration = network.getLayerWiseConfigurations().toJson();
        try (ModelView view = ModelView.of(network)) {
            view.refresh();
            view.logits(ModelInput.of(x)).close();
        }
        assertArrayEquals(before, network.output(x).data().asDouble());
        assertEquals(configuration, network.getLayerWiseConfigurations().toJson());
    }

    @Test
    void refreshTakesTheParametersOfTheMoment() {
        MultiLayerNetwork network = network(InputType.feedForward(INPUTS), dense(5), softmax());
        INDArray x = features(6, INPUTS);
        try (ModelView view = ModelView.of(network)) {
            view.refresh();
            INDArray before = view.logits(ModelInput.of(x));
            network.params().muli(2);
            assertSame(before, view.logits(ModelInput.of(x)));
            view.refresh();
            INDArray after = view.logits(ModelInput.of(x));
            assertTrue(after.distance2(before) > 0.1);
            try (ModelView other = ModelView.of(network)) {
                other.refresh();
                assertSame(after, other.logits(ModelInput.of(x)));
            }
        }
    }

    @Test
    void oneSigmoidIsTwoClasses() {
        OutputLayer output =
                new OutputLayer.Builder(LossFunction.XENT)
                        .nOut(1)
                        .activation(Activation.SIGMOID)
                        .build();
        MultiLayerNetwork network = network(InputType.feedForward(INPUTS), dense(5), output);
        INDArray x = features(6, INPUTS);
        try (ModelView view = ModelView.of(network)) {
            view.refresh();
            INDArray logits = view.logits(ModelInput.of(x));
            assertArrayEquals(new long[] {6, 2}, logits.shape());
            INDArray probability = network.output(x);
            for (int i = 0; i < 6; i++) {
                double z = logits.getDouble(i, 1) - logits.getDouble(i, 0);
                assertEquals(probability.getDouble(i), 1 / (1 + Math.exp(-z)), 1e-14);
            }
        }
    }

    @Test
    void sequencesGiveARowAPosition() {
        for (RNNFormat format : RNNFormat.values()) {
            RnnOutputLayer output =
                    new RnnOutputLayer.Builder(LossFunction.MCXENT)
                            .nOut(CLASSES)
                            .activation(Activation.SOFTMAX)
                            .build();
            MultiLayerNetwork network =
                    network(
                            InputType.recurrent(INPUTS, 5, format),
                            new SimpleRnn.Builder().nOut(4).build(),
                            output);
            INDArray x = format == RNNFormat.NCW ? features(2, INPUTS, 5) : features(2, 5, INPUTS);
            INDArray probabilities = network.output(x);
            INDArray rows =
                    (format == RNNFormat.NCW ? probabilities.permute(0, 2, 1) : probabilities)
                            .dup('c')
                            .reshape(10, CLASSES);
            try (ModelView view = ModelView.of(network)) {
                view.refresh();
                assertSame(rows, Nd4j.nn().softmax(view.logits(ModelInput.of(x)), 1));
            }
        }
    }

    @Test
    void masksReachTheNetworkAndDoNotStay() {
        RnnOutputLayer output =
                new RnnOutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build();
        MultiLayerNetwork network =
                network(
                        InputType.recurrent(INPUTS),
                        new SimpleRnn.Builder().nOut(4).build(),
                        output);
        INDArray x = features(2, INPUTS, 3);
        INDArray mask = Nd4j.createFromArray(new double[][] {{0, 1, 1}, {1, 1, 1}});
        INDArray expected = network.output(x, false, mask, null).permute(0, 2, 1).dup('c');
        INDArray unmasked = network.output(x).permute(0, 2, 1).dup('c');
        try (ModelView view = ModelView.of(network)) {
            view.refresh();
            ModelInput masked = new ModelInput(List.of(x), List.of(mask));
            INDArray logits = view.logits(masked);
            for (int t = 1; t < 3; t++) {
                assertArrayEquals(
                        expected.tensorAlongDimension(0, 1, 2).getRow(t).toDoubleVector(),
                        Nd4j.nn().softmax(logits, 1).getRow(t).toDoubleVector(),
                        1e-14);
            }
            INDArray again = Nd4j.nn().softmax(view.logits(ModelInput.of(x)), 1);
            assertSame(unmasked.reshape(6, CLASSES), again);
        }
    }

    @Test
    void featuresOfAnotherTypeAreCast() {
        MultiLayerNetwork network = network(InputType.feedForward(INPUTS), dense(5), softmax());
        INDArray x = features(6, INPUTS).castTo(DataType.FLOAT);
        try (ModelView view = ModelView.of(network)) {
            view.refresh();
            INDArray logits = view.logits(ModelInput.of(x));
            assertEquals(DataType.DOUBLE, logits.dataType());
            assertSame(view.logits(ModelInput.of(x.castTo(DataType.DOUBLE))), logits);
            assertTrue(!x.wasClosed());
        }
    }

    @Test
    void acceptsLayersThatOnlyHoldTheLoss() {
        LossLayer loss =
                new LossLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).build();
        MultiLayerNetwork network = network(InputType.feedForward(INPUTS), dense(CLASSES), loss);
        INDArray x = features(2, INPUTS);
        try (ModelView view = ModelView.of(network)) {
            view.refresh();
            assertSame(network.feedForwardToLayer(0, x).get(1), view.logits(ModelInput.of(x)));
        }
        RnnLossLayer rnnLoss =
                new RnnLossLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .build();
        ModelView.of(
                        network(
                                InputType.recurrent(INPUTS),
                                new SimpleRnn.Builder().nOut(CLASSES).build(),
                                rnnLoss))
                .close();
        CenterLossOutputLayer center =
                new CenterLossOutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build();
        ModelView.of(network(InputType.feedForward(INPUTS), dense(5), center)).close();
    }

    @Test
    void refusesWhatIsNoClassifier() {
        String rule =
                "layer \"head\" must be an OutputLayer, RnnOutputLayer, CenterLossOutputLayer,"
                        + " LossLayer or RnnLossLayer with softmax over at least 2 classes, or with"
                        + " one sigmoid, or with a loss on the logits of a softmax, got ";
        assertRefused(
                rule + "OutputLayer with identity over 3 outputs",
                output(LossFunction.MSE, Activation.IDENTITY, 3));
        assertRefused(
                rule + "OutputLayer with sigmoid over 3 outputs",
                output(LossFunction.XENT, Activation.SIGMOID, 3));
        assertRefused(
                rule + "OutputLayer with softmax over 1 outputs",
                output(LossFunction.MSE, Activation.SOFTMAX, 1));
        assertRefused(rule + "DenseLayer", new DenseLayer.Builder().nOut(3).name("head").build());
        assertRefused(
                rule + "LossLayer with sigmoid",
                new LossLayer.Builder(LossFunction.XENT)
                        .activation(Activation.SIGMOID)
                        .name("head")
                        .build());
    }

    private static void assertRefused(String message, Layer output) {
        MultiLayerNetwork network = network(InputType.feedForward(INPUTS), dense(5), output);
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> ModelView.of(network))
                        .getMessage());
    }

    private static BaseOutputLayer output(LossFunction loss, Activation activation, int outputs) {
        return new OutputLayer.Builder(loss)
                .nOut(outputs)
                .activation(activation)
                .name("head")
                .build();
    }

    @Test
    void graphsGiveLogitsOfTheirOnlyOutput() {
        ComputationGraph graph =
                built(
                        graph().addInputs("a", "b")
                                .setInputTypes(
                                        InputType.feedForward(INPUTS), InputType.feedForward(2))
                                .addVertex("both", new MergeVertex(), "a", "b")
                                .addLayer("out", softmax(), "both")
                                .setOutputs("out"));
        INDArray a = features(3, INPUTS);
        INDArray b = features(3, 2);
        try (ModelView view = ModelView.of(graph)) {
            view.refresh();
            INDArray logits = view.logits(new ModelInput(List.of(a, b), List.of()));
            assertSame(graph.outputSingle(a, b), Nd4j.nn().softmax(logits, 1));
            assertEquals(
                    "the probe must bring one array for each of the inputs [a, b], got 1",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> view.logits(ModelInput.of(a)))
                            .getMessage());
        }
    }

    @Test
    void aNamedOutputIsWatchedBesideOthersOfAnySort() {
        ComputationGraph graph =
                built(
                        graph().addInputs("a")
                                .setInputTypes(InputType.feedForward(INPUTS))
                                .addLayer(
                                        "value",
                                        new OutputLayer.Builder(LossFunction.MSE)
                                                .nOut(2)
                                                .activation(Activation.IDENTITY)
                                                .build(),
                                        "a")
                                .addLayer("class", softmax(), "a")
                                .setOutputs("value", "class"));
        INDArray a = features(3, INPUTS);
        try (ModelView view = ModelView.of(graph, "class")) {
            view.refresh();
            INDArray logits = view.logits(ModelInput.of(a));
            assertSame(graph.output(a)[1], Nd4j.nn().softmax(logits, 1));
        }
        assertTrue(
                assertThrows(IllegalArgumentException.class, () -> ModelView.of(graph, "value"))
                        .getMessage()
                        .startsWith("layer \"value\" must be"));
    }

    @Test
    void refusesGraphsWithSeveralOutputsOrNoOutputLayer() {
        ComputationGraph two =
                built(
                        graph().addInputs("a")
                                .setInputTypes(InputType.feedForward(INPUTS))
                                .addLayer("one", softmax(), "a")
                                .addLayer("two", softmax(), "a")
                                .setOutputs("one", "two"));
        assertEquals(
                "of a ComputationGraph with 2 outputs the one to watch must be named, one of"
                        + " [one, two]",
                assertThrows(IllegalArgumentException.class, () -> ModelView.of(two)).getMessage());
        assertEquals(
                "output must be one of [one, two], got \"three\"",
                assertThrows(IllegalArgumentException.class, () -> ModelView.of(two, "three"))
                        .getMessage());
    }

    @Test
    void mustBeRefreshedFirst() {
        MultiLayerNetwork network = network(InputType.feedForward(INPUTS), dense(5), softmax());
        try (ModelView view = ModelView.of(network)) {
            assertEquals(
                    "refresh must be called first",
                    assertThrows(
                                    IllegalStateException.class,
                                    () -> view.logits(ModelInput.of(features(1, INPUTS))))
                            .getMessage());
        }
    }

    private static void assertSame(INDArray expected, INDArray actual) {
        assertEquals(Arrays.toString(expected.shape()), Arrays.toString(actual.shape()));
        assertArrayEquals(
                expected.dup('c').data().asDouble(), actual.dup('c').data().asDouble(), 1e-14);
    }

    private static INDArray features(long... shape) {
        int length = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        double[] values = new Random(length).doubles(length, -1, 1).toArray();
        return Nd4j.createFromArray(values).reshape(shape);
    }

    private static DenseLayer dense(int outputs) {
        return new DenseLayer.Builder().nOut(outputs).activation(Activation.TANH).build();
    }

    private static OutputLayer softmax() {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static GraphBuilder graph() {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .graphBuilder();
    }

    private static ComputationGraph built(GraphBuilder builder) {
        ComputationGraph graph = new ComputationGraph(builder.build());
        graph.init();
        return graph;
    }

    private static MultiLayerNetwork network(InputType input, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list =
                new NeuralNetConfiguration.Builder().seed(3).dataType(DataType.DOUBLE).list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        list.setInputType(input).validateOutputLayerConfig(false).build());
        network.init();
        return network;
    }
}
