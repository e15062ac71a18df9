package org.learningdynamics.loss.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.SftLoss;
import org.learningdynamics.loss.SftSumLoss;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** The loss functions in DL4J's own layers, with one-hot labels. */
class OneHotLossFunctionTest {
    private final ResponseTask task = new ResponseTask(21);

    private static Stream<Activation> activations() {
        return Stream.of(Activation.SOFTMAX, Activation.IDENTITY);
    }

    private DataSet oneHot(RNNFormat format) {
        INDArray labels =
                Nd4j.zeros(
                        DataType.DOUBLE,
                        ResponseTask.ROWS,
                        ResponseTask.CLASSES,
                        ResponseTask.LENGTH);
        for (int row = 0; row < ResponseTask.ROWS; row++) {
            for (int t = 0; t < ResponseTask.LENGTH; t++) {
                labels.putScalar(row, Math.max(0, task.labels[row][t]), t, 1);
            }
        }
        DataSet made = task.ofFeatures(format);
        boolean last = format == RNNFormat.NWC;
        made.setLabels(last ? labels.permute(0, 2, 1).dup('c') : labels);
        return made;
    }

    private static RnnOutputLayer layer(
            ILossFunction loss, Activation activation, RNNFormat format) {
        return new RnnOutputLayer.Builder(loss)
                .nIn(ResponseTask.FEATURES)
                .nOut(ResponseTask.CLASSES)
                .activation(activation)
                .dataFormat(format)
                .build();
    }

    @ParameterizedTest
    @MethodSource("activations")
    void oneUpdateOfTheSumEqualsSameDiffs(Activation activation) {
        for (RNNFormat format : RNNFormat.values()) {
            assertUpdate(
                    new SftSumLoss(),
                    ResponseTask.network(
                            ResponseTask.sgd(),
                            layer(new SftSumLossFunction(), activation, format)),
                    format);
        }
    }

    @ParameterizedTest
    @MethodSource("activations")
    void oneUpdateOfTheTokenMeanEqualsSameDiffs(Activation activation) {
        for (RNNFormat format : RNNFormat.values()) {
            NeuralNetConfiguration.Builder undivided = ResponseTask.sgd().miniBatch(false);
            assertUpdate(
                    new SftLoss(),
                    ResponseTask.network(
                            undivided, layer(new SftLossFunction(), activation, format)),
                    format);
        }
    }

    private void assertUpdate(Loss loss, MultiLayerNetwork network, RNNFormat format) {
        ResponseTask.Head sameDiff = task.new Head(loss, network, 0);
        double expected = sameDiff.loss();
        DataSet batch = oneHot(format);
        assertEquals(expected, network.score(batch, false), 1e-10 * expected);
        sameDiff.fit();
        network.fit(batch);
        assertEquals(expected, network.score(), 1e-10 * expected);
        for (String parameter : Set.of("W", "b")) {
            INDArray theirs = sameDiff.parameter(parameter);
            INDArray ours = network.getParam("0_" + parameter);
            assertEquals(0, theirs.sub(ours).amaxNumber().doubleValue(), 1e-10, parameter);
        }
    }

    @Test
    void theLayerWithoutWeightsMovesTheSame() {
        SimpleRnn below =
                new SimpleRnn.Builder()
                        .nIn(ResponseTask.FEATURES)
                        .nOut(ResponseTask.CLASSES)
                        .activation(Activation.IDENTITY)
                        .build();
        MultiLayerNetwork plain =
                new MultiLayerNetwork(
                        ResponseTask.sgd()
                                .dataType(DataType.DOUBLE)
                                .list()
                                .layer(below)
                                .layer(
                                        new RnnLossLayer.Builder(new SftSumLossFunction())
                                                .activation(Activation.SOFTMAX)
                                                .build())
                                .build());
        plain.init();
        plain.getParam("0_RW").assign(0);
        assertUpdate(new SftSumLoss(), plain, RNNFormat.NCW);
    }

    @Test
    void classifiersOfRankTwoAreTheSameLossPerExample() {
        for (ILossFunction loss : new ILossFunction[] {new SftSumLossFunction()}) {
            assertEqualsCrossEntropy(loss, ResponseTask.sgd());
        }
        INDArray mean = assertEqualsCrossEntropy(new SftLossFunction(), undivided());
        INDArray sum = assertEqualsCrossEntropy(new SftSumLossFunction(), ResponseTask.sgd());
        assertEquals(0, mean.sub(sum).amaxNumber().doubleValue(), 1e-12);
    }

    private static NeuralNetConfiguration.Builder undivided() {
        return ResponseTask.sgd().miniBatch(false);
    }

