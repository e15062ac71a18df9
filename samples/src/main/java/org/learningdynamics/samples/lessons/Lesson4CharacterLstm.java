package org.learningdynamics.samples.lessons;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.learningdynamics.listener.DynamicsListener;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.listener.TokenProbes;
import org.learningdynamics.loss.DpoLoss;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.SftSumLoss;
import org.learningdynamics.loss.dl4j.ReferenceScores;
import org.learningdynamics.loss.dl4j.ResponseOutputLayer;
import org.learningdynamics.recording.RunHeader;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;

/** Lesson 4: a character LSTM learns answers by SFT, then to prefer the true ones by DPO. */
public final class Lesson4CharacterLstm {
    private Lesson4CharacterLstm() {}

    /**
     * Trains on so many preferences; 128 of them for 20 epochs a stage take some minutes.
     *
     * @param args the folder for {@code sft.ldyn} and {@code dpo.ldyn}, preferences, epochs
     */
    public static void main(String[] args) {
        Path folder = Path.of(args[0]);
        var facts = new FactCharacters(Integer.parseInt(args[1]));
        int epochs = Integer.parseInt(args[2]);
        TokenProbes probes = facts.probes(2);
        // README preferences
        MultiLayerNetwork sft = network(facts.vocabulary(), new SftSumLoss());
        train(sft, facts.chosen(), epochs, probes, folder.resolve("sft.ldyn"));

        // DPO goes on from what SFT has learnt, which is its reference too.
        MultiLayerNetwork dpo = network(facts.vocabulary(), new DpoLoss(0.1));
        dpo.setParams(sft.params());
        List<DataSet> preferences = facts.preferences();
        preferences.forEach(batch -> ReferenceScores.fill(dpo, batch));
        train(dpo, preferences, epochs, probes, folder.resolve("dpo.ldyn"));
        // end
    }

    private static MultiLayerNetwork network(int vocabulary, Loss loss) {
        var list = new NeuralNetConfiguration.Builder().seed(1).updater(new Adam(0.005)).list();
        list.layer(new EmbeddingSequenceLayer.Builder().nIn(vocabulary).nOut(16).build());
        list.layer(new LSTM.Builder().nIn(16).nOut(64).build());
        list.layer(ResponseOutputLayer.builder(loss).nIn(64).nOut(vocabulary).build());
        var network = new MultiLayerNetwork(list.build());
        network.init();
        return network;
    }

    private static void train(
            MultiLayerNetwork network,
            List<DataSet> batches,
            int epochs,
            TokenProbes probes,
            Path run) {
        var header = RunHeader.builder("character LSTM", Instant.now()).build();
        try (var listener =
                DynamicsListener.builder(network)
                        .probes(probes)
                        .schedule(Schedule.every(5))
                        .recordTo(run, header)
                        .build()) {
            network.setListeners(listener);
            for (int epoch = 0; epoch < epochs; epoch++) {
                batches.forEach(network::fit);
            }
        }
    }
}
