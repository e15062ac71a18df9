package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class ImageGradientsTest {
    private static final int ROWS = 3;
    private static final int SIZE = 12;

    @ParameterizedTest
    @EnumSource(names = {"DOUBLE", "FLOAT"})
    void twoConvolutionsWithPooling(DataType type) {
        SequenceGradientsTest.checkClasses(
                type,
                RowGradientCheck.gaussian(1, type, ROWS, 2 * SIZE * SIZE),
                InputType.convolutionalFlat(SIZE, SIZE, 2),
                convolution(4, 3).build(),
                pooling(SubsamplingLayer.PoolingType.MAX),
                convolution(5, 2).hasBias(false).build(),
                pooling(SubsamplingLayer.PoolingType.AVG),
                new DenseLayer.Builder().nOut(6).activation(Activation.TANH).build(),
                SequenceGradientsTest.softmax());
    }

    @ParameterizedTest
    @EnumSource(names = {"DOUBLE", "FLOAT"})
    void stridesPaddingAndDilation(DataType type) {
        SequenceGradientsTest.checkClasses(
                type,
                RowGradientCheck.gaussian(1, type, ROWS, 2, SIZE, SIZE + 1),
                InputType.convolutional(SIZE, SIZE + 1, 2),
                convolution(3, 3).padding(1, 2).dilation(2, 1).build(),
                convolution(4, 3).stride(2, 3).convolutionMode(ConvolutionMode.Same).build(),
                convolution(4, 2).convolutionMode(ConvolutionMode.Truncate).stride(2, 2).build(),
                SequenceGradientsTest.softmax());
    }

    @Test
    void channelsLast() {
        SequenceGradientsTest.checkClasses(
                DataType.DOUBLE,
                RowGradientCheck.gaussian(1, DataType.DOUBLE, ROWS, SIZE, SIZE, 2),
                InputType.convolutional(SIZE, SIZE, 2, CNN2DFormat.NHWC),
                convolution(3, 3).dataFormat(CNN2DFormat.NHWC).build(),
                convolution(4, 3)
                        .dataFormat(CNN2DFormat.NHWC)
                        .convolutionMode(ConvolutionMode.Same)
                        .build(),
                SequenceGradientsTest.softmax());
    }

    @Test
    void depthwiseConvolutionsRowByRow() {
        SequenceGradientsTest.checkClasses(
                DataType.DOUBLE,
                RowGradientCheck.gaussian(1, DataType.DOUBLE, ROWS, 2, SIZE, SIZE),
                InputType.convolutional(SIZE, SIZE, 2),
                new DepthwiseConvolution2D.Builder(3, 3).nOut(2).depthMultiplier(1).build(),
                SequenceGradientsTest.softmax());
    }

    /** The host has no gradient in evaluation mode: finite differences of the log-likelihood. */
    @Test
    void batchNormalisationUsesRunningStatistics() {
        for (boolean images : new boolean[] {true, false}) {
            MultiLayerNetwork network = normalised(images);
            INDArray x =
                    images
                            ? RowGradientCheck.gaussian(1, DataType.DOUBLE, ROWS, 2, 4, 4)
                            : RowGradientCheck.gaussian(1, DataType.DOUBLE, ROWS, 4);
            for (int i = 0; i < 3; i++) {
                INDArray labels = RowGradientCheck.oneHot(classes(), 5, DataType.DOUBLE);
                network.fit(x.mul(1 + i), labels);
            }
            try (NetworkGradients view = NetworkGradients.of(network)) {
                view.load(network.paramTable());
                try (RowPass pass = view.observe(ModelInput.of(x), classes())) {
                    for (String name : List.of("0_W", "0_b", "1_gamma", "1_beta", "2_W")) {
                        assertSlope(network, x, pass, name);
                    }
                    assertTrue(
                            pass.gradients().parameters().stream()
                                    .noneMatch(g -> g.parameter().name().startsWith("1_mean")));
                }
            }
        }
    }

    private static void assertSlope(
            MultiLayerNetwork network, INDArray x, RowPass pass, String name) {
        INDArray parameter = network.getParam(name);
        INDArray direction = RowGradientCheck.gaussian(9, DataType.DOUBLE, parameter.shape());
        double step = 1e-5;
        double[] up = moved(network, parameter, direction.mul(step), x);
        double[] down = moved(network, parameter, direction.mul(-step), x);
        pass.gradients().parameters().stream()
                .filter(g -> g.parameter().name().equals(name))
                .forEach(
                        g -> {
                            double[] slopes =
                                    g.factors().get(0).along(g.parameter().matrix(direction));
                            for (int row = 0; row < ROWS; row++) {
                                double slope = (up[row] - down[row]) / (2 * step);
                                double error = Math.abs(slope - slopes[row]);
                                assertTrue(error < 1e-7 * (1 + Math.abs(slope)), name);
                            }
                        });
    }

    private static double[] moved(
            MultiLayerNetwork network, INDArray parameter, INDArray by, INDArray x) {
        INDArray before = parameter.dup();
        parameter.addi(by.reshape(parameter.shape()));
        INDArray output = network.output(x);
        parameter.assign(before);
        double[] logs = new double[ROWS];
        for (int row = 0; row < ROWS; row++) {
            logs[row] = Math.log(output.getDouble(row, classes()[row][0]));
        }
        return logs;
    }

    private static int[][] classes() {
        return RowGradientCheck.classes(2, ROWS, 5);
    }

    private static MultiLayerNetwork normalised(boolean images) {
        NeuralNetConfiguration.ListBuilder list =
                new NeuralNetConfiguration.Builder()
                        .seed(7)
                        .dataType(DataType.DOUBLE)
                        .weightInit(WeightInit.XAVIER)
                        .list();
        if (images) {
            list.layer(convolution(3, 2).build());
        } else {
            list.layer(new DenseLayer.Builder().nOut(6).activation(Activation.TANH).build());
        }
        list.layer(new BatchNormalization.Builder().useLogStd(images).build())
                .layer(SequenceGradientsTest.softmax())
                .setInputType(images ? InputType.convolutional(4, 4, 2) : InputType.feedForward(4));
        MultiLayerNetwork network = new MultiLayerNetwork(list.build());
        network.init();
        return network;
    }

    private static ConvolutionLayer.Builder convolution(int channels, int kernel) {
        return new ConvolutionLayer.Builder(kernel, kernel)
                .nOut(channels)
                .activation(Activation.TANH);
    }

    private static SubsamplingLayer pooling(SubsamplingLayer.PoolingType type) {
        return new SubsamplingLayer.Builder(type).kernelSize(2, 2).stride(2, 2).build();
    }
}
