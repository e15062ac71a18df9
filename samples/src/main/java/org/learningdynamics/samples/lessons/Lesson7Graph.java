package org.learningdynamics.samples.lessons;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.learningdynamics.listener.ClassProbes;
import org.learningdynamics.listener.DynamicsListener;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.recording.RunHeader;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Lesson 7: a ComputationGraph with two inputs and two outputs. It reads a place and a time, and
 * tells which of two classes a point belongs to and how far it is from the border; the class is
 * watched, by the name of its output.
 */
public final class Lesson7Graph {
    private static final int POINTS = 200;
    private static final int EPOCHS = 60;

    private Lesson7Graph() {}

    /**
     * Trains and records.
     *
     * @param args the run file to write
     */
    public static void main(String[] args) {
        watch(graph(), points(new Random(1)), Path.of(args[0]));
    }

    private static void watch(ComputationGraph graph, MultiDataSet data, Path run) {
        // README graph
        var probes = ClassProbes.builder(data.getFeatures()).oneHot(data.getLabels(0)).build();
        var header = RunHeader.builder("two inputs", Instant.now()).build();
        try (var listener =
                DynamicsListener.builder(graph, "class")
                        .probes(probes)
                        .schedule(Schedule.every(10))
                        .recordTo(run, header)
                        .build()) {
            graph.addListeners(listener);
            for (int epoch = 0; epoch < EPOCHS; epoch++) {
                graph.fit(data);
            }
        }
        // end
    }

    private static ComputationGraph graph() {
        var graph =
                new ComputationGraph(
                        new NeuralNetConfiguration.Builder()
                                .seed(1)
                                .updater(new Adam(0.05))
                                .graphBuilder()
                                .addInputs("place", "time")
                                .addVertex("both", new MergeVertex(), "place", "time")
                                .addLayer("class", output(LossFunction.MCXENT, 2), "both")
                                .addLayer("distance", output(LossFunction.MSE, 1), "both")
                                .setOutputs("class", "distance")
                                .build());
        graph.init();
        return graph;
    }

    private static OutputLayer output(LossFunction loss, int outputs) {
        return new OutputLayer.Builder(loss)
                .nIn(2)
                .nOut(outputs)
                .activation(outputs > 1 ? Activation.SOFTMAX : Activation.IDENTITY)
                .build();
    }

    private static MultiDataSet points(Random random) {
        INDArray place = Nd4j.create(POINTS, 1);
        INDArray time = Nd4j.create(POINTS, 1);
        INDArray classes = Nd4j.create(POINTS, 2);
        INDArray distance = Nd4j.create(POINTS, 1);
        for (int i = 0; i < POINTS; i++) {
            double x = random.nextGaussian();
            double t = random.nextGaussian();
            place.putScalar(i, 0, x);
            time.putScalar(i, 0, t);
            classes.putScalar(i, t > x ? 1 : 0, 1.0);
            distance.putScalar(i, 0, t - x);
        }
        return new MultiDataSet(new INDArray[] {place, time}, new INDArray[] {classes, distance});
    }
}
