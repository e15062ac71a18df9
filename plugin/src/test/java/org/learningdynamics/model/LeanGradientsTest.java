package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.learningdynamics.loss.ResponseLogProbs;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class LeanGradientsTest {
    private static final int WORDS = 7;
    private static final int WIDTH = 3;

    @BeforeAll
    static void repairGather() {
        GradientRepairs.installGather();
    }

    /** Table, gathered and as the head: its gradient is a sum of rows and of a product. */
    private static SameDiff tied(boolean isHeadFirst) {
        SameDiff graph = SameDiff.create();
        Nd4j.getRandom().setSeed(3);
        SDVariable table = graph.var("table", Nd4j.rand(DataType.DOUBLE, WORDS, WIDTH));
        SDVariable mixing = graph.var("mixing", Nd4j.rand(DataType.DOUBLE, WIDTH, WIDTH));
        SDVariable ids = graph.placeHolder("ids", DataType.INT32, -1, -1);
        SDVariable labels = graph.placeHolder("labels", DataType.INT32, -1, -1);
        SDVariable head = isHeadFirst ? table.mul(2) : table;
        SDVariable rows = graph.gather(table, ids.reshape(-1), 0);
        SDVariable logits =
                graph.mmul(graph.math().tanh(graph.mmul(rows, mixing)), head, false, true, false)
                        .rename("logits");
        ResponseLogProbs responses = ResponseLogProbs.define(graph, logits, labels, WORDS);
        graph.setLossVariables(responses.logProbs().mean().rename("loss"));
        return graph;
    }

    private static final Map<String, INDArray> BATCH =
            Map.of(
                    "ids", Nd4j.createFromArray(new int[][] {{1, 1, 4, 6}, {0, 5, 1, 2}}),
                    "labels", Nd4j.createFromArray(new int[][] {{1, -1, 6, 2}, {5, 1, -1, 0}}));

    /** How many ops of a kind run for the gradients of the parameters. */
    private static long needed(SameDiff graph, String opName) {
        SameDiff gradients = graph.getFunction("grad");
        Deque<String> open = new ArrayDeque<>();
        for (String parameter : List.of("table", "mixing")) {
            open.add(gradients.getVariable(parameter).getGradient().name());
        }
        Set<String> ops = new HashSet<>();
        while (!open.isEmpty()) {
            String maker = gradients.getVariables().get(open.pop()).getOutputOfOp();
            if (maker != null && ops.add(maker)) {
                open.addAll(gradients.getOps().get(maker).getInputsToOp());
            }
        }
        return ops.stream()
                .filter(op -> gradients.getOps().get(op).getOp().opName().equals(opName))
                .count();
    }

    @Test
    void gradientsStayWhatTheyAre() {
        for (boolean isHeadFirst : new boolean[] {true, false}) {
            SameDiff plain = tied(isHeadFirst);
            SameDiff lean = tied(isHeadFirst);
            LeanGradients.trim(lean);
            Map<String, INDArray> expected =
                    plain.calculateGradients(BATCH, List.of("table", "mixing"));
            Map<String, INDArray> trimmed =
                    lean.calculateGradients(BATCH, List.of("table", "mixing"));
            for (String name : expected.keySet()) {
                double error =
                        expected.get(name).sub(trimmed.get(name)).norm2Number().doubleValue();
                double size = expected.get(name).norm2Number().doubleValue();
                assertTrue(error <= 1e-14 * size, () -> name + " " + error);
                assertTrue(size > 0);
            }
        }
    }

    @Test
    void whatChangesNothingIsNotComputed() {
        SameDiff plain = tied(false);
        plain.createGradFunction();
        SameDiff lean = tied(false);
        LeanGradients.trim(lean);
        assertEquals(1, needed(plain, "scatter_add"));
        assertEquals(1, needed(lean, "scatter_add"));
        assertEquals(3, needed(plain, "add") - needed(lean, "add"));
        assertEquals(3, needed(plain, "zeroslike") - needed(lean, "zeroslike"));
    }

    /** Listeners ask for the gradient at the logits. */
    @Test
    void gradientsOfOtherArraysCanStillBeAskedFor() {
        for (boolean isHeadFirst : new boolean[] {true, false}) {
            SameDiff plain = tied(isHeadFirst);
            SameDiff lean = tied(isHeadFirst);
            LeanGradients.trim(lean);
            INDArray expected = plain.calculateGradients(BATCH, "logits").get("logits");
            assertEquals(expected, lean.calculateGradients(BATCH, "logits").get("logits"));
            assertTrue(expected.norm2Number().doubleValue() > 0);
        }
    }

    /** A sum with zeros that the user wrote may widen the other term, so it stays. */
    @Test
    void sumsOfTheForwardGraphStay() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.var("x", Nd4j.ones(DataType.DOUBLE, 1, 3));
        SDVariable wide = graph.placeHolder("wide", DataType.DOUBLE, 4, 3);
        graph.setLossVariables(x.add(graph.zerosLike(wide)).sum().rename("loss"));
        LeanGradients.trim(graph);
        Map<String, INDArray> batch = Map.of("wide", Nd4j.ones(DataType.DOUBLE, 4, 3));
        INDArray gradient = graph.calculateGradients(batch, "x").get("x");
        assertEquals(Nd4j.ones(DataType.DOUBLE, 1, 3).mul(4), gradient);
    }
}
