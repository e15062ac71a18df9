package org.learningdynamics.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** 300 recordings of 1.6 MB of logits each: nothing that was made for one may be kept. */
class NativeMemoryTest {
    private static final DataType TYPE = DataType.DOUBLE;
    private static final int FEATURES = 4;
    private static final int CLASSES = 2000;
    private static final int ROWS = 100;
    private static final int WARM_UP = 60;
    private static final int RECORDINGS = 300;
    private static final long MEGABYTE = 1 << 20;

    private final ListRecorder recorder = new ListRecorder();
    private final DataSet batch = RandomArrays.classes(1, TYPE, 2, CLASSES, FEATURES);
    private final ClassProbes probes =
            ClassProbes.builder(RandomArrays.gaussian(2, TYPE, ROWS, FEATURES))
                    .labels(new int[ROWS])
                    .batchSize(ROWS / 2)
                    .build();

    @Test
    void recordingsOfASameDiffLeaveNothingBehind() {
        SameDiff sd = SameDiff.create();
        SDVariable x = sd.placeHolder("x", TYPE, -1, FEATURES);
        SDVariable y = sd.placeHolder("y", TYPE, -1, CLASSES);
        SDVariable w = sd.var("w", RandomArrays.gaussian(3, TYPE, FEATURES, CLASSES));
        SDVariable logits = x.mmul(w).rename("logits");
        sd.setLossVariables(sd.nn().logSoftmax(logits).mul(y).sum().neg().rename("loss"));
        sd.setTrainingConfig(
                TrainingConfig.builder()
                        .updater(new Sgd(0.01))
                        .dataSetFeatureMapping("x")
                        .dataSetLabelMapping("y")
                        .initialLossDataType(TYPE)
                        .build());
        try (SameDiffDynamicsListener listener =
                SameDiffDynamicsListener.builder(sd)
                        .inputs("x")
                        .probes(probes)
                        .schedule(Schedule.every(1))
                        .recorder(recorder)
                        .build()) {
            sd.setListeners(listener);
            assertFlat(() -> sd.fit(batch));
            assertEquals(0, listener.failures().total());
        }
    }

    @Test
    void recordingsOfANetworkLeaveNothingBehind() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .dataType(TYPE)
                                .updater(new Sgd(0.01))
                                .list()
                                .layer(
                                        new OutputLayer.Builder(LossFunction.MCXENT)
                                                .nIn(FEATURES)
                                                .nOut(CLASSES)
                                                .activation(Activation.SOFTMAX)
                                                .build())
                                .build());
        network.init();
        try (DynamicsListener listener =
                DynamicsListener.builder(network)
                        .probes(probes)
                        .schedule(Schedule.every(1))
                        .recorder(recorder)
                        .build()) {
            network.setListeners(listener);
            assertFlat(() -> network.fit(batch));
            assertEquals(0, listener.failures().total());
        }
    }

    /** Collects garbage often, so that the heap's own growth does not blur the picture. */
    private void assertFlat(Runnable update) {
        repeat(update, WARM_UP);
        long before = Pointer.physicalBytes();
        repeat(update, RECORDINGS);
        long grown = Pointer.physicalBytes() - before;
        assertEquals(RECORDINGS + WARM_UP + 1, recorder.steps().size());
        long recorded = (long) RECORDINGS * ROWS * CLASSES * Double.BYTES;
        assertTrue(grown < recorded / 4, "grown by " + grown / MEGABYTE + " MiB");
    }

    private static void repeat(Runnable update, int times) {
        for (int i = 1; i <= times; i++) {
            update.run();
            if (i % 30 == 0) {
                System.gc();
            }
        }
    }
}
