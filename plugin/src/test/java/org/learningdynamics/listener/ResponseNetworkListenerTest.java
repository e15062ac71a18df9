package org.learningdynamics.listener;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.data.PreferenceRow;
import org.learningdynamics.data.TokenBatch;
import org.learningdynamics.loss.DpoLoss;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.SftSumLoss;
import org.learningdynamics.loss.dl4j.ReferenceScores;
import org.learningdynamics.loss.dl4j.ResponseBatch;
import org.learningdynamics.loss.dl4j.ResponseOutputLayer;
import org.learningdynamics.probe.EncodedProbeRow;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;

/** SFT, then DPO, on a small recurrent language model, recorded. */
class ResponseNetworkListenerTest {
    private static final int VOCABULARY = 8;
    private static final int UPDATES = 20;

    private final List<PreferenceRow> pairs =
            List.of(
                    new PreferenceRow(0, response(2, 1, 2, 3, 4, 7), response(2, 1, 2, 5, 7)),
                    new PreferenceRow(1, response(2, 1, 3, 4, 7), response(2, 1, 3, 6, 5, 7)));
    private final ListRecorder recorder = new ListRecorder();

    private static EncodedResponse response(int prompt, int... tokens) {
        return new EncodedResponse(tokens, prompt);
    }

    private static MultiLayerNetwork network(Loss loss) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .seed(2)
                                .dataType(DataType.DOUBLE)
                                .updater(new Adam(0.02))
                                .list()
                                .layer(
                                        new EmbeddingSequenceLayer.Builder()
                                                .nIn(VOCABULARY)
                                                .nOut(6)
                                                .build())
                                .layer(new LSTM.Builder().nIn(6).nOut(10).build())
                                .layer(
                                        ResponseOutputLayer.builder(loss)
                                                .nIn(10)
                                                .nOut(VOCABULARY)
                                                .build())
                                .build());
        network.init();
        return network;
    }

    private DataSet chosen() {
        TokenBatch tokens = TokenBatch.of(pairs.stream().map(PreferenceRow::chosen).toList(), 0);
        return ResponseBatch.of(tokens.inputIds(), tokens.labels()).ofIds();
    }

    private DataSet preferences() {
        TokenBatch tokens = TokenBatch.of(PreferenceRow.stacked(pairs), 0);
        return ResponseBatch.ofPairs(tokens.inputIds(), tokens.labels()).ofIds();
    }

    private TokenProbes probes() {
        return TokenProbes.builder(
                        List.of(
                                new EncodedProbeRow(0, "chosen", pairs.get(0).chosen()),
                                new EncodedProbeRow(0, "rejected", pairs.get(0).rejected()),
                                new EncodedProbeRow(1, "chosen", pairs.get(1).chosen()),
                                new EncodedProbeRow(1, "rejected", pairs.get(1).rejected())),
                        0)
                .build();
    }

    private void train(MultiLayerNetwork network, DataSet batch) {
        try (DynamicsListener listener =
                DynamicsListener.builder(network)
                        .probes(probes())
                        .schedule(Schedule.every(10))
                        .recorder(recorder)
                        .build()) {
            network.setListeners(listener);
            for (int i = 0; i < UPDATES; i++) {
                network.fit(batch);
            }
            assertEquals(0, listener.failures().total());
        }
    }

    private static void trainAlone(MultiLayerNetwork network, DataSet batch) {
        for (int i = 0; i < UPDATES; i++) {
            network.fit(batch);
        }
    }

    @Test
    void supervisionThenPreferencesAreRecordedAndNotDisturbed() {
        MultiLayerNetwork sft = network(new SftSumLoss());
        double before = logProb(sft, pairs.get(0).chosen());
        train(sft, chosen());
        assertEquals(before, recorder.steps().get(0).likelihoods().get(0).logProb(), 1e-12);
        double learnt = recorder.last(0, "chosen").logProb();
        assertEquals(logProb(sft, pairs.get(0).chosen()), learnt, 1e-12);
        assertTrue(learnt > before + 1, before + " to " + learnt);

        MultiLayerNetwork dpo = network(new DpoLoss(0.5));
        dpo.setParams(sft.params());
        DataSet preferences = preferences();
        ReferenceScores.fill(dpo, preferences);
        double rejected = logProb(dpo, pairs.get(1).rejected());
        train(dpo, preferences);
        double fallen = recorder.last(1, "rejected").logProb();
        assertEquals(logProb(dpo, pairs.get(1).rejected()), fallen, 1e-12);
        assertTrue(fallen < rejected - 1, rejected + " to " + fallen);
        assertMetrics();

        MultiLayerNetwork alone = network(new SftSumLoss());
        trainAlone(alone, chosen());
        assertArrayEquals(sft.params().toDoubleVector(), alone.params().toDoubleVector());
        MultiLayerNetwork dpoAlone = network(new DpoLoss(0.5));
        dpoAlone.setParams(alone.params());
        DataSet own = preferences();
        ReferenceScores.fill(dpoAlone, own);
        trainAlone(dpoAlone, own);
        assertArrayEquals(dpo.params().toDoubleVector(), dpoAlone.params().toDoubleVector());
    }

    private void assertMetrics() {
        List<Double> margins = recorder.metricValues("rewards/margins");
        assertEquals(UPDATES, margins.size());
        assertEquals(0.0, margins.get(0));
        assertTrue(margins.get(UPDATES - 1) > 0.5, margins.toString());
        assertEquals(1.0, recorder.metricValues("rewards/accuracies").get(UPDATES - 1));
        assertEquals(2 * UPDATES, recorder.metricValues("num_tokens").size());
        List<Double> losses = recorder.metricValues("loss");
        assertEquals(2 * UPDATES, losses.size());
        assertEquals(Math.log(2), losses.get(UPDATES), 1e-12);
    }

    /** Through log of the network's own probabilities. */
    private static double logProb(MultiLayerNetwork network, EncodedResponse response) {
        TokenBatch alone = TokenBatch.of(List.of(response), 0);
        INDArray probabilities =
                network.output(
                        ResponseBatch.of(alone.inputIds(), alone.labels()).ofIds().getFeatures());
        double sum = 0;
        for (int t = 0; t < alone.length(); t++) {
            int label = alone.labels()[0][t];
            sum += label < 0 ? 0 : Math.log(probabilities.getDouble(0, label, t));
        }
        return sum;
    }
}
