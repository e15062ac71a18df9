package org.learningdynamics.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.AttentionVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.learningdynamics.influence.InfluenceForm;
import org.learningdynamics.recording.InfluenceBlock;
import org.learningdynamics.recording.Interactions;
import org.learningdynamics.recording.ResidualRow;
import org.learningdynamics.recording.ShiftRow;
import org.learningdynamics.recording.StepRecording;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/** What DL4J's listener tells of who moved whom. */
class NetworkInfluenceTest {
    private static final int BATCH = 6;
    private static final int PROBES = 5;
    private static final int UPDATES = 5;

    static List<IUpdater> updaters() {
        return List.of(
                new Sgd(0.05), new Nesterovs(0.02, 0.9), new RmsProp(0.002), new Adam(0.003));
    }

    @ParameterizedTest
    @MethodSource("updaters")
    void partsAddUpInAMultiLayerNetwork(IUpdater updater) {
        MultiLayerNetwork network = mlp(updater, DataType.DOUBLE);
        ListRecorder recorder = new ListRecorder();
        try (DynamicsListener listener = listener(DynamicsListener.builder(network), recorder)) {
            network.setListeners(listener);
            train(network::fit, DataType.DOUBLE);
            assertEquals(0, listener.failures().total(), recorder.steps().toString());
        }
        assertSumsHold(recorder, 1e-10);
        assertEquals(mlpWithoutListener(updater, DataType.DOUBLE).params(), network.params());
    }

    @ParameterizedTest
    @MethodSource("updaters")
    void partsAddUpInAComputationGraph(IUpdater updater) {
        ComputationGraph graph = graph(updater);
        ListRecorder recorder = new ListRecorder();
        try (DynamicsListener listener = listener(DynamicsListener.builder(graph), recorder)) {
            graph.setListeners(listener);
            train(graph::fit, DataType.DOUBLE);
            assertEquals(0, listener.failures().total());
        }
        assertSumsHold(recorder, 1e-10);
        ComputationGraph plain = graph(updater);
        train(plain::fit, DataType.DOUBLE);
        assertEquals(plain.params(), graph.params());
    }

    @Test
    void partsAddUpInSinglePrecision() {
        MultiLayerNetwork network = mlp(new Adam(0.003), DataType.FLOAT);
        ListRecorder recorder = new ListRecorder();
        try (DynamicsListener listener = listener(DynamicsListener.builder(network), recorder)) {
            network.setListeners(listener);
            train(network::fit, DataType.FLOAT);
        }
        assertSumsHold(recorder, 1e-4);
    }

    private static void assertSumsHold(ListRecorder recorder, double tolerance) {
        List<ShiftRow> shifts = new ArrayList<>();
        recorder.steps().forEach(step -> shifts.addAll(step.interactions().shifts()));
        assertEquals(UPDATES * PROBES, shifts.size(), recorder.steps().get(1).events().toString());
        double size = shifts.stream().mapToDouble(s -> Math.abs(s.predicted())).max().orElse(0);
        assertTrue(size > 1e-4, "something must move: " + size);
        for (ShiftRow shift : shifts) {
            double parts = shift.fromBatch() + shift.fromHistory() + shift.fromDecay();
            assertEquals(shift.predicted(), parts, tolerance * size, shift.toString());
            assertEquals(0, shift.unattributed(), tolerance * size, shift.toString());
            assertEquals(shift.predicted(), shift.actual(), 0.25 * size);
        }
    }

