package org.learningdynamics.loss.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.learningdynamics.loss.DpoLoss;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.Losses;
import org.learningdynamics.loss.SftLoss;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Score and step of the response layers are those of the losses' definitions. */
class ResponseLayerTest {
    private final ResponseTask task = new ResponseTask(11);

    private static Stream<String> names() {
        return ResponseTask.losses();
    }

    /** The gradients of dft and kto are not derivatives of their values: each has a constant. */
    private static Stream<String> derivatives() {
        return ResponseTask.losses().filter(name -> !name.contains("dft") && !name.contains("kto"));
    }

    private static Stream<RNNFormat> formats() {
        return Stream.of(RNNFormat.values());
    }

    private static ResponseOutputLayer head(Loss loss, RNNFormat format) {
        return ResponseOutputLayer.builder(loss)
                .nIn(ResponseTask.FEATURES)
                .nOut(ResponseTask.CLASSES)
                .dataFormat(format)
                .build();
    }

    @ParameterizedTest
    @MethodSource("names")
    void oneUpdateEqualsSameDiffs(String name) {
        Loss loss = Losses.byName(name);
        assertUpdateEqualsSameDiffs(loss, ResponseTask.sgd(), RNNFormat.NCW);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void oneUpdateEqualsSameDiffsWithoutTheHostsDivision(RNNFormat format) {
        assertUpdateEqualsSameDiffs(new DpoLoss(0.4), ResponseTask.sgd().miniBatch(false), format);
        assertUpdateEqualsSameDiffs(new SftLoss(), ResponseTask.sgd().miniBatch(false), format);
        assertUpdateEqualsSameDiffs(new SftLoss(), ResponseTask.sgd(), format);
    }

    private void assertUpdateEqualsSameDiffs(
            Loss loss, NeuralNetConfiguration.Builder settings, RNNFormat format) {
        MultiLayerNetwork network = ResponseTask.network(settings, head(loss, format));
        assertUpdateEqualsSameDiffs(network, task, loss, 0, format);
    }

    private static void assertUpdateEqualsSameDiffs(
            MultiLayerNetwork network,
            ResponseTask task,
            Loss loss,
            double rewardShift,
            RNNFormat format) {
        ResponseTask.Head sameDiff = task.new Head(loss, network, rewardShift);
        INDArray before = network.params().dup();
        DataSet batch = task.ofFeatures(loss, format);
        double expected = sameDiff.loss();
        assertEquals(expected, network.score(batch, false), 1e-10 * Math.max(1, expected));
        sameDiff.fit();
        network.fit(batch);
        assertEquals(expected, network.score(), 1e-10 * Math.max(1, expected));
        assertTrue(before.distance2(network.params()) > 1e-3, "the parameters moved");
        for (String parameter : Set.of("W", "b")) {
            INDArray theirs = sameDiff.parameter(parameter);
            INDArray ours = network.getParam("0_" + parameter);
            assertEquals(0, theirs.sub(ours).amaxNumber().doubleValue(), 1e-10, parameter);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void theLayerWithoutWeightsIsTheSame(String name) {
        Loss loss = Losses.byName(name);
        assertSameAsHead(loss, loss.needsReference() ? RNNFormat.NCW : RNNFormat.NWC);
    }

    /** Below the loss layer, a convolution of width 1 is the head's matrix product. */
    private void assertSameAsHead(Loss loss, RNNFormat format) {
        MultiLayerNetwork dense = ResponseTask.network(ResponseTask.sgd(), head(loss, format));
        MultiLayerNetwork plain =
                new MultiLayerNetwork(
                        ResponseTask.sgd()
                                .dataType(DataType.DOUBLE)
                                .list()
                                .layer(
                                        new SimpleRnn.Builder()
                                                .nIn(ResponseTask.FEATURES)
                                                .nOut(ResponseTask.CLASSES)
                                                .activation(Activation.IDENTITY)
                                                .dataFormat(format)
                                                .build())
                                .layer(
                                        ResponseLossLayer.builder(loss)
                                                .dataFormat(format)
                                                .activation(Activation.IDENTITY)
                                                .build())
                                .build());
        plain.init();
        plain.getParam("0_W").assign(dense.getParam("0_W"));
        plain.getParam("0_b").assign(dense.getParam("0_b"));
        plain.getParam("0_RW").assign(0);
        DataSet batch = task.ofFeatures(loss, format);
        assertEquals(dense.score(batch), plain.score(batch), 1e-12);
        for (int update = 0; update < 2; update++) {
            dense.fit(batch);
            plain.fit(batch);
            plain.getParam("0_RW").assign(0);
            assertEquals(dense.score(), plain.score(), 1e-10 * Math.max(1, dense.score()));
            double size = dense.params().amaxNumber().doubleValue();
            for (String parameter : Set.of("0_W", "0_b")) {
                INDArray distance = dense.getParam(parameter).sub(plain.getParam(parameter));
                assertEquals(0, distance.amaxNumber().doubleValue(), 1e-12 * Math.max(1, size));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE"})
    void isFiniteForLogitsOfAnySpread(DataType type) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        ResponseTask.sgd()
                                .dataType(type)
                                .list()
                                .layer(head(new DpoLoss(0.1), RNNFormat.NCW))
                                .build());
        network.init();
        network.getParam("0_W").muli(2e4);
        DataSet batch = task.ofFeatures(RNNFormat.NCW);
        INDArray logits = network.getParam("0_W").mmul(Nd4j.ones(type, ResponseTask.CLASSES, 1));
        assertTrue(logits.amaxNumber().doubleValue() > 1e4);
        double before = network.score(batch);
        assertTrue(Double.isFinite(before) && before > 100, "loss " + before);
        network.fit(batch);
        assertTrue(Double.isFinite(network.params().sumNumber().doubleValue()));
        assertTrue(network.score(batch) < before);
    }

    /** Of ids that are all at least 0, the feature mask alone tells which count. */
    @Test
    void theFeatureMaskStandsInForAMissingLabelMask() {
        DataSet masked = task.ofFeatures(RNNFormat.NCW);
        DataSet unmasked = task.ofFeatures(RNNFormat.NCW);
        for (DataSet batch : List.of(masked, unmasked)) {
            INDArray tokens = batch.getLabels().get(all(), interval(0, 1), all()).dup('c');
            batch.setLabels(Transforms.max(tokens, 0));
        }
        unmasked.setFeaturesMaskArray(unmasked.getLabelsMaskArray());
        unmasked.setLabelsMaskArray(null);
        ResponseOutputLayer layer = head(new SftLoss(), RNNFormat.NCW);
        MultiLayerNetwork one = ResponseTask.network(ResponseTask.sgd(), layer);
        MultiLayerNetwork other = ResponseTask.network(ResponseTask.sgd(), layer);
        one.fit(masked);
        other.fit(unmasked);
        assertEquals(one.score(), other.score());
        assertEquals(one.params(), other.params());
    }

    @ParameterizedTest
    @MethodSource("derivatives")
    void theGradientThroughAnEmbeddingAndAnLstmEqualsDifferences(String name) {
        MultiLayerNetwork network =
                initialized(
                        builder()
                                .list()
                                .layer(embedding())
                                .layer(new LSTM.Builder().nIn(3).nOut(4).build())
                                .layer(head(Losses.byName(name), RNNFormat.NCW))
                                .build());
        assertGradient(network, task.ofIds(Losses.byName(name)));
    }

    @Test
    void theGradientThroughAConvolutionEqualsDifferences() {
        MultiLayerNetwork network =
                initialized(
                        builder()
                                .convolutionMode(ConvolutionMode.Causal)
                                .l2(0.01)
                                .list()
                                .layer(embedding())
                                .layer(
                                        new Convolution1DLayer.Builder(2)
                                                .nIn(3)
                                                .nOut(4)
                                                .activation(Activation.TANH)
                                                .build())
                                .layer(head(new DpoLoss(0.3), RNNFormat.NCW))
                                .setInputType(
                                        InputType.recurrent(
                                                ResponseTask.CLASSES, ResponseTask.LENGTH))
                                .build());
        assertGradient(network, task.ofIds());
    }

    @Test
    void theGradientUnderFeatureMasksEqualsDifferences() {
        MultiLayerNetwork network =
                initialized(
                        builder()
                                .list()
                                .layer(embedding())
                                .layer(
                                        new SimpleRnn.Builder()
                                                .nIn(3)
                                                .nOut(4)
                                                .activation(Activation.TANH)
                                                .build())
                                .layer(head(new DpoLoss(0.3), RNNFormat.NCW))
                                .build());
        DataSet batch = task.ofIds();
        INDArray mask = Nd4j.ones(DataType.FLOAT, ResponseTask.ROWS, ResponseTask.LENGTH);
        batch.setFeaturesMaskArray(mask);
        assertGradient(network, batch);
    }

    private static NeuralNetConfiguration.Builder builder() {
        return new NeuralNetConfiguration.Builder()
                .seed(4)
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(1));
    }

    private static EmbeddingSequenceLayer embedding() {
        return new EmbeddingSequenceLayer.Builder().nIn(ResponseTask.CLASSES).nOut(3).build();
    }

    private static MultiLayerNetwork initialized(
            org.deeplearning4j.nn.conf.MultiLayerConfiguration configuration) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        return network;
    }

    /** A copy gives the values, as an update changes the running mean reward of bco. */
    private static void assertGradient(MultiLayerNetwork network, DataSet batch) {
        MultiLayerNetwork copy = network.clone();
        assertGradient(
                network,
                batch,
                parameters -> {
                    copy.setParams(parameters);
                    return copy.score(batch, true);
                });
    }

    /** One step of gradient descent at rate 1 shows the gradient. */
    private static void assertGradient(
            MultiLayerNetwork network, DataSet batch, ToDoubleFunction<INDArray> value) {
        INDArray start = network.params().dup();
        network.fit(batch);
        INDArray gradient = start.sub(network.params());
        Random random = new Random(8);
        for (int i = 0; i < 4; i++) {
            INDArray direction = ResponseTask.gaussian(random, 1, 1, start.length());
            double slope = gradient.mul(direction).sumNumber().doubleValue();
            double step = 1e-5;
            double up = value.applyAsDouble(start.add(direction.mul(step)));
            double down = value.applyAsDouble(start.sub(direction.mul(step)));
            double expected = (up - down) / (2 * step);
            assertEquals(expected, slope, 1e-6 * Math.max(1, Math.abs(expected)));
        }
    }
}
