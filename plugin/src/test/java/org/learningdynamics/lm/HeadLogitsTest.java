package org.learningdynamics.lm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.learningdynamics.measure.LikelihoodMeasures;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class HeadLogitsTest {
    private static DecoderModel model(HeadKind head) {
        return SmallModels.model(SmallModels.config().head(head).dataType(DataType.FLOAT).build());
    }

    private static INDArray hidden(int seed, DecoderModel model, int rows) {
        int width = model.config().width();
        double[] values = new Random(seed).doubles((long) rows * width, -1, 1).toArray();
        return Nd4j.createFromArray(values).reshape(rows, width).castTo(DataType.FLOAT);
    }

    /** The definition, a row a state. */
    private static double[][] naive(DecoderModel model, INDArray hidden) {
        boolean isTied = model.config().head() == HeadKind.TIED;
        INDArray matrix =
                isTied
                        ? model.parameters().get(DecoderParameters.TOKEN_EMBEDDING)
                        : model.parameters().get(DecoderParameters.HEAD);
        double[][] logits = new double[(int) hidden.size(0)][model.config().vocabularySize()];
        for (int i = 0; i < logits.length; i++) {
            for (int v = 0; v < logits[i].length; v++) {
                for (int j = 0; j < hidden.size(1); j++) {
                    double weight = isTied ? matrix.getDouble(v, j) : matrix.getDouble(j, v);
                    logits[i][v] += hidden.getDouble(i, j) * weight;
                }
            }
        }
        return logits;
    }

    private static void assertLogits(DecoderModel model, INDArray hidden, INDArray logits) {
        double[][] expected = naive(model, hidden);
        assertArrayEquals(
                new long[] {expected.length, model.config().vocabularySize()}, logits.shape());
        for (int i = 0; i < expected.length; i++) {
            assertArrayEquals(
                    expected[i], logits.getRow(i).dup().toDoubleVector(), 1e-5, "row " + i);
        }
    }

    @ParameterizedTest
    @EnumSource(HeadKind.class)
    void everyCallGivesTheProductInTheSameMemory(HeadKind kind) {
        try (DecoderModel model = model(kind);
                HeadLogits head = new HeadLogits(model.config(), model.weights())) {
            INDArray first = head.of(hidden(1, model, 5));
            INDArray other = hidden(2, model, 5);
            assertSame(first, head.of(other));
            assertLogits(model, other, first);
            for (int rows : new int[] {3, 1, 5, 9, 2}) {
                INDArray states = hidden(rows, model, rows);
                assertLogits(model, states, head.of(states));
            }
            assertTrue(first.wasClosed(), "memory for fewer rows must be freed");
        }
    }

    @ParameterizedTest
    @EnumSource(HeadKind.class)
    void fewerRowsAreMeasuredAsIfAlone(HeadKind kind) {
        try (DecoderModel model = model(kind);
                HeadLogits head = new HeadLogits(model.config(), model.weights())) {
            head.of(hidden(1, model, 6));
            INDArray states = hidden(2, model, 4);
            int[][] labels = {{1, 2}, {-100, 3}};
            assertArrayEquals(
                    tokenLogProbs(model.head(states), labels),
                    tokenLogProbs(head.of(states), labels));
        }
    }

    private static double[] tokenLogProbs(INDArray logits, int[][] labels) {
        return LikelihoodMeasures.measureFlat(logits, labels).stream()
                .flatMapToDouble(row -> Arrays.stream(row.tokenLogProbs()))
                .toArray();
    }

    @ParameterizedTest
    @EnumSource(HeadKind.class)
    void closedMemoryIsTakenAnew(HeadKind kind) {
        try (DecoderModel model = model(kind)) {
            HeadLogits head = new HeadLogits(model.config(), model.weights());
            INDArray first = head.of(hidden(1, model, 4));
            head.close();
            assertTrue(first.wasClosed());
            INDArray states = hidden(2, model, 4);
            assertNotSame(first, head.of(states));
            assertLogits(model, states, head.of(states));
            head.close();
        }
    }
}