    @Test
    void runningStatisticsHaveATermOfTheirOwnAndLeaveAGap() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        base(new Sgd(0.001), DataType.DOUBLE)
                                .list()
                                .layer(new DenseLayer.Builder().nIn(4).nOut(7).build())
                                .layer(new BatchNormalization.Builder().nIn(7).nOut(7).build())
                                .layer(output(7))
                                .build());
        network.init();
        ListRecorder recorder = new ListRecorder();
        try (DynamicsListener listener = listener(DynamicsListener.builder(network), recorder)) {
            network.setListeners(listener);
            train(network::fit, DataType.DOUBLE);
            assertEquals(0, listener.failures().total());
        }
        List<ShiftRow> shifts = recorder.steps().get(3).interactions().shifts();
        assertEquals(PROBES, shifts.size());
        for (ShiftRow shift : shifts) {
            double parts = shift.fromBatch() + shift.fromHistory() + shift.fromDecay();
            assertEquals(shift.predicted(), parts, 1e-10);
            assertTrue(Math.abs(shift.fromStatistics()) > 1e-6, shift.toString());
        }
        double withStatistics = error(shifts, 1);
        double without = error(shifts, 0);
        assertTrue(withStatistics < 0.5 * without, withStatistics + " and " + without);
        assertTrue(shifts.stream().anyMatch(s -> Math.abs(s.unattributed()) > 1e-6));
        assertEquals("influence_batch_norm", recorder.events().get(0).code());
    }

    private static double error(List<ShiftRow> shifts, double share) {
        return shifts.stream()
                .mapToDouble(s -> Math.abs(s.predicted() + share * s.fromStatistics() - s.actual()))
                .sum();
    }

    @Test
    void residualsOfCrossEntropyTellThatEachLabelPullsWithItsShareOfTheBatch() {
        MultiLayerNetwork network = mlp(new Sgd(0.05), DataType.DOUBLE);
        ListRecorder recorder = new ListRecorder();
        DynamicsListener.Builder builder = DynamicsListener.builder(network);
        builder.influence(InfluenceOptions.defaults().withKernel(KernelOptions.defaults()));
        try (DynamicsListener listener = attach(builder, recorder)) {
            network.setListeners(listener);
            train(network::fit, DataType.DOUBLE);
            assertEquals(0, listener.failures().total());
        }
        Interactions first = recorder.steps().get(1).interactions();
        assertEquals(BATCH, first.residuals().size());
        for (ResidualRow row : first.residuals()) {
            assertEquals(-1.0 / BATCH, row.coefficient(), 1e-10, row.toString());
            assertEquals(1, row.tokens());
            assertTrue(row.gradNorm() > 0 && row.gNorm() > 0 && row.selfInfluence() > 0);
            assertTrue(row.aNorm() > Math.sqrt(3 - 1) - 1e-9 && row.aNorm() <= 2);
        }
        assertEquals(BATCH * PROBES, first.kernelBlocks().size());
    }

    @Test
    void sameContentIsTheSameExample() {
        MultiLayerNetwork network = mlp(new Sgd(0.05), DataType.DOUBLE);
        ListRecorder recorder = new ListRecorder();
        try (DynamicsListener listener = listener(DynamicsListener.builder(network), recorder)) {
            network.setListeners(listener);
            train(network::fit, DataType.DOUBLE); // two batches in turn
        }
        List<Long> first = ids(recorder, 1);
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L), first);
        assertEquals(List.of(6L, 7L, 8L, 9L, 10L, 11L), ids(recorder, 2));
        assertEquals(first, ids(recorder, 3));
    }

    private static List<Long> ids(ListRecorder recorder, int step) {
        return recorder.steps().get(step).interactions().residuals().stream()
                .map(ResidualRow::example)
                .toList();
    }

    @Test
    void cosinesLieBetweenMinusOneAndOne() {
        MultiLayerNetwork network = mlp(new Sgd(0.05), DataType.DOUBLE);
        ListRecorder recorder = new ListRecorder();
        DynamicsListener.Builder builder = DynamicsListener.builder(network);
        builder.influence(InfluenceOptions.defaults().withForm(InfluenceForm.COSINE));
        try (DynamicsListener listener = attach(builder, recorder)) {
            network.setListeners(listener);
            train(network::fit, DataType.DOUBLE);
        }
        InfluenceBlock block = recorder.steps().get(2).interactions().influences().get(0);
        assertEquals(BATCH, block.examples());
        assertEquals(PROBES, block.responses());
        for (int i = 0; i < BATCH; i++) {
            for (int j = 0; j < PROBES; j++) {
                assertTrue(Math.abs(block.values().get(i, j)) <= 1 + 1e-6);
            }
        }
    }

    @Test
    void aStateThatFollowsNoUpdateHasNoInteractions() {
        MultiLayerNetwork network = mlp(new Sgd(0.05), DataType.DOUBLE);
        ListRecorder recorder = new ListRecorder();
        try (DynamicsListener listener = listener(DynamicsListener.builder(network), recorder)) {
            network.setListeners(listener);
            train(network::fit, DataType.DOUBLE);
            listener.recordNow();
        }
        List<StepRecording> steps = recorder.steps();
        assertEquals(Interactions.NONE, steps.get(0).interactions());
        assertEquals(Interactions.NONE, steps.get(steps.size() - 1).interactions());
    }

    @Test
    void refusesTruncatedBackpropagation() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        base(new Sgd(0.05), DataType.DOUBLE)
                                .list()
                                .layer(
                                        new org.deeplearning4j.nn.conf.layers.LSTM.Builder()
                                                .nIn(4)
                                                .nOut(3)
                                                .build())
                                .layer(
                                        new org.deeplearning4j.nn.conf.layers.RnnOutputLayer
                                                        .Builder()
                                                .nIn(3)
                                                .nOut(3)
                                                .activation(Activation.SOFTMAX)
                                                .build())
                                .backpropType(BackpropType.TruncatedBPTT)
                                .tBPTTLength(2)
                                .build());
        network.init();
        DynamicsListener.Builder builder = DynamicsListener.builder(network);
        builder.influence(InfluenceOptions.defaults()).recorder(new ListRecorder());
        builder.probes(probes(DataType.DOUBLE));
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, builder::build);
        assertTrue(
                e.getMessage().startsWith("influence needs backpropagation of type Standard"),
                e.getMessage());
    }

    @Test
    void refusesVerticesWithParameters() {
        ComputationGraph graph =
                new ComputationGraph(
                        base(new Sgd(0.05), DataType.DOUBLE)
                                .graphBuilder()
                                .addInputs("in")
                                .addVertex(
                                        "attention",
                                        new AttentionVertex.Builder()
                                                .nInKeys(4)
                                                .nInQueries(4)
                                                .nInValues(4)
                                                .nHeads(1)
                                                .headSize(4)
                                                .nOut(4)
                                                .projectInput(true)
                                                .build(),
                                        "in",
                                        "in",
                                        "in")
                                .addLayer(
                                        "out",
                                        new org.deeplearning4j.nn.conf.layers.RnnOutputLayer
                                                        .Builder()
                                                .nIn(4)
                                                .nOut(3)
                                                .activation(Activation.SOFTMAX)
                                                .build(),
                                        "attention")
                                .setOutputs("out")
                                .setInputTypes(InputType.recurrent(4))
                                .build());
        graph.init();
        DynamicsListener.Builder builder = DynamicsListener.builder(graph);
        builder.influence(InfluenceOptions.defaults()).recorder(new ListRecorder());
        builder.probes(probes(DataType.DOUBLE));
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, builder::build);
        assertTrue(
                e.getMessage()
                        .startsWith("vertex \"attention\" must be a layer or have no parameters"),
                e.getMessage());
    }

    private static DynamicsListener listener(
            DynamicsListener.Builder builder, ListRecorder recorder) {
        builder.influence(InfluenceOptions.defaults());
        return attach(builder, recorder);
    }

    private static DynamicsListener attach(
            DynamicsListener.Builder builder, ListRecorder recorder) {
        return builder.probes(probes(DataType.FLOAT))
                .schedule(Schedule.every(1))
                .recorder(recorder)
                .build();
    }

    private static ClassProbes probes(DataType type) {
        int[] labels = new Random(3).ints(PROBES, 0, 3).toArray();
        return ClassProbes.builder(RandomArrays.gaussian(99, type, PROBES, 4))
                .labels(labels)
                .build();
    }

    private static void train(java.util.function.Consumer<DataSet> fit, DataType type) {
        for (int update = 0; update < UPDATES; update++) {
            fit.accept(RandomArrays.classes(update % 2, type, BATCH, 3, 4));
        }
    }

    private static MultiLayerNetwork mlpWithoutListener(IUpdater updater, DataType type) {
        MultiLayerNetwork plain = mlp(updater, type);
        train(plain::fit, type);
        return plain;
    }

    private static MultiLayerNetwork mlp(IUpdater updater, DataType type) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        base(updater, type)
                                .l2(0.01)
                                .gradientNormalization(GradientNormalization.ClipL2PerLayer)
                                .gradientNormalizationThreshold(0.1)
                                .list()
                                .layer(new DenseLayer.Builder().nIn(4).nOut(8).build())
                                .layer(new DenseLayer.Builder().nIn(8).nOut(7).build())
                                .layer(output(7))
                                .build());
        network.init();
        return network;
    }

    private static ComputationGraph graph(IUpdater updater) {
        ComputationGraphConfiguration configuration =
                base(updater, DataType.DOUBLE)
                        .graphBuilder()
                        .addInputs("in")
                        .addLayer("left", new DenseLayer.Builder().nIn(4).nOut(3).build(), "in")
                        .addLayer("right", new DenseLayer.Builder().nIn(4).nOut(2).build(), "in")
                        .addVertex("both", new MergeVertex(), "left", "right")
                        .addLayer("out", output(5), "both")
                        .setOutputs("out")
                        .build();
        ComputationGraph graph = new ComputationGraph(configuration);
        graph.init();
        return graph;
    }

    private static OutputLayer output(int inputs) {
        return new OutputLayer.Builder().nIn(inputs).nOut(3).activation(Activation.SOFTMAX).build();
    }

    private static NeuralNetConfiguration.Builder base(IUpdater updater, DataType type) {
        return new NeuralNetConfiguration.Builder()
                .seed(11)
                .dataType(type)
                .activation(Activation.TANH)
                .updater(updater);
    }
}
