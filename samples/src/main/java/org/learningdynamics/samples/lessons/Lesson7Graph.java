package org.learningdynamics.samples.lessons;

import java.nio.file.Path;
import java.time.Instant;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.learningdynamics.listener.ClassProbes;
import org.learningdynamics.listener.DynamicsListener;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.recording.RunHeader;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Lesson 7: a ComputationGraph with two inputs and two outputs, of which one is watched. */
public final class Lesson7Graph {
    private static final int POINTS = 200;

    private Lesson7Graph() {}

    /**
     * Trains and records.
     *
     * @param args the run file to write
     */
    public static void main(String[] args) {
        watch(graph(), points(), Path.of(args[0]));
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
            for (int epoch = 0; epoch < 60; epoch++) {
                graph.fit(data);
            }
        }
        // end
    }

    private static ComputationGraph graph() {
        var settings = new NeuralNetConfiguration.Builder().seed(1).updater(new Adam(0.05));
        var layers = settings.graphBuilder().addInputs("place", "time");
        layers.addVertex("both", new MergeVertex(), "place", "time");
        layers.addLayer("class", output(LossFunction.MCXENT, 2), "both");
        layers.addLayer("distance", output(LossFunction.MSE, 1), "both");
        var graph = new ComputationGraph(layers.setOutputs("class", "distance").build());
        graph.init();
        return graph;
    }

    private static OutputLayer output(LossFunction loss, int outputs) {
        var layer = new OutputLayer.Builder(loss).nIn(2).nOut(outputs);
        return layer.activation(outputs > 1 ? Activation.SOFTMAX : Activation.IDENTITY).build();
    }

    /** Places and times; the class says whether the time is later than the place is far. */
    private static MultiDataSet points() {
        Nd4j.getRandom().setSeed(1);
        INDArray place = Nd4j.randn(POINTS, 1);
        INDArray time = Nd4j.randn(POINTS, 1);
        INDArray distance = time.sub(place);
        INDArray late = distance.gt(0).castTo(DataType.FLOAT);
        INDArray[] outputs = {Nd4j.hstack(late.rsub(1), late), distance};
        return new MultiDataSet(new INDArray[] {place, time}, outputs);
    }
}
