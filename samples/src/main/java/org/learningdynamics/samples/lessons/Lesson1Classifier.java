package org.learningdynamics.samples.lessons;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.learningdynamics.listener.ClassProbes;
import org.learningdynamics.listener.DynamicsListener;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.recording.RunHeader;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Lesson 1: watch how a MultiLayerNetwork's belief in the right classes grows. */
public final class Lesson1Classifier {
    private static final int POINTS = 200;
    private static final int EPOCHS = 60;

    private Lesson1Classifier() {}

    /**
     * Trains on two noisy half-planes and records the probes.
     *
     * @param args the run file to write
     */
    public static void main(String[] args) {
        watch(network(), halfPlanes(new Random(1)), Path.of(args[0]));
    }

    private static void watch(MultiLayerNetwork network, DataSet data, Path run) {
        // README multilayer
        var probes =
                ClassProbes.builder(data.getFeatures())
                        .oneHot(data.getLabels())
                        .classNames("below", "above")
                        .build();
        var header = RunHeader.builder("half-planes", Instant.now()).build();
        try (var listener =
                DynamicsListener.builder(network)
                        .probes(probes)
                        .schedule(Schedule.every(10))
                        .recordTo(run, header)
                        .build()) {
            network.addListeners(listener);
            for (int epoch = 0; epoch < EPOCHS; epoch++) {
                network.fit(data);
            }
        }
        // end
    }

    private static MultiLayerNetwork network() {
        var list = new NeuralNetConfiguration.Builder().seed(1).updater(new Adam(0.02)).list();
        list.layer(new DenseLayer.Builder().nIn(2).nOut(8).activation(Activation.TANH).build());
        var output = new OutputLayer.Builder(LossFunction.MCXENT).nIn(8).nOut(2);
        list.layer(output.activation(Activation.SOFTMAX).build());
        var network = new MultiLayerNetwork(list.build());
        network.init();
        return network;
    }

    private static DataSet halfPlanes(Random random) {
        INDArray features = Nd4j.create(POINTS, 2);
        INDArray labels = Nd4j.create(POINTS, 2);
        for (int i = 0; i < POINTS; i++) {
            double x = random.nextGaussian();
            double y = random.nextGaussian();
            features.putScalar(i, 0, x).putScalar(i, 1, y);
            labels.putScalar(i, y + 0.3 * random.nextGaussian() > x ? 1 : 0, 1.0);
        }
        return new DataSet(features, labels);
    }
}
