package org.learningdynamics.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.saver.InMemoryModelSaver;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingTrainer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.learningdynamics.series.Alarm;
import org.learningdynamics.series.AlarmStop;
import org.learningdynamics.train.TrainingLoop;
import org.nd4j.autodiff.listeners.records.History;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.adapter.MultiDataSetIteratorAdapter;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Alarms end training where a host can be stopped. */
class AlarmTerminationTest {
    private static final int FEATURES = 5;
    private static final int POISONED = 3;

    private final ListRecorder recorder = new ListRecorder();
    private final AlarmStop stop = AlarmStop.on(Alarm.NAN);

    /** Six batches, of which the third makes the loss NaN. */
    private static List<DataSet> batches() {
        List<DataSet> batches = new ArrayList<>();
        for (int i = 1; i <= 6; i++) {
            DataSet batch = RandomArrays.classes(i, DataType.DOUBLE, 4, 3, FEATURES);
            if (i == POISONED) {
                batch.getFeatures().putScalar(0, 0, Double.NaN);
            }
            batches.add(batch);
        }
        return batches;
    }

    private static ListDataSetIterator<DataSet> iterator() {
        return new ListDataSetIterator<>(batches(), 1);
    }

    private static ClassProbes probes() {
        DataSet watched = RandomArrays.classes(9, DataType.DOUBLE, 4, 3, FEATURES);
        return ClassProbes.builder(watched.getFeatures()).oneHot(watched.getLabels()).build();
    }

    @Test
    void earlyStoppingOfANetworkEndsAfterTheUpdate() throws Exception {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .seed(5)
                                .dataType(DataType.DOUBLE)
                                .updater(new Sgd(0.1))
                                .list()
                                .layer(
                                        new OutputLayer.Builder(LossFunction.MCXENT)
                                                .nIn(FEATURES)
                                                .nOut(3)
                                                .activation(Activation.SOFTMAX)
                                                .build())
                                .build());
        network.init();
        InMemoryModelSaver<MultiLayerNetwork> saver = new InMemoryModelSaver<>();
        saver.saveBestModel(network, Double.NaN);
        EarlyStoppingConfiguration<MultiLayerNetwork> configuration =
                new EarlyStoppingConfiguration.Builder<MultiLayerNetwork>()
                        .iterationTerminationConditions(new AlarmTermination(stop))
                        .epochTerminationConditions(new MaxEpochsTerminationCondition(4))
                        .scoreCalculator(new DataSetLossCalculator(iterator(), true))
                        .modelSaver(saver)
                        .build();
        try (DynamicsListener listener =
                DynamicsListener.builder(network)
                        .probes(probes())
                        .schedule(Schedule.every(1))
                        .recorder(recorder)
                        .stopOn(stop)
                        .build()) {
            network.setListeners(listener);
            EarlyStoppingResult<MultiLayerNetwork> result =
                    new EarlyStoppingTrainer(configuration, network, iterator()).fit();
            assertEquals(
                    EarlyStoppingResult.TerminationReason.IterationTerminationCondition,
                    result.getTerminationReason());
            assertEquals("AlarmTermination(AlarmStop[nan])", result.getTerminationDetails());
        }
        assertEquals(POISONED, recorder.metricValues("loss").size());
        assertEquals(
                1, recorder.events().stream().filter(e -> e.code().equals("stop_asked")).count());
    }

    private SameDiffDynamicsListener listener(SameDiff graph, AlarmStop... stops) {
        SameDiffDynamicsListener.Builder builder =
                SameDiffDynamicsListener.builder(graph)
                        .inputs("x")
                        .logits("logits")
                        .probes(probes())
                        .schedule(Schedule.every(1))
                        .recorder(recorder);
        for (AlarmStop each : stops) {
            builder.stopOn(each);
        }
        return builder.build();
    }

    @Test
    void fitOfAGraphEndsAfterTheEpoch() {
        SameDiff graph = new SameDiffClassifierTraining().sameDiff;
        try (SameDiffDynamicsListener listener = listener(graph, stop)) {
            History history = graph.fit(new MultiDataSetIteratorAdapter(iterator()), 4, listener);
            assertEquals(1, history.trainingEpochs());
        }
        assertEquals(6, recorder.metricValues("loss").size());
        assertTrue(
                stop.raised().orElseThrow().message().startsWith("NaN: metric loss"),
                stop.raised().toString());
    }

    @Test
    void trainingLoopEndsAfterTheUpdateAndCanGoOn() {
        SameDiff graph = new SameDiffClassifierTraining().sameDiff;
        try (SameDiffDynamicsListener listener = listener(graph, stop);
                TrainingLoop loop = TrainingLoop.builder(graph).build()) {
            loop.fit(new MultiDataSetIteratorAdapter(iterator()), 4, listener);
            assertEquals(POISONED, graph.getTrainingConfig().getIterationCount());
            assertEquals(0, graph.getTrainingConfig().getEpochCount());
            assertEquals(0, listener.failures().total());
        }
        assertEquals(POISONED, recorder.metricValues("loss").size());
    }

    @Test
    void nothingStopsUnlessAskedFor() {
        SameDiff graph = new SameDiffClassifierTraining().sameDiff;
        try (SameDiffDynamicsListener listener = listener(graph);
                TrainingLoop loop = TrainingLoop.builder(graph).build()) {
            loop.fit(new MultiDataSetIteratorAdapter(iterator()), 2, listener);
        }
        assertEquals(12, recorder.metricValues("loss").size());
        assertFalse(stop.isRaised());
    }
}
