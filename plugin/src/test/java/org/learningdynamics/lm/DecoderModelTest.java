package org.learningdynamics.lm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

class DecoderModelTest {
    private static final double TOLERANCE = 1e-12;

    private final DecoderConfig config = SmallModels.config().build();
    private final DecoderModel model = SmallModels.model(config);

    @ParameterizedTest
    @EnumSource(Activation.class)
    void logitsFollowTheNaiveFormula(Activation activation) {
        for (HeadKind head : HeadKind.values()) {
            DecoderConfig shape = SmallModels.config().head(head).activation(activation).build();
            DecoderModel decoder = SmallModels.model(shape);
            int[][] ids = SmallModels.ids(shape, 2, 7, 3);
            INDArray logits = decoder.logits(ids);
            for (int i = 0; i < ids.length; i++) {
                double[][] expected = new NaiveDecoder(decoder).logits(ids[i]);
                assertMatrix(expected, logits.slice(i).toDoubleMatrix(), TOLERANCE);
            }
        }
    }

    @Test
    void floatModelFollowsTheNaiveFormula() {
        DecoderModel decoder =
                SmallModels.model(SmallModels.config().dataType(DataType.FLOAT).build());
        int[][] ids = SmallModels.ids(config, 1, 24, 3);
        double[][] expected = new NaiveDecoder(decoder).logits(ids[0]);
        assertMatrix(expected, decoder.logits(ids).slice(0).toDoubleMatrix(), 1e-4);
    }

    @Test
    void acceptsASingleTokenAndTheLongestRow() {
        for (int length : new int[] {1, config.maxLength()}) {
            int[][] ids = SmallModels.ids(config, 1, length, 4);
            double[][] expected = new NaiveDecoder(model).logits(ids[0]);
            assertMatrix(expected, model.logits(ids).slice(0).toDoubleMatrix(), TOLERANCE);
        }
    }

    @Test
    void rowsDoNotSeePaddingOrOtherRows() {
        int[] row = SmallModels.ids(config, 1, 5, 6)[0];
        double[][] alone = model.logits(new int[][] {row}).slice(0).toDoubleMatrix();
        int[][] batch = SmallModels.ids(config, 3, 9, 8);
        System.arraycopy(row, 0, batch[1], 0, row.length);
        double[][] among = model.logits(batch).slice(1).toDoubleMatrix();
        assertMatrix(alone, Arrays.copyOf(among, row.length), TOLERANCE);
    }

    @Test
    void flatLogitsAreTheSameValues() {
        int[][] ids = SmallModels.ids(config, 2, 4, 9);
        Map<String, INDArray> input = Map.of(DecoderModel.INPUT_IDS, Nd4j.createFromArray(ids));
        INDArray flat = model.graph().outputSingle(input, DecoderModel.LOGITS_2D);
        assertArrayEquals(new long[] {8, 11}, flat.shape());
        assertEquals(model.logits(ids).reshape(8, 11), flat);
    }

    @Test
    void headOfHiddenStatesGivesTheLogits() {
        for (HeadKind head : HeadKind.values()) {
            DecoderModel decoder = SmallModels.model(SmallModels.config().head(head).build());
            int[][] ids = SmallModels.ids(config, 2, 4, 9);
            INDArray logits = decoder.head(decoder.hidden(ids));
            double[][] expected = decoder.logits(ids).reshape(8, 11).toDoubleMatrix();
            assertMatrix(expected, logits.toDoubleMatrix(), TOLERANCE);
        }
    }

    @Test
    void equalSeedsGiveEqualParametersAndOthersDoNot() {
        DecoderModel first = DecoderModel.create(config);
        DecoderModel second = DecoderModel.create(config);
        DecoderModel other = DecoderModel.create(SmallModels.config().seed(8).build());
        assertEquals(first.parameters(), second.parameters());
        assertNotEquals(
                first.parameters().get("tok_embedding"), other.parameters().get("tok_embedding"));
    }

