package org.learningdynamics.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.junit.jupiter.api.Nested;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The contract on the kinds of layers and graphs that people train. */
class HostVarietyContractTest {
    private static final DataType TYPE = DataType.DOUBLE;
    private static final int CLASSES = 3;
    private static final int LENGTH = 6;
    private static final int WORDS = 8;

    private static NeuralNetConfiguration.Builder settings() {
        return new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(TYPE)
                .activation(Activation.TANH)
                .updater(new Nesterovs(0.02, 0.9));
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static OutputLayer output(int inputs) {
        OutputLayer layer = output();
        layer.setNIn(inputs);
        return layer;
    }

    private static RnnOutputLayer sequenceOutput() {
        return new RnnOutputLayer.Builder(LossFunction.MCXENT)
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static List<DataSet> batches(long... shape) {
        return List.of(
                RandomArrays.classes(1, TYPE, 5, CLASSES, shape),
                RandomArrays.classes(2, TYPE, 5, CLASSES, shape));
    }

    private static DataSet watched(long... shape) {
        return RandomArrays.classes(9, TYPE, 6, CLASSES, shape);
    }

    private static DataSet sequences(long seed) {
        return RandomArrays.sequences(seed, TYPE, 5, CLASSES, 4, LENGTH);
    }

    /** Word ids with a class for each row. */
    private static DataSet words(long seed, int rows, long... shape) {
        Random random = new Random(seed);
        long[] full = new long[shape.length + 1];
        full[0] = rows;
        System.arraycopy(shape, 0, full, 1, shape.length);
        INDArray ids = Nd4j.zeros(TYPE, full);
        for (long i = 0; i < ids.length(); i++) {
            ids.putScalar(i, random.nextInt(WORDS));
        }
        return new DataSet(ids, RandomArrays.oneHot(seed + 1000, TYPE, rows, CLASSES));
    }

    private static List<MultiDataSet> multi(List<DataSet> batches) {
        return batches.stream().map(DataSet::toMultiDataSet).toList();
    }

    /** Probabilities of the expected values are rounded, logits are not. */
    abstract static class Contract extends ListenerContractTest {
        @Override
        protected double tolerance() {
            return 1e-12;
        }
    }

    @Nested
    class MaskedSequences extends Contract {
        @Override
        protected Training newTraining() {
            var configuration =
                    settings()
                            .list()
                            .layer(new Bidirectional(new LSTM.Builder().nOut(4).build()))
                            .layer(new SimpleRnn.Builder().nOut(5).build())
                            .layer(sequenceOutput())
                            .setInputType(InputType.recurrent(4))
                            .build();
            return new NetworkTraining(
                    configuration, List.of(sequences(1), sequences(2)), sequences(9), 1);
        }
    }

    @Nested
    class ConvolutionsOverSequences extends Contract {
        @Override
        protected Training newTraining() {
            var configuration =
                    settings()
                            .updater(new RmsProp(0.01))
                            .list()
                            .layer(
                                    new Convolution1DLayer.Builder(3)
                                            .convolutionMode(ConvolutionMode.Same)
                                            .nOut(6)
                                            .build())
                            .layer(new GlobalPoolingLayer(PoolingType.MAX))
                            .layer(output())
                            .setInputType(InputType.recurrent(4, LENGTH))
                            .build();
            return new NetworkTraining(configuration, batches(4, LENGTH), watched(4, LENGTH), 1);
        }
    }

    @Nested
    class Embeddings extends Contract {
        @Override
        protected Training newTraining() {
            var configuration =
                    settings()
                            .list()
                            .layer(new EmbeddingLayer.Builder().nIn(WORDS).nOut(5).build())
                            .layer(new DenseLayer.Builder().nIn(5).nOut(5).build())
                            .layer(
                                    new CenterLossOutputLayer.Builder(LossFunction.MCXENT)
                                            .nIn(5)
                                            .nOut(CLASSES)
                                            .activation(Activation.SOFTMAX)
                                            .build())
                            .build();
            return new NetworkTraining(
                    configuration, List.of(words(1, 5, 1), words(2, 5, 1)), words(9, 6, 1), 1) {
                @Override
                public Probes brokenProbes() {
                    return unknownWords(1);
                }
            };
        }
    }

    /** The id of no word. */
    private static Probes unknownWords(long... shape) {
        long[] full = new long[shape.length + 1];
        full[0] = 2;
        System.arraycopy(shape, 0, full, 1, shape.length);
        return ClassProbes.builder(Nd4j.valueArrayOf(full, WORDS + 90.0, TYPE))
                .labels(0, 1)
                .build();
    }

    @Nested
    class FrozenLayers extends Contract {
        @Override
        protected Training newTraining() {
            var configuration =
                    settings()
                            .list()
                            .layer(new FrozenLayer(new DenseLayer.Builder().nIn(4).nOut(6).build()))
                            .layer(new DenseLayer.Builder().nOut(5).dropOut(0.8).build())
                            .layer(
                                    new DenseLayer.Builder()
                                            .nOut(CLASSES)
                                            .activation(Activation.IDENTITY)
                                            .build())
                            .layer(
                                    new LossLayer.Builder(LossFunction.MCXENT)
                                            .activation(Activation.SOFTMAX)
                                            .build())
                            .setInputType(InputType.feedForward(4))
                            .build();
            return new NetworkTraining(configuration, batches(4), watched(4), 1);
        }
    }

    @Nested
    class GraphWithImageAndTable extends Contract {
        private static final int SIDE = 8;

        @Override
        protected Training newTraining() {
            ComputationGraphConfiguration configuration =
                    settings()
                            .graphBuilder()
                            .addInputs("image", "table")
                            .setInputTypes(
                                    InputType.convolutional(SIDE, SIDE, 1),
                                    InputType.feedForward(4))
                            .addLayer(
                                    "conv",
                                    new ConvolutionLayer.Builder(3, 3).nOut(3).build(),
                                    "image")
                            .addLayer("norm", new BatchNormalization(), "conv")
                            .addLayer("seen", new DenseLayer.Builder().nOut(5).build(), "norm")
                            .addLayer("read", new DenseLayer.Builder().nOut(5).build(), "table")
                            .addVertex("both", new MergeVertex(), "seen", "read")
                            .addLayer("out", output(), "both")
                            .setOutputs("out")
                            .build();
            return new GraphTraining(configuration, List.of(pair(1, 5), pair(2, 5)), pair(9, 6), 1);
        }

        private static MultiDataSet pair(long seed, int rows) {
            DataSet image = RandomArrays.classes(seed, TYPE, rows, CLASSES, 1, SIDE, SIDE);
            INDArray table = RandomArrays.gaussian(seed + 50, TYPE, rows, 4);
            return new org.nd4j.linalg.dataset.MultiDataSet(
                    new INDArray[] {image.getFeatures(), table},
                    new INDArray[] {image.getLabels()});
        }
    }

    @Nested
    class GraphOfMaskedSequencesInSegments extends Contract {
        private static final int SEGMENT = 3;

        @Override
        protected Training newTraining() {
            ComputationGraphConfiguration configuration =
                    settings()
                            .graphBuilder()
                            .addInputs("in")
                            .setInputTypes(InputType.recurrent(4))
                            .addLayer("lstm", new LSTM.Builder().nOut(5).build(), "in")
                            .addLayer("out", sequenceOutput(), "lstm")
                            .setOutputs("out")
                            .backpropType(BackpropType.TruncatedBPTT)
                            .tBPTTLength(SEGMENT)
                            .build();
            return new GraphTraining(
                    configuration,
                    multi(List.of(sequences(1), sequences(2))),
                    sequences(9).toMultiDataSet(),
                    LENGTH / SEGMENT);
        }
    }

    @Nested
    class GraphOfWords extends Contract {
        @Override
        protected Training newTraining() {
            ComputationGraphConfiguration configuration =
                    settings()
                            .graphBuilder()
                            .addInputs("words")
                            .addLayer(
                                    "embedding",
                                    new EmbeddingSequenceLayer.Builder().nIn(WORDS).nOut(4).build(),
                                    "words")
                            .addLayer(
                                    "lstm", new LSTM.Builder().nIn(4).nOut(5).build(), "embedding")
                            .addVertex("last", new LastTimeStepVertex("words"), "lstm")
                            .addLayer("out", output(5), "last")
                            .setOutputs("out")
                            .build();
            List<DataSet> batches = new ArrayList<>();
            for (long seed = 1; seed <= 2; seed++) {
                batches.add(words(seed, 5, 1, LENGTH));
            }
            return new GraphTraining(
                    configuration, multi(batches), words(9, 6, 1, LENGTH).toMultiDataSet(), 1) {
                @Override
                public Probes brokenProbes() {
                    return unknownWords(1, LENGTH);
                }
            };
        }
    }
}
