package org.learningdynamics.it.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.learningdynamics.listener.ClassProbes;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** Small networks, and data that two workers share evenly. */
final class AveragedNetworks {
    static final int WORKERS = 2;
    static final int BATCH = 4;
    static final int FREQUENCY = 3;
    static final int ROUNDS = 2;

    static final int[] PROBE_LABELS = {0, 1, 2, 0, 1};

    private static final int FEATURES = 4;
    private static final int CLASSES = 3;

    private AveragedNetworks() {}

    static ParameterAveragingTrainingMaster master() {
        return new ParameterAveragingTrainingMaster.Builder(WORKERS, 1)
                .batchSizePerWorker(BATCH)
                .averagingFrequency(FREQUENCY)
                .rngSeed(7)
                .rddTrainingApproach(RDDTrainingApproach.Direct)
                .build();
    }

    /** One example an element, as many as all rounds of a pass need. */
    static List<DataSet> data() {
        List<DataSet> examples = new ArrayList<>();
        Random random = new Random(3);
        for (int i = 0; i < WORKERS * BATCH * FREQUENCY * ROUNDS; i++) {
            double[] x = random.doubles(FEATURES, -1, 1).toArray();
            double[] y = new double[CLASSES];
            y[x[0] > 0 ? 0 : x[1] > 0 ? 1 : 2] = 1;
            examples.add(
                    new DataSet(
                            Nd4j.createFromArray(new double[][] {x}),
                            Nd4j.createFromArray(new double[][] {y})));
        }
        return examples;
    }

    static ClassProbes probes() {
        return ClassProbes.builder(probeFeatures()).labels(PROBE_LABELS).batchSize(2).build();
    }

    static INDArray probeFeatures() {
        Random random = new Random(4);
        double[][] x = new double[PROBE_LABELS.length][];
        Arrays.setAll(x, i -> random.doubles(FEATURES, -1, 1).toArray());
        return Nd4j.createFromArray(x);
    }

    static MultiLayerNetwork network() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(settings().list().layer(hidden()).layer(output()).build());
        network.init();
        return network;
    }

    static ComputationGraph graph() {
        ComputationGraph graph =
                new ComputationGraph(
                        settings()
                                .graphBuilder()
                                .addInputs("in")
                                .addLayer("hidden", hidden(), "in")
                                .addLayer("out", output(), "hidden")
                                .setOutputs("out")
                                .build());
        graph.init();
        return graph;
    }

    private static NeuralNetConfiguration.Builder settings() {
        return new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(DataType.DOUBLE)
                .updater(new Adam(0.05));
    }

    private static DenseLayer hidden() {
        return new DenseLayer.Builder().nIn(FEATURES).nOut(6).activation(Activation.TANH).build();
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder()
                .nIn(6)
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build();
    }

    /** Logarithms of the probabilities that another network with these parameters gives. */
    static double[] logProbs(Model network, INDArray parameters) {
        network.setParams(parameters.dup());
        INDArray x = probeFeatures();
        INDArray p =
                network instanceof ComputationGraph graph
                        ? graph.outputSingle(x)
                        : ((MultiLayerNetwork) network).output(x);
        return IntStream.range(0, PROBE_LABELS.length)
                .mapToDouble(i -> Math.log(p.getDouble(i, PROBE_LABELS[i])))
                .toArray();
    }
}
