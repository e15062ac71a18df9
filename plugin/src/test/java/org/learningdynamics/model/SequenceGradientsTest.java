package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.util.MaskZeroLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class SequenceGradientsTest {
    private static final int ROWS = 4;
    private static final int INPUTS = 3;
    private static final int LENGTH = 6;
    private static final int CLASSES = 5;
    private static final int[] LENGTHS = {6, 3, 5, 2};

    @ParameterizedTest
    @EnumSource(names = {"DOUBLE", "FLOAT"})
    void longShortTermMemoryWithMasks(DataType type) {
        for (Activation gate : List.of(Activation.SIGMOID, Activation.HARDSIGMOID)) {
            LSTM first = new LSTM.Builder().nOut(6).gateActivationFunction(gate).build();
            LSTM second = new LSTM.Builder().nOut(4).activation(Activation.SOFTSIGN).build();
            checkPositions(type, RNNFormat.NCW, first, second, output(RNNFormat.NCW));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DOUBLE", "FLOAT"})
    void simpleRecurrentLayersWithDenseOnesBetween(DataType type) {
        checkPositions(
                type,
                RNNFormat.NCW,
                new DenseLayer.Builder().nOut(4).activation(Activation.TANH).build(),
                new SimpleRnn.Builder().nOut(6).build(),
                new DenseLayer.Builder().nOut(4).activation(Activation.TANH).build(),
                output(RNNFormat.NCW));
    }

    @Test
    void channelsLast() {
        checkPositions(
                DataType.DOUBLE,
                RNNFormat.NWC,
                new SimpleRnn.Builder().nOut(6).dataFormat(RNNFormat.NWC).build(),
                output(RNNFormat.NWC));
    }

    @Test
    void lossOnPositionsWithoutWeights() {
        checkPositions(
                DataType.DOUBLE,
                RNNFormat.NCW,
                new LSTM.Builder().nOut(CLASSES).activation(Activation.IDENTITY).build(),
                new RnnLossLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .build());
    }

    @Test
    void bothDirectionsRowByRow() {
        MultiLayerNetwork network =
                checkPositions(
                        DataType.DOUBLE,
                        RNNFormat.NCW,
                        new Bidirectional(new LSTM.Builder().nOut(3).build()),
                        output(RNNFormat.NCW));
        try (NetworkGradients view = NetworkGradients.of(network)) {
            view.load(network.paramTable());
            assertEquals(1, view.fallbacks().size());
        }
    }

    @Test
    void aRowAloneHasTheGradientItHasAmongOthers() {
        LSTM lstm = new LSTM.Builder().nOut(6).build();
        MultiLayerNetwork network =
                network(DataType.DOUBLE, RNNFormat.NCW, lstm, output(RNNFormat.NCW));
        INDArray x = RowGradientCheck.gaussian(3, DataType.DOUBLE, ROWS, INPUTS, LENGTH);
        int[][] labels = labels();
        try (NetworkGradients view = NetworkGradients.of(network)) {
            view.load(network.paramTable());
            try (RowPass all = view.observe(ModelInput.of(x), labels);
                    RowPass one =
                            view.observe(
                                    ModelInput.of(x.slice(2).dup().reshape(1, INPUTS, LENGTH)),
                                    new int[][] {labels[2]})) {
                Map<String, INDArray> many = RowGradientCheck.explicit(all.gradients());
                RowGradientCheck.explicit(one.gradients())
                        .forEach(
                                (name, alone) ->
                                        assertTrue(
                                                alone.slice(0)
                                                        .equalsWithEps(
                                                                many.get(name).slice(2), 1e-12),
                                                name));
            }
        }
    }

    private static MultiLayerNetwork checkPositions(
            DataType type, RNNFormat format, Layer... layers) {
        MultiLayerNetwork network = network(type, format, layers);
        int[][] labels = labels();
        INDArray x = RowGradientCheck.gaussian(3, type, ROWS, INPUTS, LENGTH);
        INDArray mask = Nd4j.create(type, ROWS, LENGTH);
        INDArray hot = Nd4j.create(type, ROWS, CLASSES, LENGTH);
        INDArray labelMask = Nd4j.create(type, ROWS, LENGTH);
        for (int row = 0; row < ROWS; row++) {
            for (int t = 0; t < LENGTHS[row]; t++) {
                mask.putScalar(row, t, 1);
                if (labels[row][t] >= 0) {
                    hot.putScalar(new int[] {row, labels[row][t], t}, 1);
                    labelMask.putScalar(row, t, 1);
                }
            }
        }
        LearntBatch batch =
                new LearntBatch(
                        List.of(ordered(x, format)),
                        List.of(ordered(hot, format)),
                        List.of(Optional.of(mask)),
                        List.of(Optional.of(labelMask)));
        try (NetworkGradients view = NetworkGradients.of(network)) {
            RowGradientCheck.assertObserved(view, network, batch, labels, type);
            RowGradientCheck.assertLearnt(view, network, batch, type);
        }
        return network;
    }

    private static INDArray ordered(INDArray sequences, RNNFormat format) {
        return format == RNNFormat.NWC ? sequences.permute(0, 2, 1).dup('c') : sequences;
    }

    private static int[][] labels() {
        Random random = new Random(11);
        int[][] labels = new int[ROWS][LENGTH];
        for (int row = 0; row < ROWS; row++) {
            for (int t = 0; t < LENGTH; t++) {
                labels[row][t] = t == 0 || t >= LENGTHS[row] ? -1 : random.nextInt(CLASSES);
            }
        }
        return labels;
    }

    @ParameterizedTest
    @EnumSource(names = {"DOUBLE", "FLOAT"})
    void embeddedTokensThenMemory(DataType type) {
        for (boolean bias : new boolean[] {false, true}) {
            EmbeddingSequenceLayer embedding =
                    new EmbeddingSequenceLayer.Builder()
                            .nIn(7)
                            .nOut(4)
                            .hasBias(bias)
                            .inputLength(LENGTH)
                            .activation(Activation.TANH)
                            .build();
            checkClasses(
                    type,
                    tokens(type, 7, ROWS, LENGTH),
                    InputType.recurrent(7, LENGTH),
                    embedding,
                    new LSTM.Builder().nOut(6).build(),
                    new GlobalPoolingLayer(PoolingType.AVG),
                    softmax());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DOUBLE", "FLOAT"})
    void embeddedClasses(DataType type) {
        EmbeddingLayer embedding =
                new EmbeddingLayer.Builder().nIn(7).nOut(4).hasBias(true).build();
        checkClasses(
                type, tokens(type, 7, ROWS, 1), InputType.feedForward(7), embedding, softmax());
    }

    @ParameterizedTest
    @EnumSource(names = {"DOUBLE", "FLOAT"})
    void theLastStepOfASequence(DataType type) {
        checkClasses(
                type,
                RowGradientCheck.gaussian(3, type, ROWS, INPUTS, LENGTH),
                InputType.recurrent(INPUTS, LENGTH),
                new LastTimeStep(new SimpleRnn.Builder().nOut(6).build()),
                softmax());
    }

    @Test
    void layersAroundLayersRowByRow() {
        checkClasses(
                DataType.DOUBLE,
                RowGradientCheck.gaussian(3, DataType.DOUBLE, ROWS, INPUTS, LENGTH),
                InputType.recurrent(INPUTS, LENGTH),
                new MaskZeroLayer(new SimpleRnn.Builder().nIn(INPUTS).nOut(6).build(), 0),
                new GlobalPoolingLayer(PoolingType.MAX),
                softmax());
    }

    @ParameterizedTest
    @EnumSource(names = {"DOUBLE", "FLOAT"})
    void convolutionsOfSequences(DataType type) {
        for (ConvolutionMode mode :
                List.of(ConvolutionMode.Same, ConvolutionMode.Truncate, ConvolutionMode.Causal)) {
            Convolution1DLayer wide =
                    new Convolution1DLayer.Builder()
                            .kernelSize(3)
                            .dilation(2)
                            .nOut(4)
                            .convolutionMode(mode)
                            .activation(Activation.TANH)
                            .build();
            Convolution1DLayer strided =
                    new Convolution1DLayer.Builder()
                            .kernelSize(2)
                            .stride(2)
                            .nOut(5)
                            .hasBias(false)
                            .convolutionMode(mode)
                            .activation(Activation.SIGMOID)
                            .build();
            checkClasses(
                    type,
                    RowGradientCheck.gaussian(3, type, ROWS, INPUTS, 9),
                    InputType.recurrent(INPUTS, 9),
                    wide,
                    strided,
                    new GlobalPoolingLayer(PoolingType.AVG),
                    softmax());
        }
    }

    private static INDArray tokens(DataType type, int count, int rows, int length) {
        Random random = new Random(5);
        INDArray tokens = Nd4j.create(type, rows, length);
        for (int i = 0; i < rows * length; i++) {
            tokens.putScalar(i / length, i % length, random.nextInt(count));
        }
        return tokens;
    }

    static void checkClasses(DataType type, INDArray x, InputType input, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = settings(type);
        for (Layer layer : layers) {
            list.layer(layer);
        }
        MultiLayerNetwork network = new MultiLayerNetwork(list.setInputType(input).build());
        network.init();
        int[][] labels = RowGradientCheck.classes(2, (int) x.size(0), CLASSES);
        LearntBatch batch = LearntBatch.of(x, RowGradientCheck.oneHot(labels, CLASSES, type));
        try (NetworkGradients view = NetworkGradients.of(network)) {
            RowGradientCheck.assertObserved(view, network, batch, labels, type);
            RowGradientCheck.assertLearnt(view, network, batch, type);
        }
    }

    private static MultiLayerNetwork network(DataType type, RNNFormat format, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = settings(type);
        for (Layer layer : layers) {
            list.layer(layer);
        }
        InputType input = InputType.recurrent(INPUTS, LENGTH, format);
        MultiLayerNetwork network = new MultiLayerNetwork(list.setInputType(input).build());
        network.init();
        return network;
    }

    private static NeuralNetConfiguration.ListBuilder settings(DataType type) {
        return new NeuralNetConfiguration.Builder()
                .seed(7)
                .dataType(type)
                .weightInit(WeightInit.XAVIER)
                .biasInit(0.1)
                .list();
    }

    private static RnnOutputLayer output(RNNFormat format) {
        return new RnnOutputLayer.Builder(LossFunction.MCXENT)
                .nOut(CLASSES)
                .dataFormat(format)
                .activation(Activation.SOFTMAX)
                .build();
    }

    static OutputLayer softmax() {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build();
    }
}