    /** With one position a row both losses are the mean cross-entropy. */
    private static INDArray assertEqualsCrossEntropy(
            ILossFunction loss, NeuralNetConfiguration.Builder settings) {
        MultiLayerNetwork network =
                ResponseTask.network(
                        settings,
                        new OutputLayer.Builder(loss)
                                .nIn(3)
                                .nOut(4)
                                .activation(Activation.SOFTMAX)
                                .build());
        INDArray x = ResponseTask.gaussian(new Random(1), 1, 5, 3);
        INDArray y = Nd4j.eye(4).castTo(DataType.DOUBLE).getRows(0, 1, 3, 2, 1);
        INDArray probabilities = network.output(x);
        double expected = 0;
        for (int row = 0; row < 5; row++) {
            expected -=
                    Math.log(probabilities.getRow(row).mul(y.getRow(row)).sumNumber().doubleValue())
                            / 5;
        }
        INDArray start = network.getParam("0_W").dup();
        network.fit(new DataSet(x, y));
        assertEquals(expected, network.score(), 1e-12);
        INDArray step = x.transpose().mmul(probabilities.sub(y)).muli(ResponseTask.RATE / 5);
        assertEquals(
                0, start.sub(step).sub(network.getParam("0_W")).amaxNumber().doubleValue(), 1e-12);
        return network.params();
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE"})
    void isFiniteForLogitsOfAnySpread(DataType type) {
        INDArray logits = Nd4j.createFromArray(new double[][] {{1e4, -1e4, 0}, {-1e4, 1e4, 1e4}});
        INDArray labels = Nd4j.createFromArray(new double[][] {{0, 1, 0}, {0, 0, 1}});
        SftSumLossFunction loss = new SftSumLossFunction();
        INDArray z = logits.castTo(type);
        double score =
                loss.computeScore(labels.castTo(type), z, new ActivationSoftmax(), null, false);
        assertEquals(2e4 + Math.log(2), score, type == DataType.FLOAT ? 1e-2 : 1e-9);
        INDArray gradient =
                loss.computeGradient(labels.castTo(type), z, new ActivationSoftmax(), null);
        double[][] expected = {{1, -1, 0}, {0, .5, -.5}};
        assertEquals(
                0,
                gradient.sub(Nd4j.createFromArray(expected).castTo(type))
                        .amaxNumber()
                        .doubleValue(),
                1e-6);
    }

    @Test
    void rowsOfZerosAndMaskedRowsDoNotCount() {
        INDArray logits = ResponseTask.gaussian(new Random(2), 2, 4, 3);
        INDArray labels =
                Nd4j.createFromArray(new double[][] {{0, 1, 0}, {0, 0, 0}, {1, 0, 0}, {0, 0, 1}});
        INDArray mask = Nd4j.createFromArray(1.0, 1, 0, 1).reshape(4, 1);
        SftLossFunction mean = new SftLossFunction();
        INDArray kept = logits.getRows(0, 3);
        INDArray keptLabels = labels.getRows(0, 3);
        ActivationSoftmax softmax = new ActivationSoftmax();
        assertEquals(
                mean.computeScore(keptLabels, kept, softmax, null, false),
                mean.computeScore(labels, logits, softmax, mask, false),
                1e-12);
        INDArray gradient = mean.computeGradient(labels, logits, softmax, mask);
        assertEquals(0, gradient.getRows(1, 2).amaxNumber().doubleValue());
        INDArray expected = mean.computeGradient(keptLabels, kept, softmax, null);
        assertEquals(0, gradient.getRows(0, 3).sub(expected).amaxNumber().doubleValue(), 1e-12);
        assertEquals(
                mean.computeScore(labels, logits, softmax, mask, false),
                mean.computeScoreArray(labels, logits, softmax, mask).sumNumber().doubleValue(),
                1e-12);
        INDArray none = Nd4j.zeros(DataType.DOUBLE, 4, 1);
        assertEquals(0, mean.computeScore(labels, logits, softmax, none, false));
    }

    @Test
    void refusesWhatIsNoClassification() {
        INDArray logits = Nd4j.zeros(DataType.DOUBLE, 2, 3);
        INDArray labels = Nd4j.createFromArray(new double[][] {{0, 1, 0}, {0, 2, 0}});
        SftSumLossFunction loss = new SftSumLossFunction();
        ActivationSoftmax softmax = new ActivationSoftmax();
        assertRefused(
                "labels must sum to 1, or to 0 where nothing counts, got 2.0 in row 1",
                () -> loss.computeScore(labels, logits, softmax, null, false));
        assertRefused(
                "activation must be softmax or identity, got tanh",
                () -> loss.computeScore(labels, logits, new ActivationTanH(), null, false));
        assertRefused(
                "labels must have the shape of the logits [2, 3], got [1, 3]",
                () -> loss.computeScore(labels.getRows(0), logits, softmax, null, false));
        INDArray oneHot = Nd4j.createFromArray(new double[][] {{0, 1, 0}, {0, 1, 0}});
        assertRefused(
                "mask must have one value per row (2), got 6",
                () -> loss.computeScore(oneHot, logits, softmax, logits, false));
    }

    private static void assertRefused(
            String message, org.junit.jupiter.api.function.Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
        assertTrue(message.contains("got"));
    }
}
