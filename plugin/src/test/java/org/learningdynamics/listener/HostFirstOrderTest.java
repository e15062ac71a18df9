package org.learningdynamics.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.learningdynamics.recording.ShiftRow;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The recorded prediction is the first-order term of the host's own step: at {@code θ_t + s·Δθ}
 * what it misses shrinks with the square of s.
 */
class HostFirstOrderTest {
    private static final int BATCH = 8;
    private static final int PROBES = 6;
    private static final int UPDATES = 4;
    private static final int HALVINGS = 5;
    private static final int FEATURES = SameDiffClassifierTraining.FEATURES;

    private final int[] labels = new Random(5).ints(PROBES, 0, 3).toArray();
    private final INDArray features = RandomArrays.gaussian(77, DataType.DOUBLE, PROBES, FEATURES);

    /**
     * A host that trains.
     *
     * @param fit makes one update
     * @param parameters its live arrays
     * @param logits softmax of them gives the classes' probabilities
     */
    private record Host(
            Consumer<DataSet> fit, List<INDArray> parameters, UnaryOperator<INDArray> logits) {
        List<INDArray> copies() {
            return parameters.stream().map(INDArray::dup).toList();
        }

        /** Moves to {@code from + share·(to − from)}. */
        void move(List<INDArray> from, List<INDArray> to, double share) {
            for (int i = 0; i < parameters.size(); i++) {
                INDArray step = to.get(i).sub(from.get(i));
                parameters.get(i).assign(from.get(i).add(step.mul(share)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("org.learningdynamics.listener.NetworkInfluenceTest#updaters")
    void remainderIsOfSecondOrderInAMultiLayerNetwork(IUpdater updater) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        base(updater)
                                .list()
                                .layer(dense(7))
                                .layer(dense(6))
                                .layer(output())
                                .setInputType(InputType.feedForward(FEATURES))
                                .build());
        network.init();
        ListRecorder recorder = new ListRecorder();
        try (DynamicsListener listener =
                watching(DynamicsListener.builder(network), recorder).build()) {
            network.setListeners(listener);
            Host host =
                    new Host(
                            network::fit,
                            List.of(network.params()),
                            x -> Transforms.log(network.output(x)));
            assertSecondOrder(host, recorder);
        }
    }

    @ParameterizedTest
    @MethodSource("org.learningdynamics.listener.NetworkInfluenceTest#updaters")
    void remainderIsOfSecondOrderInAComputationGraph(IUpdater updater) {
        ComputationGraph graph =
                new ComputationGraph(
                        base(updater)
                                .graphBuilder()
                                .addInputs("in")
                                .addLayer("one", dense(5), "in")
                                .addLayer("two", dense(3), "in")
                                .addVertex("both", new MergeVertex(), "one", "two")
                                .addLayer("out", output(), "both")
                                .setInputTypes(InputType.feedForward(FEATURES))
                                .setOutputs("out")
                                .build());
        graph.init();
        ListRecorder recorder = new ListRecorder();
        try (DynamicsListener listener =
                watching(DynamicsListener.builder(graph), recorder).build()) {
            graph.setListeners(listener);
            Host host =
                    new Host(
                            graph::fit,
                            List.of(graph.params()),
                            x -> Transforms.log(graph.output(x)[0]));
            assertSecondOrder(host, recorder);
        }
    }

    @ParameterizedTest
    @MethodSource("org.learningdynamics.listener.NetworkInfluenceTest#updaters")
    void remainderIsOfSecondOrderInASameDiffGraph(IUpdater updater) {
        SameDiff graph = new SameDiffClassifierTraining().sameDiff;
        graph.getTrainingConfig().setUpdater(updater);
        ListRecorder recorder = new ListRecorder();
        SameDiffDynamicsListener.Builder builder =
                SameDiffDynamicsListener.builder(graph).inputs("x").logits("logits");
        try (SameDiffDynamicsListener listener = watching(builder, recorder).build()) {
            graph.setListeners(listener);
            Host host =
                    new Host(
                            graph::fit,
                            Stream.of("w0", "b0", "w1").map(graph::getArrForVarName).toList(),
                            x -> graph.output(Map.of("x", x), "logits").get("logits"));
            assertSecondOrder(host, recorder);
        }
    }

    private <B extends ListenerBuilder<B>> B watching(B builder, ListRecorder recorder) {
        return builder.influence(InfluenceOptions.defaults())
                .probes(ClassProbes.builder(features).labels(labels).build())
                .schedule(Schedule.every(1))
                .recorder(recorder);
    }

    /** Trains into mid-run, then walks along the last step. */
    private void assertSecondOrder(Host host, ListRecorder recorder) {
        List<INDArray> start = host.copies();
        for (int update = 0; update < UPDATES; update++) {
            start = host.copies();
            host.fit().accept(RandomArrays.classes(update, DataType.DOUBLE, BATCH, 3, FEATURES));
        }
        List<INDArray> end = host.copies();
        double[] predicted = predicted(recorder);
        host.move(start, end, 0);
        double[] before = RandomArrays.logProbs(host.logits().apply(features), labels);
        double[] missed = new double[HALVINGS + 1];
        for (int halving = 0; halving < missed.length; halving++) {
            double share = Math.pow(2, -halving);
            host.move(start, end, share);
            double[] after = RandomArrays.logProbs(host.logits().apply(features), labels);
            for (int probe = 0; probe < PROBES; probe++) {
                missed[halving] +=
                        Math.pow(after[probe] - before[probe] - share * predicted[probe], 2);
            }
        }
        double[] logs = Arrays.stream(missed).map(m -> Math.log(m) / Math.log(2) / 2).toArray();
        assertEquals(2, slope(logs), 0.1, Arrays.toString(logs));
    }

    private double[] predicted(ListRecorder recorder) {
        List<ShiftRow> shifts = recorder.steps().get(UPDATES).interactions().shifts();
        assertEquals(PROBES, shifts.size(), "rows of the last update");
        double[] predicted = new double[PROBES];
        shifts.forEach(row -> predicted[row.probe()] = row.predicted());
        assertTrue(Arrays.stream(predicted).map(Math::abs).max().orElseThrow() > 1e-4);
        return predicted;
    }

    /** Least-squares fall of values for each halving. */
    private static double slope(double[] values) {
        double middle = (values.length - 1) / 2.0;
        double products = 0;
        double squares = 0;
        for (int i = 0; i < values.length; i++) {
            products += (i - middle) * values[i];
            squares += (i - middle) * (i - middle);
        }
        return -products / squares;
    }

    private static DenseLayer dense(int units) {
        return new DenseLayer.Builder().nOut(units).build();
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder().nOut(3).activation(Activation.SOFTMAX).build();
    }

    private static NeuralNetConfiguration.Builder base(IUpdater updater) {
        return new NeuralNetConfiguration.Builder()
                .seed(21)
                .dataType(DataType.DOUBLE)
                .activation(Activation.TANH)
                .updater(updater)
                .l2(0.01);
    }
}
