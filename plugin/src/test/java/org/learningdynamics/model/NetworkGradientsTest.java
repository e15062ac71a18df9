package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.learningdynamics.influence.FactoredGradient;
import org.learningdynamics.influence.GradientFactor;
import org.learningdynamics.influence.OuterProducts;
import org.learningdynamics.influence.WholeGradients;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

class NetworkGradientsTest {
    private static final int ROWS = 5;
    private static final int INPUTS = 4;
    private static final int CLASSES = 3;

    @ParameterizedTest
    @EnumSource(names = {"DOUBLE", "FLOAT"})
    void denseLayersOfManyActivations(DataType type) {
        Activation[] activations = {
            Activation.TANH,
            Activation.SIGMOID,
            Activation.RELU,
            Activation.LEAKYRELU,
            Activation.ELU,
            Activation.SOFTPLUS,
            Activation.SWISH,
            Activation.GELU,
            Activation.HARDTANH,
            Activation.SOFTMAX,
            Activation.CUBE,
            Activation.IDENTITY
        };
        for (Activation activation : activations) {
            MultiLayerNetwork network =
                    network(type, dense(6, activation), dense(5, activation), softmax());
            try (NetworkGradients view = NetworkGradients.of(network)) {
                check(view, network, type);
                assertEquals(List.of(), view.fallbacks());
            }
        }
    }

    private static void check(NetworkGradients view, Object network, DataType type) {
        int[][] labels = RowGradientCheck.classes(2, ROWS, CLASSES);
        LearntBatch batch =
                LearntBatch.of(
                        RowGradientCheck.gaussian(1, type, ROWS, INPUTS),
                        RowGradientCheck.oneHot(labels, CLASSES, type));
        RowGradientCheck.assertObserved(view, network, batch, labels, type);
        RowGradientCheck.assertLearnt(view, network, batch, type);
    }

    @ParameterizedTest
    @EnumSource(names = {"DOUBLE", "FLOAT"})
    void layersWithoutParametersAndWithoutBias(DataType type) {
        DenseLayer bare = new DenseLayer.Builder().nOut(6).hasBias(false).build();
        ActivationLayer activation = new ActivationLayer(Activation.TANH);
        MultiLayerNetwork network =
                network(
                        type,
                        bare,
                        activation,
                        dense(CLASSES, Activation.IDENTITY),
                        new LossLayer.Builder(LossFunction.MCXENT)
                                .activation(Activation.SOFTMAX)
                                .build());
        try (NetworkGradients view = NetworkGradients.of(network)) {
            check(view, network, type);
        }
    }

