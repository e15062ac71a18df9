package org.learningdynamics.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.learningdynamics.recording.ShiftRow;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * The recorded prediction is the first-order term of the host's own step: at {@code θ_t + s·Δθ}
 * what it misses shrinks with the square of s.
 */
class FirstOrderTest {
    private static final int BATCH = 8;
    private static final int PROBES = 6;
    private static final int UPDATES = 4;
    private static final int HALVINGS = 5;

    private final int[] labels = new Random(5).ints(PROBES, 0, 3).toArray();
    private final INDArray features = RandomArrays.gaussian(77, DataType.DOUBLE, PROBES, 4);

    @ParameterizedTest
    @MethodSource("org.learningdynamics.listener.NetworkInfluenceTest#updaters")
    void remainderIsOfSecondOrderInAMultiLayerNetwork(IUpdater updater) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        base(updater)
                                .list()
                                .layer(new DenseLayer.Builder().nIn(4).nOut(7).build())
                                .layer(new DenseLayer.Builder().nIn(7).nOut(6).build())
                                .layer(output(6))
                                .build());
        network.init();
        ListRecorder recorder = new ListRecorder();
        try (DynamicsListener listener = listener(DynamicsListener.builder(network), recorder)) {
            network.setListeners(listener);
            assertSecondOrder(network, network::fit, network::output, recorder);
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
                                .addLayer(
                                        "one",
                                        new DenseLayer.Builder().nIn(4).nOut(5).build(),
                                        "in")
                                .addLayer(
                                        "two",
                                        new DenseLayer.Builder().nIn(4).nOut(3).build(),
                                        "in")
                                .addVertex("both", new MergeVertex(), "one", "two")
                                .addLayer("out", output(8), "both")
                                .setOutputs("out")
                                .build());
        graph.init();
        ListRecorder recorder = new ListRecorder();
        try (DynamicsListener listener = listener(DynamicsListener.builder(graph), recorder)) {
            graph.setListeners(listener);
            assertSecondOrder(graph, graph::fit, x -> graph.output(x)[0], recorder);
        }
    }

    private DynamicsListener listener(DynamicsListener.Builder builder, ListRecorder recorder) {
        return builder.influence(InfluenceOptions.defaults())
                .probes(ClassProbes.builder(features).labels(labels).build())
                .schedule(Schedule.every(1))
                .recorder(recorder)
                .build();
    }

    /** Trains into mid-run, then walks along the last step. */
    private void assertSecondOrder(
            Model model,
            Consumer<DataSet> fit,
            UnaryOperator<INDArray> output,
            ListRecorder recorder) {
        INDArray start = model.params().dup();
        for (int update = 0; update < UPDATES; update++) {
            start = model.params().dup();
            fit.accept(RandomArrays.classes(update, DataType.DOUBLE, BATCH, 3, 4));
        }
        double[] predicted = predicted(recorder);
        INDArray step = model.params().sub(start);
        model.setParams(start);
        double[] before = logProbs(output);
        double[] missed = new double[HALVINGS + 1];
        for (int halving = 0; halving < missed.length; halving++) {
            double share = Math.pow(2, -halving);
            model.setParams(start.add(step.mul(share)));
            double[] after = logProbs(output);
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
        assertEquals(PROBES, shifts.size());
        double[] predicted = new double[PROBES];
        shifts.forEach(row -> predicted[row.probe()] = row.predicted());
        assertTrue(Arrays.stream(predicted).map(Math::abs).max().orElseThrow() > 1e-4);
        return predicted;
    }

    private double[] logProbs(UnaryOperator<INDArray> output) {
        INDArray probabilities = output.apply(features);
        double[] logs = new double[PROBES];
        Arrays.setAll(logs, i -> Math.log(probabilities.getDouble(i, labels[i])));
        return logs;
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

    private static OutputLayer output(int inputs) {
        return new OutputLayer.Builder().nIn(inputs).nOut(3).activation(Activation.SOFTMAX).build();
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
