package org.learningdynamics.listener;

import java.util.List;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.junit.jupiter.api.Nested;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The contract on DL4J's networks. */
class NetworkContractTest {
    private static final DataType TYPE = DataType.DOUBLE;
    private static final int CLASSES = 3;

    private static NeuralNetConfiguration.Builder settings() {
        return new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(TYPE)
                .activation(Activation.TANH)
                .l2(1e-3)
                .updater(new Adam(0.02));
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static List<DataSet> batches(long... shape) {
        return List.of(
                RandomArrays.classes(1, TYPE, 5, CLASSES, shape),
                RandomArrays.classes(2, TYPE, 5, CLASSES, shape),
                RandomArrays.classes(3, TYPE, 5, CLASSES, shape));
    }

    private static DataSet watched(long... shape) {
        return RandomArrays.classes(9, TYPE, 6, CLASSES, shape);
    }

    /** Probabilities of the expected values are rounded, logits are not. */
    abstract static class Contract extends ListenerContractTest {
        @Override
        protected double tolerance() {
            return 1e-12;
        }
    }

    @Nested
    class Perceptron extends Contract {
        @Override
        protected Training newTraining() {
            MultiLayerConfiguration configuration =
                    settings()
                            .constrainWeights(new MaxNormConstraint(0.5, 1))
                            .list()
                            .layer(new DenseLayer.Builder().nOut(7).build())
                            .layer(output())
                            .setInputType(InputType.feedForward(4))
                            .build();
            return new NetworkTraining(configuration, batches(4), watched(4), 1);
        }
    }

    @Nested
    class DropoutAndBatchNormalization extends Contract {
        @Override
        protected Training newTraining() {
            MultiLayerConfiguration configuration =
                    settings()
                            .list()
                            .layer(new DenseLayer.Builder().nOut(9).build())
                            .layer(new BatchNormalization())
                            .layer(new DenseLayer.Builder().nOut(7).dropOut(0.6).build())
                            .layer(output())
                            .setInputType(InputType.feedForward(4))
                            .build();
            return new NetworkTraining(configuration, batches(4), watched(4), 1);
        }
    }

    @Nested
    class LeNet extends Contract {
        private static final long SIDE = 12;

        @Override
        protected Training newTraining() {
            MultiLayerConfiguration configuration =
                    settings()
                            .list()
                            .layer(convolution(4))
                            .layer(pooling())
                            .layer(convolution(6))
                            .layer(pooling())
                            .layer(new DenseLayer.Builder().nOut(10).build())
                            .layer(output())
                            .setInputType(InputType.convolutional(SIDE, SIDE, 1))
                            .build();
            return new NetworkTraining(
                    configuration, batches(1, SIDE, SIDE), watched(1, SIDE, SIDE), 1);
        }

        private static ConvolutionLayer convolution(int maps) {
            return new ConvolutionLayer.Builder(5, 5).padding(2, 2).nOut(maps).build();
        }

        private static SubsamplingLayer pooling() {
            return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.AVG)
                    .kernelSize(2, 2)
                    .stride(2, 2)
                    .build();
        }
    }

    /** Sequences with masks, in segments of truncated backpropagation through time. */
    @Nested
    class MaskedSequencesInSegments extends Contract {
        private static final int LENGTH = 6;
        private static final int SEGMENT = 3;

        @Override
        protected Training newTraining() {
            MultiLayerConfiguration configuration =
                    settings()
                            .list()
                            .layer(new LSTM.Builder().nOut(5).build())
                            .layer(
                                    new RnnOutputLayer.Builder(LossFunction.MCXENT)
                                            .nOut(CLASSES)
                                            .activation(Activation.SOFTMAX)
                                            .build())
                            .backpropType(BackpropType.TruncatedBPTT)
                            .tBPTTLength(SEGMENT)
                            .setInputType(InputType.recurrent(4))
                            .build();
            List<DataSet> batches = List.of(sequences(1, 5), sequences(2, 5));
            return new NetworkTraining(configuration, batches, sequences(9, 5), LENGTH / SEGMENT);
        }

        private static DataSet sequences(long seed, int rows) {
            return RandomArrays.sequences(seed, TYPE, rows, CLASSES, 4, LENGTH);
        }
    }

    @Nested
    class Graph extends Contract {
        @Override
        protected Training newTraining() {
            ComputationGraphConfiguration configuration =
                    settings()
                            .graphBuilder()
                            .addInputs("in")
                            .setInputTypes(InputType.feedForward(4))
                            .addLayer("a", new DenseLayer.Builder().nOut(6).build(), "in")
                            .addLayer(
                                    "b",
                                    new DenseLayer.Builder().nOut(6).dropOut(0.7).build(),
                                    "in")
                            .addVertex(
                                    "sum",
                                    new ElementWiseVertex(ElementWiseVertex.Op.Add),
                                    "a",
                                    "b")
                            .addLayer("norm", new BatchNormalization(), "sum")
                            .addLayer("out", output(), "norm")
                            .setOutputs("out")
                            .build();
            return new GraphTraining(
                    configuration,
                    batches(4).stream().map(DataSet::toMultiDataSet).toList(),
                    watched(4).toMultiDataSet(),
                    1);
        }
    }
}
