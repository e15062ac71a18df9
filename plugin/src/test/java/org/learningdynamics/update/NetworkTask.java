package org.learningdynamics.update;

import java.util.Arrays;
import java.util.Random;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small networks of both kinds, and batches for them. */
final class NetworkTask {
    static final int ROWS = 5;

    private NetworkTask() {}

    static NeuralNetConfiguration.Builder settings(DataType type, IUpdater updater) {
        return new NeuralNetConfiguration.Builder()
                .seed(11)
                .dataType(type)
                .activation(Activation.TANH)
                .updater(updater);
    }

    /** Dense, batch normalisation, output. */
    static MultiLayerNetwork network(NeuralNetConfiguration.Builder settings) {
        var network =
                new MultiLayerNetwork(
                        settings.list()
                                .layer(dense(3, 4))
                                .layer(new BatchNormalization.Builder().nIn(4).nOut(4).build())
                                .layer(output(4))
                                .build());
        network.init();
        return network;
    }

    /** Two dense layers side by side, of which the second has its own updaters; output. */
    static ComputationGraph graph(NeuralNetConfiguration.Builder settings) {
        ComputationGraphConfiguration configuration =
                settings.graphBuilder()
                        .addInputs("x")
                        .addLayer("left", dense(3, 4), "x")
                        .addLayer(
                                "right_hand",
                                new DenseLayer.Builder()
                                        .nIn(3)
                                        .nOut(2)
                                        .updater(new RmsProp(.03, .7, 1e-3))
                                        .biasUpdater(new NoOp())
                                        .build(),
                                "x")
                        .addLayer("out", output(6), "left", "right_hand")
                        .setOutputs("out")
                        .build();
        var graph = new ComputationGraph(configuration);
        graph.init();
        return graph;
    }

    /** A frozen layer, a convolution, whose weights are in another order, and an output. */
    static MultiLayerNetwork images(NeuralNetConfiguration.Builder settings) {
        var network =
                new MultiLayerNetwork(
                        settings.list()
                                .layer(new FrozenLayer(convolution(3, 2, 2)))
                                .layer(convolution(4, 2, 3))
                                .layer(output(4))
                                .setInputType(InputType.convolutional(4, 5, 2))
                                .build());
        network.init();
        return network;
    }

    /** A recurrent network. */
    static MultiLayerNetwork sequences(NeuralNetConfiguration.Builder settings) {
        var network =
                new MultiLayerNetwork(
                        settings.list()
                                .layer(new LSTM.Builder().nIn(3).nOut(4).build())
                                .layer(
                                        new RnnOutputLayer.Builder(LossFunction.MCXENT)
                                                .nIn(4)
                                                .nOut(2)
                                                .activation(Activation.SOFTMAX)
                                                .build())
                                .build());
        network.init();
        return network;
    }

    private static ConvolutionLayer convolution(int channels, int height, int width) {
        return new ConvolutionLayer.Builder(height, width).nOut(channels).build();
    }

    private static DenseLayer dense(int in, int out) {
        return new DenseLayer.Builder().nIn(in).nOut(out).build();
    }

    private static OutputLayer output(int in) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nIn(in)
                .nOut(2)
                .activation(Activation.SOFTMAX)
                .build();
    }

    /** Features of the given shape for each row, and a class. */
    static DataSet batch(DataType type, int seed, long... shape) {
        long[] full = new long[shape.length + 1];
        full[0] = ROWS;
        System.arraycopy(shape, 0, full, 1, shape.length);
        Random random = new Random(seed);
        INDArray labels = Nd4j.zeros(type, ROWS, 2);
        for (int i = 0; i < ROWS; i++) {
            labels.putScalar(i, random.nextInt(2), 1);
        }
        return new DataSet(gaussian(random, full).castTo(type), labels);
    }

    /** Sequences with a class at every position. */
    static DataSet sequenceBatch(DataType type, int seed, int length) {
        Random random = new Random(seed);
        INDArray labels = Nd4j.zeros(type, ROWS, 2, length);
        for (int i = 0; i < ROWS; i++) {
            for (int t = 0; t < length; t++) {
                labels.putScalar(i, random.nextInt(2), t, 1);
            }
        }
        return new DataSet(gaussian(random, ROWS, 3, length).castTo(type), labels);
    }

    private static INDArray gaussian(Random random, long... shape) {
        long count = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        double[] values = random.doubles(count, -2, 2).toArray();
        return Nd4j.create(values, shape, 'c');
    }

    /** Fits either kind. */
    static void fit(Model model, DataSet batch) {
        if (model instanceof ComputationGraph graph) {
            graph.fit(batch);
        } else {
            ((MultiLayerNetwork) model).fit(batch);
        }
    }

    /** A watch for either kind. */
    static NetworkUpdateWatch watch(Model model) {
        return model instanceof ComputationGraph graph
                ? NetworkUpdateWatch.of(graph)
                : NetworkUpdateWatch.of((MultiLayerNetwork) model);
    }
}
