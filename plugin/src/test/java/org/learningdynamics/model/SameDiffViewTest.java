package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.BaseListener;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.factory.Nd4j;

class SameDiffViewTest {
    private final SameDiff graph = SameDiff.create();

    SameDiffViewTest() {
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, -1, 2);
        SDVariable scale = graph.placeHolder("scale", DataType.FLOAT, -1, 1);
        SDVariable w = graph.var("w", Nd4j.createFromArray(new float[][] {{1, 2, 3}, {4, 5, 6}}));
        SDVariable z = x.mmul(w).rename("z");
        z.mul("scaled", scale);
        graph.sum("score", z, 1);
        graph.expandDims("rank4", graph.expandDims("rank3", z, 1), 1);
    }

    @Test
    void readsTheGraphsOwnArraysAsTheyAre() {
        INDArray x = Nd4j.createFromArray(new float[][] {{1, 0}, {0, 1}});
        try (ModelView view = ModelView.of(graph, List.of("x"), "z")) {
            view.refresh();
            assertLogits(new double[] {1, 2, 3, 4, 5, 6}, view.logits(ModelInput.of(x)));
            graph.getVariable("w").getArr().muli(2);
            assertLogits(new double[] {2, 4, 6, 8, 10, 12}, view.logits(ModelInput.of(x)));
        }
        assertFalse(graph.getVariable("w").getArr().wasClosed());
        assertFalse(x.wasClosed());
    }

    @Test
    void seesWhatWasAddedToTheGraphBetweenRecordings() {
        INDArray x = Nd4j.createFromArray(new float[][] {{1, 0}, {0, 1}});
        try (ModelView view = ModelView.of(graph, List.of("x"), "z")) {
            view.refresh();
            assertLogits(new double[] {1, 2, 3, 4, 5, 6}, view.logits(ModelInput.of(x)));
            graph.getVariable("z").sum().rename("loss");
            graph.setArrayForVariable(
                    "w", Nd4j.createFromArray(new float[][] {{6, 5, 4}, {3, 2, 1}}));
            view.refresh();
            assertLogits(new double[] {6, 5, 4, 3, 2, 1}, view.logits(ModelInput.of(x)));
        }
    }

    @Test
    void placeholdersOfAnotherTypeAreCastAndStayWhole() {
        INDArray x = Nd4j.createFromArray(new long[][] {{1, 0}, {0, 1}});
        try (ModelView view = ModelView.of(graph, List.of("x"), "z")) {
            for (int i = 0; i < 3; i++) {
                view.refresh();
                assertLogits(new double[] {1, 2, 3, 4, 5, 6}, view.logits(ModelInput.of(x)));
                assertArrayEquals(new long[] {1, 0, 0, 1}, x.data().asLong());
            }
        }
    }

    @Test
    void takesSeveralPlaceholdersInOrder() {
        INDArray x = Nd4j.createFromArray(new float[][] {{1, 0}, {0, 1}});
        INDArray scale = Nd4j.createFromArray(new float[][] {{10}, {100}});
        try (ModelView view = ModelView.of(graph, List.of("x", "scale"), "scaled")) {
            view.refresh();
            ModelInput both = new ModelInput(List.of(x, scale), List.of());
            assertLogits(new double[] {10, 20, 30, 400, 500, 600}, view.logits(both));
            ModelInput masked = new ModelInput(List.of(x), List.of(scale));
            assertLogits(new double[] {10, 20, 30, 400, 500, 600}, view.logits(masked));
            assertEquals(
                    "the probe must bring one array for each of the placeholders [x, scale], got 1",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> view.logits(ModelInput.of(x)))
                            .getMessage());
        }
    }

    @Test
    void flattensLogitsOfRankThree() {
        INDArray x = Nd4j.createFromArray(new float[][] {{1, 0}, {0, 1}});
        try (ModelView view = ModelView.of(graph, List.of("x"), "rank3")) {
            view.refresh();
            assertLogits(new double[] {1, 2, 3, 4, 5, 6}, view.logits(ModelInput.of(x)));
        }
    }

    @Test
    void callsNoListener() {
        int[] calls = new int[1];
        graph.setListeners(
                new BaseListener() {
                    @Override
                    public boolean isActive(Operation operation) {
                        return true;
                    }

                    @Override
                    public void preOpExecution(
                            SameDiff sd, At at, SameDiffOp op, OpContext context) {
                        calls[0]++;
                    }
                });
        INDArray x = Nd4j.createFromArray(new float[][] {{1, 0}});
        try (ModelView view = ModelView.of(graph, List.of("x"), "z")) {
            view.refresh();
            view.logits(ModelInput.of(x)).close();
        }
        assertEquals(0, calls[0]);
        graph.output(Map.of("x", x), "z");
        assertEquals(1, calls[0]);
    }

    @Test
    void refusesOutputsOfAnotherRank() {
        INDArray x = Nd4j.createFromArray(new float[][] {{1, 0}});
        for (String name : List.of("score", "rank4")) {
            try (ModelView view = ModelView.of(graph, List.of("x"), name)) {
                view.refresh();
                String message =
                        assertThrows(
                                        IllegalStateException.class,
                                        () -> view.logits(ModelInput.of(x)))
                                .getMessage();
                String start = "logits \"" + name + "\" must have shape [B, V], [B*T, V] or [B,";
                assertTrue(message.startsWith(start), message);
            }
        }
    }

    @Test
    void refusesWhatCannotBeLogits() {
        assertRefused("\"w\" must be a floating-point op output, got a variable of type", "w");
        assertRefused("no variable named \"logits\"; floating-point op outputs: [", "logits");
        assertEquals(
                "inputs must name at least one placeholder, got 0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> ModelView.of(graph, List.of(), "z"))
                        .getMessage());
    }

    private void assertRefused(String start, String logits) {
        String message =
                assertThrows(
                                IllegalArgumentException.class,
                                () -> ModelView.of(graph, List.of("x"), logits))
                        .getMessage();
        assertTrue(message.startsWith(start), message);
    }

    private static void assertLogits(double[] expected, INDArray actual) {
        assertEquals(2, actual.rank());
        assertArrayEquals(expected, actual.dup('c').data().asDouble());
        actual.close();
    }
}