    @Test
    void untrainedModelIsNearlyUniform() {
        DecoderModel fresh = DecoderModel.create(DecoderConfig.builder(100).build());
        INDArray logits = fresh.logits(SmallModels.ids(fresh.config(), 2, 8, 1));
        assertTrue(logits.maxNumber().doubleValue() - logits.minNumber().doubleValue() < 3);
    }

    @Test
    void countsParameters() {
        long block = 8 + 8 * 24 + 8 * 8 + 8 + 8 * 12 + 12 * 8;
        assertEquals(11 * 8 + 2 * block + 8, model.parameterCount());
        DecoderConfig untied = SmallModels.config().head(HeadKind.UNTIED).build();
        assertEquals(2 * 11 * 8 + 2 * block + 8, untied.parameterCount());
        long held = model.parameters().values().stream().mapToLong(INDArray::length).sum();
        assertEquals(model.parameterCount(), held);
    }

    @Test
    void copyIsIndependent() {
        DecoderModel copy = model.copy();
        assertEquals(model.parameters(), copy.parameters());
        copy.parameters().get("tok_embedding").addi(1);
        assertNotEquals(
                model.parameters().get("tok_embedding"), copy.parameters().get("tok_embedding"));
    }

    @Test
    void trainingANewGraphTrainsTheModel() {
        int[][] ids = SmallModels.ids(config, 2, 4, 2);
        INDArray before = model.logits(ids);
        DecoderModel expected = model.copy();
        SameDiff graph = model.newGraph();
        graph.getVariable(DecoderModel.LOGITS_2D).mean("loss", false);
        graph.setLossVariables("loss");
        Map<String, INDArray> input = Map.of(DecoderModel.INPUT_IDS, Nd4j.createFromArray(ids));
        graph.calculateGradients(input, model.parameters().keySet())
                .forEach((name, g) -> expected.parameters().get(name).subi(g.mul(0.1)));
        graph.setTrainingConfig(
                TrainingConfig.builder()
                        .updater(new Sgd(0.1))
                        .dataSetFeatureMapping(DecoderModel.INPUT_IDS)
                        .markLabelsUnused()
                        .build());
        graph.fit(new MultiDataSet(new INDArray[] {Nd4j.createFromArray(ids)}, null));

        INDArray after = model.logits(ids);
        assertFalse(before.equalsWithEps(after, 1e-3));
        assertTrue(expected.logits(ids).equalsWithEps(after, TOLERANCE));
        assertFalse(model.graph().hasVariable("loss"));
    }

    @Test
    void closeFreesTheParameters() {
        DecoderModel copy = model.copy();
        List<INDArray> arrays = new ArrayList<>(copy.parameters().values());
        copy.close();
        assertTrue(arrays.stream().allMatch(INDArray::wasClosed));
    }

    @Test
    void rejectsBadRows() {
        assertMessage("a batch needs at least one row, got 0", new int[0][]);
        assertMessage(
                "rows must have the same length: row 0 has 1, row 1 has 2",
                new int[][] {{1}, {1, 2}});
        assertMessage("row 0 must have 1 to maxLength = 24 tokens, got 0", new int[1][0]);
        assertMessage("row 0 must have 1 to maxLength = 24 tokens, got 25", new int[1][25]);
        assertMessage("token ids must be in [0, 11), got 11 in row 1", new int[][] {{1}, {11}});
        assertMessage("token ids must be in [0, 11), got -1 in row 0", new int[][] {{-1}});
    }

    private void assertMessage(String message, int[][] ids) {
        Exception error =
                assertThrows(IllegalArgumentException.class, () -> model.logits(ids).close());
        assertEquals(message, error.getMessage());
    }

    private static void assertMatrix(double[][] expected, double[][] actual, double tolerance) {
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) {
            assertArrayEquals(expected[i], actual[i], tolerance, "row " + i);
        }
    }
}