    @Test
    void dropoutIsOff() {
        DataType type = DataType.DOUBLE;
        MultiLayerNetwork plain = network(type, dense(6, Activation.TANH), softmax());
        DenseLayer dropping =
                new DenseLayer.Builder().nOut(6).activation(Activation.TANH).dropOut(0.5).build();
        MultiLayerNetwork random = network(type, dropping, new DropoutLayer(0.5), softmax());
        INDArray x = RowGradientCheck.gaussian(1, type, ROWS, INPUTS);
        int[][] labels = RowGradientCheck.classes(2, ROWS, CLASSES);
        try (NetworkGradients a = NetworkGradients.of(plain);
                NetworkGradients b = NetworkGradients.of(random)) {
            a.load(plain.paramTable());
            Map<String, INDArray> table = plain.paramTable();
            b.load(
                    Map.of(
                            "0_W", table.get("0_W"),
                            "0_b", table.get("0_b"),
                            "2_W", table.get("1_W"),
                            "2_b", table.get("1_b")));
            try (RowPass one = a.observe(ModelInput.of(x), labels);
                    RowPass other = b.observe(ModelInput.of(x), labels)) {
                assertTrue(one.logits().equalsWithEps(other.logits(), 1e-14));
                Map<String, INDArray> ours = RowGradientCheck.explicit(one.gradients());
                Map<String, INDArray> theirs = RowGradientCheck.explicit(other.gradients());
                assertTrue(ours.get("0_W").equalsWithEps(theirs.get("0_W"), 1e-14));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DOUBLE", "FLOAT"})
    void classWeightsCountInWhatIsLearnt(DataType type) {
        ILossFunction weighted = new LossMCXENT(Nd4j.createFromArray(0.2, 1.0, 3.0).castTo(type));
        OutputLayer output =
                new OutputLayer.Builder(weighted)
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build();
        MultiLayerNetwork network = network(type, dense(6, Activation.TANH), output);
        int[][] labels = RowGradientCheck.classes(2, ROWS, CLASSES);
        LearntBatch batch =
                LearntBatch.of(
                        RowGradientCheck.gaussian(1, type, ROWS, INPUTS),
                        RowGradientCheck.oneHot(labels, CLASSES, type));
        try (NetworkGradients view = NetworkGradients.of(network)) {
            RowGradientCheck.assertLearnt(view, network, batch, type);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DOUBLE", "FLOAT"})
    void oneSigmoidIsTwoClasses(DataType type) {
        OutputLayer output =
                new OutputLayer.Builder(LossFunction.XENT)
                        .nOut(1)
                        .activation(Activation.SIGMOID)
                        .build();
        MultiLayerNetwork network = network(type, dense(6, Activation.TANH), output);
        int[][] labels = {{1}, {0}, {0}, {1}, {1}};
        INDArray targets = Nd4j.createFromArray(1.0, 0, 0, 1, 1).reshape(5, 1).castTo(type);
        LearntBatch batch =
                LearntBatch.of(RowGradientCheck.gaussian(1, type, ROWS, INPUTS), targets);
        try (NetworkGradients view = NetworkGradients.of(network)) {
            RowGradientCheck.assertObserved(view, network, batch, labels, type);
            RowGradientCheck.assertLearnt(view, network, batch, type);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DOUBLE", "FLOAT"})
    void layersWithoutARuleAreDifferentiatedRowByRow(DataType type) {
        MultiLayerNetwork network =
                network(
                        type,
                        dense(6, Activation.TANH),
                        new ElementWiseMultiplicationLayer.Builder().nIn(6).nOut(6).build(),
                        new DenseLayer.Builder().nOut(5).hasLayerNorm(true).build(),
                        softmax());
        try (NetworkGradients view = NetworkGradients.of(network)) {
            check(view, network, type);
            assertEquals(
                    "layer \"layer1\" (ElementWiseMultiplicationLayer) has no rule: differentiated row"
                            + " by row",
                    view.fallbacks().get(0));
            assertEquals(2, view.fallbacks().size());
        }
    }

    @Test
    void frozenLayersHaveNoGradients() {
        DataType type = DataType.DOUBLE;
        MultiLayerNetwork ending =
                network(
                        type,
                        dense(6, Activation.TANH),
                        new FrozenLayer(dense(6, Activation.TANH)),
                        dense(5, Activation.TANH),
                        softmax());
        MultiLayerNetwork passing =
                network(
                        type,
                        dense(6, Activation.TANH),
                        new FrozenLayerWithBackprop(dense(6, Activation.TANH)),
                        dense(5, Activation.TANH),
                        softmax());
        assertEquals(List.of("2_W", "2_b", "3_W", "3_b"), trained(ending));
        assertEquals(List.of("0_W", "0_b", "2_W", "2_b", "3_W", "3_b"), trained(passing));
    }

    private static List<String> trained(MultiLayerNetwork network) {
        INDArray x = RowGradientCheck.gaussian(1, DataType.DOUBLE, ROWS, INPUTS);
        try (NetworkGradients view = NetworkGradients.of(network)) {
            view.load(network.paramTable());
            try (RowPass pass =
                    view.observe(ModelInput.of(x), RowGradientCheck.classes(2, ROWS, CLASSES))) {
                return pass.gradients().parameters().stream()
                        .map(g -> g.parameter().name())
                        .sorted()
                        .toList();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DOUBLE", "FLOAT"})
    void graphsWithBranchesAndSharedOutputs(DataType type) {
        ComputationGraph graph =
                graph(
                        settings(type)
                                .graphBuilder()
                                .addInputs("in")
                                .setInputTypes(InputType.feedForward(INPUTS))
                                .addLayer("shared", dense(6, Activation.TANH), "in")
                                .addLayer("left", dense(6, Activation.SIGMOID), "shared")
                                .addVertex(
                                        "add",
                                        new ElementWiseVertex(ElementWiseVertex.Op.Add),
                                        "left",
                                        "shared")
                                .addVertex(
                                        "product",
                                        new ElementWiseVertex(ElementWiseVertex.Op.Product),
                                        "left",
                                        "shared")
                                .addVertex("merge", new MergeVertex(), "add", "product", "shared")
                                .addLayer("out", softmax(), "merge")
                                .setOutputs("out"));
        try (NetworkGradients view = NetworkGradients.of(graph)) {
            check(view, graph, type);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DOUBLE", "FLOAT"})
    void weightsOfStackedInputsAreSharedBetweenThem(DataType type) {
        ComputationGraph graph =
                graph(
                        settings(type)
                                .graphBuilder()
                                .addInputs("a", "b")
                                .setInputTypes(
                                        InputType.feedForward(INPUTS),
                                        InputType.feedForward(INPUTS))
                                .addVertex("stack", new StackVertex(), "a", "b")
                                .addLayer("both", dense(6, Activation.TANH), "stack")
                                .addVertex("first", new UnstackVertex(0, 2), "both")
                                .addVertex("second", new UnstackVertex(1, 2), "both")
                                .addVertex("merge", new MergeVertex(), "first", "second")
                                .addLayer("out", softmax(), "merge")
                                .setOutputs("out"));
        int[][] labels = RowGradientCheck.classes(2, ROWS, CLASSES);
        LearntBatch batch =
                new LearntBatch(
                        List.of(
                                RowGradientCheck.gaussian(1, type, ROWS, INPUTS),
                                RowGradientCheck.gaussian(3, type, ROWS, INPUTS)),
                        List.of(RowGradientCheck.oneHot(labels, CLASSES, type)),
                        List.of(Optional.empty(), Optional.empty()),
                        List.of(Optional.empty()));
        try (NetworkGradients view = NetworkGradients.of(graph)) {
            RowGradientCheck.assertObserved(view, graph, batch, labels, type);
            RowGradientCheck.assertLearnt(view, graph, batch, type);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DOUBLE", "FLOAT"})
    void allOutputsCountInWhatIsLearntAndOneIsWatched(DataType type) {
        OutputLayer regression =
                new OutputLayer.Builder(LossFunction.MSE)
                        .nOut(2)
                        .activation(Activation.TANH)
                        .build();
        ComputationGraph graph =
                graph(
                        settings(type)
                                .graphBuilder()
                                .addInputs("in")
                                .setInputTypes(InputType.feedForward(INPUTS))
                                .addLayer("body", dense(6, Activation.TANH), "in")
                                .addLayer("value", regression, "body")
                                .addLayer("class", softmax(), "body")
                                .setOutputs("value", "class"));
        int[][] labels = RowGradientCheck.classes(2, ROWS, CLASSES);
        INDArray x = RowGradientCheck.gaussian(1, type, ROWS, INPUTS);
        LearntBatch batch =
                new LearntBatch(
                        List.of(x),
                        List.of(
                                RowGradientCheck.gaussian(5, type, ROWS, 2),
                                RowGradientCheck.oneHot(labels, CLASSES, type)),
                        List.of(Optional.empty()),
                        List.of(Optional.empty(), Optional.empty()));
        assertThrows(IllegalArgumentException.class, () -> NetworkGradients.of(graph));
        try (NetworkGradients view = NetworkGradients.of(graph, "class")) {
            RowGradientCheck.assertLearnt(view, graph, batch, type);
            try (RowPass pass = view.observe(ModelInput.of(x), labels)) {
                assertArrayEquals(new long[] {ROWS, CLASSES}, pass.logits().shape());
                assertEquals(
                        List.of("body_W", "body_b", "class_W", "class_b"),
                        pass.gradients().parameters().stream()
                                .map(g -> g.parameter().name())
                                .sorted()
                                .toList());
            }
        }
    }

    @Test
    void logitsAreThoseOfTheModelView() {
        MultiLayerNetwork network = network(DataType.DOUBLE, dense(6, Activation.TANH), softmax());
        INDArray x = RowGradientCheck.gaussian(1, DataType.DOUBLE, ROWS, INPUTS);
        try (NetworkGradients view = NetworkGradients.of(network);
                ModelView other = ModelView.of(network)) {
            view.load(network.paramTable());
            other.refresh();
            try (RowPass pass =
                    view.observe(ModelInput.of(x), RowGradientCheck.classes(2, ROWS, CLASSES))) {
                assertTrue(pass.logits().equalsWithEps(other.logits(ModelInput.of(x)), 1e-14));
            }
        }
    }

    @Test
    void closingFreesEveryArray() {
        MultiLayerNetwork network =
                network(
                        DataType.DOUBLE,
                        dense(6, Activation.TANH),
                        new ElementWiseMultiplicationLayer.Builder().nIn(6).nOut(6).build(),
                        softmax());
        INDArray x = RowGradientCheck.gaussian(1, DataType.DOUBLE, ROWS, INPUTS);
        try (NetworkGradients view = NetworkGradients.of(network)) {
            view.load(network.paramTable());
            RowPass pass =
                    view.observe(ModelInput.of(x), RowGradientCheck.classes(2, ROWS, CLASSES));
            pass.close();
            assertTrue(pass.logits().wasClosed());
            for (FactoredGradient gradient : pass.gradients().parameters()) {
                for (GradientFactor factor : gradient.factors()) {
                    List<INDArray> arrays =
                            factor instanceof OuterProducts outer
                                    ? List.of(outer.inputs(), outer.deltas())
                                    : List.of(((WholeGradients) factor).values());
                    arrays.forEach(
                            array -> assertTrue(array.wasClosed(), gradient.parameter().name()));
                }
            }
        }
    }

    @Test
    void infiniteParametersShowInTheGradients() {
        MultiLayerNetwork network =
                network(DataType.FLOAT, dense(6, Activation.IDENTITY), softmax());
        network.getParam("0_W").putScalar(0, 0, Float.POSITIVE_INFINITY);
        INDArray x = RowGradientCheck.gaussian(1, DataType.FLOAT, ROWS, INPUTS);
        try (NetworkGradients view = NetworkGradients.of(network)) {
            view.load(network.paramTable());
            try (RowPass pass =
                    view.observe(ModelInput.of(x), RowGradientCheck.classes(2, ROWS, CLASSES))) {
                INDArray w = RowGradientCheck.explicit(pass.gradients()).get("0_W");
                assertTrue(Double.isNaN(w.sumNumber().doubleValue()));
            }
        }
    }

    @Test
    void refusesWhatItCannotUse() {
        MultiLayerNetwork network = network(DataType.DOUBLE, dense(6, Activation.TANH), softmax());
        INDArray x = RowGradientCheck.gaussian(1, DataType.DOUBLE, ROWS, INPUTS);
        try (NetworkGradients view = NetworkGradients.of(network)) {
            assertSays("load must be called first", view::fallbacks);
            assertSays(
                    "parameter \"0_W\" must have shape [4, 6], got none",
                    () -> view.load(Map.of()));
            view.load(network.paramTable());
            assertSays(
                    "labels must have one entry a position (5), got 2",
                    () -> view.observe(ModelInput.of(x), new int[2][1]));
            assertSays(
                    "label must be below 3, got 3",
                    () -> view.observe(ModelInput.of(x), new int[][] {{3}, {0}, {0}, {0}, {0}}));
            assertSays(
                    "seed must have the shape of the logits [5, 3], got [5, 2]",
                    () -> view.observe(ModelInput.of(x), Nd4j.zeros(5, 2)));
            assertSays(
                    "features must have 1 arrays, one a network input, got 2",
                    () -> view.observe(new ModelInput(List.of(x, x), List.of()), new int[5][1]));
        }
    }

    private static void assertSays(String message, org.junit.jupiter.api.function.Executable call) {
        assertEquals(message, assertThrows(RuntimeException.class, call).getMessage());
    }

    private static NeuralNetConfiguration.Builder settings(DataType type) {
        return new NeuralNetConfiguration.Builder()
                .seed(7)
                .dataType(type)
                .weightInit(WeightInit.XAVIER)
                .biasInit(0.1);
    }

    static MultiLayerNetwork network(DataType type, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = settings(type).list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        MultiLayerNetwork network =
                new MultiLayerNetwork(list.setInputType(InputType.feedForward(INPUTS)).build());
        network.init();
        return network;
    }

    private static ComputationGraph graph(
            org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder builder) {
        ComputationGraph graph = new ComputationGraph(builder.build());
        graph.init();
        return graph;
    }

    private static DenseLayer dense(int outputs, Activation activation) {
        return new DenseLayer.Builder().nOut(outputs).activation(activation).build();
    }

    private static OutputLayer softmax() {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build();
    }
}
