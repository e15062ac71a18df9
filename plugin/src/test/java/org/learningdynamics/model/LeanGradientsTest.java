package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
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
                graph.mmul(graph.math().tanh(graph.mmul(rows, mixing)), head, false, true, false);
        ResponseLogProbs responses = ResponseLogProbs.define(graph, logits, labels, WORDS);
        graph.setLossVariables(responses.logProbs().mean().rename("loss"));
        return graph;
    }

    private static final Map<String, INDArray> BATCH =
            Map.of(
                    "ids", Nd4j.createFromArray(new int[][] {{1, 1, 4, 6}, {0, 5, 1, 2}}),
                    "labels", Nd4j.createFromArray(new int[][] {{1, -1, 6, 2}, {5, 1, -1, 0}}));

    private static Set<String> opsOf(SameDiff graph) {
        return graph.getFunction("grad").getOps().values().stream()
                .map(op -> op.getOp().opName())
                .collect(Collectors.toSet());
    }

    private static long read(SameDiff graph, String opName) {
        SameDiff gradients = graph.getFunction("grad");
        return gradients.getOps().values().stream()
                .filter(op -> op.getOp().opName().equals(opName))
                .filter(
                        op ->
                                op.getOutputsOfOp().stream()
                                        .anyMatch(
                                                name -> {
                                                    List<String> readers =
                                                            gradients
                                                                    .getVariables()
                                                                    .get(name)
                                                                    .getInputsForOp();
                                                    return readers != null && !readers.isEmpty();
                                                }))
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
        assertEquals(1, read(plain, "scatter_add"), "scattered into zeros, then added");
        assertEquals(
                0, read(lean, "scatter_add"), "scattered into the head's gradient, the last op");
        assertTrue(read(lean, "add") < read(plain, "add"));
        assertTrue(read(lean, "zeroslike") < read(plain, "zeroslike"));
        assertTrue(opsOf(lean).contains("scatter_add"));
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
