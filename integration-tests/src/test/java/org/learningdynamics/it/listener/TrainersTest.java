package org.learningdynamics.it.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingTrainer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.junit.jupiter.api.Test;
import org.learningdynamics.listener.ClassProbes;
import org.learningdynamics.listener.DynamicsListener;
import org.learningdynamics.listener.ListenerFailures;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.recording.StepRow;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What the listener does under DL4J's own trainers and after transfer learning. */
class TrainersTest {
    private static final int BATCHES = 4;
    private static final int EPOCHS = 3;
    private static final int WORKERS = 2;

    private final CountingRecorder recorder = new CountingRecorder();
    private final List<DataSet> data = data();

    @Test
    void earlyStoppingIsRecordedAndUnchanged() {
        MultiLayerNetwork alone = network();
        stopEarly(alone);
        MultiLayerNetwork watched = network();
        try (DynamicsListener listener = attach(watched)) {
            EarlyStoppingResult<MultiLayerNetwork> result = stopEarly(watched);
            assertEquals(EPOCHS, result.getTotalEpochs());
            assertEquals(0, listener.failures().total());
        }
        assertEquals(alone.params(), watched.params());
        assertEquals(iterations(BATCHES * EPOCHS), recordedIterations());
    }

    private EarlyStoppingResult<MultiLayerNetwork> stopEarly(MultiLayerNetwork network) {
        var configuration =
                new EarlyStoppingConfiguration.Builder<MultiLayerNetwork>()
                        .epochTerminationConditions(new MaxEpochsTerminationCondition(EPOCHS))
                        .scoreCalculator(new DataSetLossCalculator(iterator(), true))
                        .build();
        return new EarlyStoppingTrainer(configuration, network, iterator()).fit();
    }

    @Test
    void transferLearningIsRecordedAndFrozenLayersStay() {
        MultiLayerNetwork base = network();
        base.fit(iterator());
        MultiLayerNetwork tuned =
                new TransferLearning.Builder(base)
                        .fineTuneConfiguration(
                                new FineTuneConfiguration.Builder().updater(new Adam(0.05)).build())
                        .setFeatureExtractor(0)
                        .removeOutputLayer()
                        .addLayer(output())
                        .build();
        INDArray frozen = tuned.getLayer(0).params().dup();
        INDArray before = tuned.getLayer(1).params().dup();
        try (DynamicsListener listener = attach(tuned)) {
            tuned.fit(iterator(), EPOCHS);
            assertEquals(0, listener.failures().total());
        }
        assertEquals(frozen, tuned.getLayer(0).params());
        assertFalse(before.equals(tuned.getLayer(1).params()));
        assertEquals(iterations(BATCHES * EPOCHS), recordedIterations());
    }

    /**
     * Workers train copies, of which the listener says once that it does not record them; an update
     * of the network itself is an averaging of theirs.
     */
    @Test
    @SuppressWarnings("try") // the wrapper's close may be interrupted
    void parallelWrapperIsRecordedAtEveryAveraging() throws Exception {
        MultiLayerNetwork network = network();
        try (DynamicsListener listener = attach(network);
                ParallelWrapper wrapper =
                        new ParallelWrapper.Builder<>(network)
                                .workers(WORKERS)
                                .prefetchBuffer(0)
                                .averagingFrequency(1)
                                .trainingMode(ParallelWrapper.TrainingMode.AVERAGING)
                                .build()) {
            wrapper.setListeners(listener);
            INDArray before = network.params().dup();
            wrapper.fit(iterator());
            assertFalse(before.equals(network.params()));
            assertEquals(iterations(BATCHES / WORKERS), recordedIterations());
            assertEquals(new ListenerFailures(0, 0, 1), listener.failures());
        }
    }

    private DynamicsListener attach(MultiLayerNetwork network) {
        INDArray features = data.get(0).getFeatures();
        DynamicsListener listener =
                DynamicsListener.builder(network)
                        .probes(
                                ClassProbes.builder(features)
                                        .oneHot(data.get(0).getLabels())
                                        .build())
                        .schedule(Schedule.every(1))
                        .recorder(recorder)
                        .build();
        network.addListeners(listener);
        return listener;
    }

    private List<Long> recordedIterations() {
        return recorder.steps().stream().map(StepRow::iteration).toList();
    }

    private static List<Long> iterations(int last) {
        List<Long> iterations = new ArrayList<>();
        for (long i = 0; i <= last; i++) {
            iterations.add(i);
        }
        return iterations;
    }

    private static MultiLayerNetwork network() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .seed(3)
                                .dataType(DataType.DOUBLE)
                                .updater(new Adam(0.02))
                                .list()
                                .layer(new DenseLayer.Builder().nIn(4).nOut(6).build())
                                .layer(output())
                                .build());
        network.init();
        return network;
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nIn(6)
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private ListDataSetIterator<DataSet> iterator() {
        return new ListDataSetIterator<>(data, 1);
    }

    private static List<DataSet> data() {
        Random random = new Random(7);
        List<DataSet> batches = new ArrayList<>();
        for (int batch = 0; batch < BATCHES; batch++) {
            double[][] features = new double[5][4];
            double[][] labels = new double[5][3];
            for (int row = 0; row < features.length; row++) {
                features[row] = random.doubles(4, -1, 1).toArray();
                labels[row][random.nextInt(3)] = 1;
            }
            batches.add(new DataSet(Nd4j.createFromArray(features), Nd4j.createFromArray(labels)));
        }
        return batches;
    }
}
