package org.learningdynamics.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Every parameter's gradient against central differences in float64. */
class DecoderGradientTest {
    private static final double STEP = 1e-5;
    private static final double TOLERANCE = 2e-8;
    private static final int ELEMENTS = 4;
    private static final int DIRECTIONS = 2;

    private final Random random = new Random(3);

    static Stream<Arguments> shapes() {
        return Stream.of(
                Arguments.of(HeadKind.TIED, Activation.GELU),
                Arguments.of(HeadKind.UNTIED, Activation.SWISH),
                Arguments.of(HeadKind.UNTIED, Activation.SQUARED_RELU));
    }

    static Stream<String> families() {
        return SmallModels.families().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void gradientsMatchCentralDifferences(HeadKind head, Activation activation) {
        DecoderConfig config = SmallModels.config().head(head).activation(activation).build();
        check(SmallModels.model(config), DIRECTIONS, ELEMENTS);
    }

    @ParameterizedTest
    @MethodSource("families")
    void gradientsOfEveryFamilyMatchCentralDifferences(String family) {
        check(SmallModels.model(SmallModels.families().get(family).build()), 1, 1);
    }

    @ParameterizedTest
    @MethodSource("families")
    void gradientsOfAdaptersMatchCentralDifferences(String family) {
        DecoderConfig config = SmallModels.families().get(family).build();
        check(SmallModels.adapted(SmallModels.model(config)), 1, 1);
    }

    private void check(DecoderModel model, int directions, int elements) {
        DecoderConfig config = model.config();
        SameDiff graph = model.newGraph();
        addLoss(graph, 3 * 6);
        INDArray ids = Nd4j.createFromArray(SmallModels.ids(config, 3, 6, 1));
        Map<String, INDArray> input = Map.of(DecoderModel.INPUT_IDS, ids);
        Map<String, INDArray> gradients =
                graph.calculateGradients(input, model.parameters().keySet());

        assertEquals(model.parameters().keySet(), gradients.keySet());
        model.parameters()
                .forEach(
                        (name, array) -> {
                            for (int i = 0; i < directions + elements; i++) {
                                INDArray direction = i < directions ? dense(array) : single(array);
                                String what = name + " " + i;
                                check(graph, input, what, array, direction, gradients.get(name));
                            }
                        });
    }

    private static void check(
            SameDiff graph,
            Map<String, INDArray> input,
            String what,
            INDArray parameter,
            INDArray direction,
            INDArray gradient) {
        double scale = gradient.norm2Number().doubleValue();
        assertTrue(scale > 1e-3, what + " has a gradient, norm " + scale);
        double expected = difference(graph, input, parameter, direction);
        double actual = gradient.mul(direction).sumNumber().doubleValue();
        assertEquals(expected, actual, TOLERANCE * Math.max(1, scale), what);
    }

    private INDArray dense(INDArray parameter) {
        double[] values = random.doubles(parameter.length()).map(x -> 2 * x - 1).toArray();
        INDArray direction = Nd4j.createFromArray(values).reshape(parameter.shape());
        return direction.divi(direction.norm2Number());
    }

    private INDArray single(INDArray parameter) {
        INDArray direction = Nd4j.zeros(DataType.DOUBLE, parameter.shape());
        return direction.putScalar(random.nextInt((int) parameter.length()), 1);
    }

    private static double difference(
            SameDiff graph, Map<String, INDArray> input, INDArray parameter, INDArray direction) {
        INDArray step = direction.mul(STEP);
        parameter.addi(step);
        double above = graph.outputSingle(input, "loss").getDouble(0);
        parameter.subi(step).subi(step);
        double below = graph.outputSingle(input, "loss").getDouble(0);
        parameter.addi(step);
        return (above - below) / (2 * STEP);
    }

    /** Log-probabilities weighted at random, so that no symmetry can hide a fault. */
    private void addLoss(SameDiff graph, int positions) {
        SDVariable logits = graph.getVariable(DecoderModel.LOGITS_2D);
        INDArray values = Nd4j.createFromArray(random.doubles(positions * 11L).toArray());
        SDVariable weights = graph.constant(values.reshape(positions, 11));
        graph.nn().logSoftmax(logits).mul(weights).sum("loss", false);
        graph.setLossVariables("loss");
    }
}
