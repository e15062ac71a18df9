package org.learningdynamics.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.probe.EncodedProbeRow;
import org.learningdynamics.recording.LikelihoodRow;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class DynamicsListenerTest {
    private static final DataType TYPE = DataType.DOUBLE;

    private final ListRecorder recorder = new ListRecorder();
    private final DataSet batch = RandomArrays.classes(1, TYPE, 5, 3, 4);
    private final ClassProbes probes =
            ClassProbes.builder(batch.getFeatures()).oneHot(batch.getLabels()).build();

    private static MultiLayerNetwork network(NeuralNetConfiguration.Builder settings) {
        MultiLayerConfiguration configuration =
                settings.seed(5)
                        .dataType(TYPE)
                        .list()
                        .layer(new DenseLayer.Builder().nOut(6).activation(Activation.TANH).build())
                        .layer(new BatchNormalization())
                        .layer(
                                new OutputLayer.Builder(LossFunction.MCXENT)
                                        .nOut(3)
                                        .activation(Activation.SOFTMAX)
                                        .build())
                        .setInputType(InputType.feedForward(4))
                        .build();
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        return network;
    }

    private static NeuralNetConfiguration.Builder sgd() {
        return new NeuralNetConfiguration.Builder().updater(new Sgd(0.1));
    }

    private DynamicsListener.Builder listener(MultiLayerNetwork network) {
        return DynamicsListener.builder(network)
                .probes(probes)
                .schedule(Schedule.every(1))
                .recorder(recorder);
    }

    /** One step of plain gradient descent shows the gradient: (before - after) / rate. */
    @Test
    void gradientNormIsTheMeanGradientsWithoutRunningStatistics() {
        MultiLayerNetwork network = network(sgd());
        INDArray before = network.params().dup();
        try (DynamicsListener listener = listener(network).build()) {
            network.setListeners(listener);
            network.fit(batch);
            assertEquals(0, listener.failures().total());
        }
        INDArray step = before.sub(network.params());
        INDArray statistics = statistics(network).sub(statistics(network(sgd())));
        double squares =
                Math.pow(step.norm2Number().doubleValue(), 2)
                        - Math.pow(statistics.norm2Number().doubleValue(), 2);
        assertEquals(Math.sqrt(squares) / 0.1, recorder.steps().get(1).step().gradNorm(), 1e-9);
    }

    private static INDArray statistics(MultiLayerNetwork network) {
        return Nd4j.concat(0, network.getParam("1_mean"), network.getParam("1_log10stdev"));
    }

    @Test
    void gradientNormIsTheSumWhereTheNetworkDoesNotDivide() {
        MultiLayerNetwork mean = network(sgd());
        MultiLayerNetwork sum = network(sgd().miniBatch(false));
        double[] norms = new double[2];
        for (int i = 0; i < 2; i++) {
            MultiLayerNetwork network = i == 0 ? mean : sum;
            ListRecorder own = new ListRecorder();
            try (DynamicsListener listener = listener(network).recorder(own).build()) {
                network.setListeners(listener);
                network.fit(batch);
            }
            norms[i] = own.steps().get(1).step().gradNorm();
        }
        assertEquals(5 * norms[0], norms[1], 1e-9);
        assertTrue(norms[0] > 0);
    }

    @Test
    void learningRateIsThatOfTheUpdate() {
        MultiLayerNetwork network =
                network(
                        new NeuralNetConfiguration.Builder()
                                .updater(
                                        new Sgd(
                                                new ExponentialSchedule(
                                                        ScheduleType.ITERATION, 0.1, 0.5))));
        try (DynamicsListener listener = listener(network).build()) {
            network.setListeners(listener);
            network.fit(batch);
            network.fit(batch);
        }
        assertEquals(0.1, recorder.steps().get(1).step().learningRate(), 1e-15);
        assertEquals(0.05, recorder.steps().get(2).step().learningRate(), 1e-15);
    }

    @Test
    void constraintsAreInTheRecordedState() {
        MultiLayerNetwork network = network(sgd().constrainWeights(new MaxNormConstraint(0.1, 1)));
        try (DynamicsListener listener = listener(network).build()) {
            network.setListeners(listener);
            network.fit(batch);
        }
        double[] expected =
                RandomArrays.logsAt(
                        network.output(batch.getFeatures()),
                        null,
                        batch.getLabels().argMax(1).toIntVector());
        assertEquals(expected[0], recorder.last(0, "label").logProb(), 1e-12);
    }

    @Test
    void everyClassOfAProbeSumsToOne() {
        MultiLayerNetwork network = network(sgd());
        ClassProbes all =
                ClassProbes.builder(batch.getFeatures())
                        .oneHot(batch.getLabels())
                        .classNames("a", "b", "c")
                        .kinds(ClassKinds.EVERY_CLASS)
                        .build();
        try (DynamicsListener listener = listener(network).probes(all).build()) {
            network.setListeners(listener);
            network.fit(batch);
        }
        double sum =
                List.of("a", "b", "c").stream()
                        .mapToDouble(kind -> Math.exp(recorder.last(2, kind).logProb()))
                        .sum();
        assertEquals(1, sum, 1e-12);
        assertEquals(20, recorder.steps().get(1).likelihoods().size());
    }

    @Test
    void tokenProbesWatchRecurrentNetworks() {
        MultiLayerConfiguration configuration =
                new NeuralNetConfiguration.Builder()
                        .seed(5)
                        .dataType(TYPE)
                        .list()
                        .layer(new EmbeddingSequenceLayer.Builder().nIn(7).nOut(4).build())
                        .layer(new LSTM.Builder().nIn(4).nOut(4).build())
                        .layer(
                                new RnnOutputLayer.Builder(LossFunction.MCXENT)
                                        .nIn(4)
                                        .nOut(7)
                                        .dataFormat(RNNFormat.NCW)
                                        .activation(Activation.SOFTMAX)
                                        .build())
                        .build();
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        int[] tokens = {1, 2, 3, 4};
        TokenProbes watched =
                TokenProbes.builder(
                                List.of(
                                        new EncodedProbeRow(
                                                0, "long", new EncodedResponse(tokens, 2)),
                                        new EncodedProbeRow(
                                                0,
                                                "short",
                                                new EncodedResponse(new int[] {1, 5}, 1))),
                                0)
                        .build();
        INDArray ids = Nd4j.createFromArray(new double[][] {{1, 2, 3}});
        INDArray probabilities = network.output(ids);
        double expected =
                Math.log(probabilities.getDouble(0, 3, 1))
                        + Math.log(probabilities.getDouble(0, 4, 2));
        try (DynamicsListener listener =
                DynamicsListener.builder(network).probes(watched).recorder(recorder).build()) {
            network.setListeners(listener);
            network.fit(new DataSet(ids, Nd4j.ones(TYPE, 1, 7, 3).div(7)));
            assertEquals(0, listener.failures().total());
        }
        LikelihoodRow row = recorder.last(0, "long");
        assertEquals(expected, row.logProb(), 1e-12);
        assertEquals(2, row.tokens());
        assertEquals(1, recorder.last(0, "short").tokens());
    }

    @Test
    void aListenerOnAnotherNetworkSaysSoAndDoesNothing() {
        MultiLayerNetwork other = network(sgd());
        try (DynamicsListener listener = listener(network(sgd())).build()) {
            other.setListeners(listener);
            other.fit(batch);
            other.fit(batch);
            assertEquals(new ListenerFailures(0, 0, 1), listener.failures());
        }
        assertEquals(List.of(), recorder.iterations());
    }

    @Test
    void aClosedListenerDoesNothing() {
        MultiLayerNetwork network = network(sgd());
        DynamicsListener listener = listener(network).build();
        network.setListeners(listener);
        network.fit(batch);
        listener.close();
        network.fit(batch);
        assertEquals(List.of(0L, 1L), recorder.iterations());
        assertEquals(0, listener.failures().total());
    }

    @Test
    void theFinalStateIsRecordedWhenTheListenerIsClosed() {
        MultiLayerNetwork network = network(sgd());
        try (DynamicsListener listener =
                listener(network).schedule(Schedule.every(10).withFinal()).build()) {
            network.setListeners(listener);
            for (int i = 0; i < 13; i++) {
                network.fit(batch);
            }
        }
        assertEquals(List.of(0L, 10L, 13L), recorder.iterations());
    }

    @Test
    void refusesANetworkThatIsNoClassifierWhenItIsBuilt() {
        MultiLayerConfiguration configuration =
                new NeuralNetConfiguration.Builder()
                        .list()
                        .layer(
                                new OutputLayer.Builder(LossFunction.MSE)
                                        .nIn(4)
                                        .nOut(2)
                                        .activation(Activation.IDENTITY)
                                        .build())
                        .build();
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        String message =
                assertThrows(
                                IllegalArgumentException.class,
                                () -> DynamicsListener.builder(network))
                        .getMessage();
        assertTrue(message.startsWith("layer \"layer0\" must be an OutputLayer"), message);
    }
}
