package org.learningdynamics.samples.lessons;

import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.learningdynamics.listener.ClassKinds;
import org.learningdynamics.listener.ClassProbes;
import org.learningdynamics.listener.DynamicsListener;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.loss.dl4j.SftSumLossFunction;
import org.learningdynamics.recording.RunHeader;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.learning.config.Adam;

/** Lesson 5: a table of flowers, and what a small classifier believes of some of each species. */
public final class Lesson5Iris {
    private Lesson5Iris() {}

    /**
     * Trains on the whole table at once.
     *
     * @param args the run file to write, the number of epochs
     */
    public static void main(String[] args) {
        DataSet flowers = IrisTable.read();
        var standard = new NormalizerStandardize();
        standard.fit(flowers);
        standard.transform(flowers);

        // Every tenth flower: five of each species, and the probability of every species for each.
        int[] watched = IntStream.range(0, 15).map(i -> 10 * i).toArray();
        ClassProbes probes =
                ClassProbes.builder(flowers.getFeatures().getRows(watched))
                        .oneHot(flowers.getLabels().getRows(watched))
                        .classNames(IrisTable.SPECIES.toArray(String[]::new))
                        .kinds(ClassKinds.EVERY_CLASS)
                        .build();
        MultiLayerNetwork network = network();
        var header = RunHeader.builder("iris", Instant.now()).build();
        try (var listener =
                DynamicsListener.builder(network)
                        .probes(probes)
                        .schedule(Schedule.every(10))
                        .recordTo(Path.of(args[0]), header)
                        .build()) {
            network.setListeners(listener);
            for (int epoch = 0; epoch < Integer.parseInt(args[1]); epoch++) {
                network.fit(flowers);
            }
        }
    }

    private static MultiLayerNetwork network() {
        var list = new NeuralNetConfiguration.Builder().seed(1).updater(new Adam(0.02)).list();
        list.layer(new DenseLayer.Builder().nIn(4).nOut(8).activation(Activation.TANH).build());
        list.layer(
                new OutputLayer.Builder(new SftSumLossFunction())
                        .nIn(8)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build());
        var network = new MultiLayerNetwork(list.build());
        network.init();
        return network;
    }
}
