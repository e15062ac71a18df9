package org.learningdynamics.it.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.data.TokenBatch;
import org.learningdynamics.listener.ClassProbes;
import org.learningdynamics.listener.DynamicsListener;
import org.learningdynamics.listener.InfluenceOptions;
import org.learningdynamics.listener.SameDiffDynamicsListener;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.listener.TokenProbes;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.loss.LossInputs;
import org.learningdynamics.loss.Losses;
import org.learningdynamics.loss.ResponseLogProbs;
import org.learningdynamics.probe.EncodedProbeRow;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** 400 recordings of about 0.4 MB of logits each: nothing that was made for one may be kept. */
class ListenerMemoryTest {
    private static final int CLASSES = 2000;
    private static final int WARM_UP = 60;
    private static final int RECORDINGS = 400;
    private static final int MANY = 2000;
    private static final int FEWER = 300;
    private static final long MEGABYTE = 1 << 20;

    private final CountingRecorder recorder = new CountingRecorder();
    private final Random random = new Random(5);

    @Test
    void recordingsOfALanguageModelLeaveNothingBehind() {
        trainLanguageModel(Optional.empty(), RECORDINGS);
    }

    @Test
    void influencesInALanguageModelLeaveNothingBehind() {
        trainLanguageModel(Optional.of(InfluenceOptions.defaults()), FEWER);
    }

    @Test
    @Tag("full")
    void twoThousandInfluencesInALanguageModelLeaveNothingBehind() {
        trainLanguageModel(Optional.of(InfluenceOptions.defaults()), MANY);
    }

    private void trainLanguageModel(Optional<InfluenceOptions> influence, int recordings) {
        DecoderModel model =
                DecoderModel.create(
                        DecoderConfig.builder(CLASSES).width(8).layers(1).heads(1).build());
        SameDiff sd = model.newGraph();
        SDVariable labels = sd.placeHolder("labels", DataType.INT32, -1, -1);
        SDVariable logits = sd.getVariable(DecoderModel.LOGITS_2D);
        LossInputs inputs = LossInputs.of(ResponseLogProbs.define(sd, logits, labels, CLASSES));
        Losses.byName("sft").define(sd, inputs);
        sd.setTrainingConfig(
                TrainingConfig.builder()
                        .updater(new Sgd(0.01))
                        .dataSetFeatureMapping(DecoderModel.INPUT_IDS)
                        .dataSetLabelMapping("labels")
                        .build());
        TokenBatch tokens = TokenBatch.of(List.of(response(), response()), 0);
        MultiDataSet batch =
                new MultiDataSet(
                        Nd4j.createFromArray(tokens.inputIds()),
                        Nd4j.createFromArray(tokens.labels()));
        SameDiffDynamicsListener.Builder builder = SameDiffDynamicsListener.builder(sd);
        influence.ifPresent(builder::influence);
        try (SameDiffDynamicsListener listener =
                builder.logits(DecoderModel.LOGITS_2D)
                        .probes(TokenProbes.builder(rows(10), 0).tokensPerBatch(100).build())
                        .schedule(Schedule.every(1))
                        .recorder(recorder)
                        .build()) {
            sd.setListeners(listener);
            assertFlat(() -> sd.fit(batch), recordings);
            assertEquals(0, listener.failures().total());
        }
    }

    private List<EncodedProbeRow> rows(int count) {
        List<EncodedProbeRow> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(new EncodedProbeRow(i, "chosen", response()));
        }
        return rows;
    }

    private EncodedResponse response() {
        return new EncodedResponse(random.ints(6, 0, CLASSES).toArray(), 3);
    }

    @Test
    void recordingsOfANetworkLeaveNothingBehind() {
        trainNetwork(Optional.empty(), RECORDINGS);
    }

    @Test
    void influencesInANetworkLeaveNothingBehind() {
        trainNetwork(Optional.of(InfluenceOptions.defaults()), FEWER);
    }

    @Test
    @Tag("full")
    void twoThousandInfluencesInANetworkLeaveNothingBehind() {
        trainNetwork(Optional.of(InfluenceOptions.defaults()), MANY);
    }

    private void trainNetwork(Optional<InfluenceOptions> influence, int recordings) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .updater(new Sgd(0.01))
                                .list()
                                .layer(
                                        new OutputLayer.Builder(LossFunction.MCXENT)
                                                .nIn(4)
                                                .nOut(CLASSES)
                                                .activation(Activation.SOFTMAX)
                                                .build())
                                .build());
        network.init();
        DataSet batch = new DataSet(Nd4j.rand(2, 4), Nd4j.eye(CLASSES).getRows(3, 4));
        ClassProbes probes =
                ClassProbes.builder(Nd4j.rand(50, 4)).labels(new int[50]).batchSize(50).build();
        DynamicsListener.Builder builder = DynamicsListener.builder(network);
        influence.ifPresent(builder::influence);
        try (DynamicsListener listener =
                builder.probes(probes).schedule(Schedule.every(1)).recorder(recorder).build()) {
            network.setListeners(listener);
            assertFlat(() -> network.fit(batch), recordings);
            assertEquals(0, listener.failures().total());
        }
    }

    /** Collects garbage often, so that the heap's own growth does not blur the picture. */
    private void assertFlat(Runnable update, int recordings) {
        repeat(update, WARM_UP);
        long before = Pointer.physicalBytes();
        repeat(update, recordings);
        long grown = Pointer.physicalBytes() - before;
        assertEquals(recordings + WARM_UP + 1, recorder.steps().size());
        assertTrue(grown < 120 * MEGABYTE, "grown by " + grown / MEGABYTE + " MiB");
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
