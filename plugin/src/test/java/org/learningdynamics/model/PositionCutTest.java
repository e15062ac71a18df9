package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.learningdynamics.influence.FactoredGradient;
import org.learningdynamics.influence.GradientFactor;
import org.learningdynamics.influence.OuterProducts;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Graphs whose end works at some positions only. */
class PositionCutTest {
    private static final int ROWS = 3;
    private static final int LENGTH = 8;
    private static final int WIDTH = 4;
    private static final int CLASSES = 5;

    /** Positions are mixed, then each goes on by itself: what comes after is picked. */
    private static SDVariable mixedFirst(SameDiff graph, SDVariable x) {
        SDVariable first = graph.mmul(x.reshape(-1, WIDTH), matrix(graph, "first", WIDTH, WIDTH));
        SDVariable rows = graph.reshape(first, -1, LENGTH, WIDTH);
        SDVariable mixed = rows.add(rows.mean(true, 1)).reshape(-1, WIDTH);
        SDVariable wide = graph.math().tanh(graph.mmul(mixed, matrix(graph, "wide", WIDTH, 6)));
        SDVariable norm = wide.mul(wide).mean(true, 1).add(0.1);
        SDVariable scaled = wide.div(graph.math().sqrt(norm)).mul(matrix(graph, "gain", 1, 6));
        SDVariable narrow = graph.mmul(scaled, matrix(graph, "narrow", 6, WIDTH));
        SDVariable sum = mixed.add(narrow).add(matrix(graph, "bias", 1, WIDTH));
        SDVariable same = graph.identity(graph.identity(sum));
        return graph.mmul(same, matrix(graph, "head", WIDTH, CLASSES));
    }

    /** What a position's logits are made of is mixed last. */
    private static SDVariable mixedLast(SameDiff graph, SDVariable x) {
        SDVariable each = graph.mmul(x.reshape(-1, WIDTH), matrix(graph, "each", WIDTH, CLASSES));
        SDVariable rows = graph.reshape(each, -1, LENGTH, CLASSES);
        return rows.add(rows.mean(true, 1)).reshape(-1, CLASSES);
    }

    /** Logits with an axis for positions, and a weight that SameDiff's own ops read twice. */
    private static SDVariable withoutRule(SameDiff graph, SDVariable x) {
        SDVariable square = matrix(graph, "square", WIDTH, WIDTH);
        SDVariable mixed = graph.mmul(x.reshape(-1, WIDTH), graph.mmul(square, square));
        return graph.mmul(mixed, matrix(graph, "head", WIDTH, CLASSES));
    }

    private static SDVariable matrix(SameDiff graph, String name, int rows, int columns) {
        INDArray values =
                RowGradientCheck.gaussian(name.hashCode(), DataType.DOUBLE, rows, columns);
        return graph.var(name, values);
    }

    private static SameDiff graph(BiFunction<SameDiff, SDVariable, SDVariable> body) {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, -1, LENGTH, WIDTH);
        SDVariable logits = body.apply(graph, x).rename("flat");
        graph.reshape("logits", logits, -1, LENGTH, CLASSES);
        return graph;
    }

    private static SameDiffGradients view(SameDiff graph, String logits) {
        SameDiffGradients view = SameDiffGradients.of(graph, List.of("x"), logits);
        Map<String, INDArray> values = new HashMap<>();
        view.parameters().forEach(p -> values.put(p.name(), graph.getArrForVarName(p.name())));
        view.load(values);
        return view;
    }

    /** Two labels in the first row, one in the second, none in the third. */
    private static int[][] labels() {
        int[][] labels = new int[ROWS][LENGTH];
        Arrays.stream(labels).forEach(row -> Arrays.fill(row, -100));
        labels[0][3] = 1;
        labels[0][6] = 4;
        labels[1][0] = 2;
        return labels;
    }

    private static ModelInput input() {
        return ModelInput.of(RowGradientCheck.gaussian(8, DataType.DOUBLE, ROWS, LENGTH, WIDTH));
    }

    /** Against the host's own gradients of one row at a time. */
    private static void assertGradients(SameDiff graph, RowPass pass, int[][] labels) {
        SDVariable lp = graph.math().log(graph.nn().softmax(graph.getVariable("flat"), 1));
        SDVariable weights = graph.placeHolder("weights", DataType.DOUBLE, -1, CLASSES);
        lp.mul(weights).sum().rename("objective");
        graph.setLossVariables("objective");
        for (int row = 0; row < ROWS; row++) {
            INDArray picked = Nd4j.zeros(DataType.DOUBLE, LENGTH, CLASSES);
            for (int t = 0; t < LENGTH; t++) {
                if (labels[row][t] >= 0) {
                    picked.putScalar(t, labels[row][t], 1);
                }
            }
            INDArray x = input().features().get(0).get(NDArrayIndex.interval(row, row + 1)).dup();
            String[] names =
                    pass.gradients().parameters().stream()
                            .map(g -> g.parameter().name())
                            .toArray(String[]::new);
            Map<String, INDArray> expected =
                    graph.calculateGradients(Map.of("x", x, "weights", picked), names);
            for (FactoredGradient gradient : pass.gradients().parameters()) {
                INDArray all = gradient.explicit(0, gradient.parameter().columns());
                INDArray own = all.get(NDArrayIndex.point(row));
                INDArray wanted = expected.get(gradient.parameter().name());
                double error = own.reshape(wanted.shape()).distance2(wanted);
                assertTrue(
                        error <= 1e-12 * (1 + wanted.norm2Number().doubleValue()),
                        gradient.parameter().name() + " of row " + row + ": " + error);
            }
        }
    }

    private static int positions(RowPass pass, String parameter) {
        GradientFactor factor =
                pass.gradients().parameters().stream()
                        .filter(g -> g.parameter().name().equals(parameter))
                        .findFirst()
                        .orElseThrow()
                        .factors()
                        .get(0);
        return (int) ((OuterProducts) factor).inputs().size(1);
    }

    @Test
    void onlyPositionsWithALabelComeFromTheLastMixtureToTheLogits() {
        for (String logits : List.of("flat", "logits")) {
            SameDiff graph = graph(PositionCutTest::mixedFirst);
            try (SameDiffGradients view = view(graph, logits);
                    RowPass pass = view.observe(input(), labels())) {
                assertEquals(List.of(), view.fallbacks());
                assertEquals(LENGTH, positions(pass, "first"));
                assertEquals(2, positions(pass, "wide"));
                assertEquals(2, positions(pass, "narrow"));
                assertEquals(2, positions(pass, "head"));
                int[][] kept = pass.positions().orElseThrow().kept();
                assertArrayEquals(new int[][] {{3, 6}, {1, 0}, {0, 1}}, kept);
                assertArrayEquals(
                        new int[][] {{1, 4}, {-100, 2}, {-100, -100}}, pass.labelsOf(labels()));
                INDArray all = graph.outputSingle(Map.of("x", input().features().get(0)), "flat");
                for (int i = 0; i < ROWS * 2; i++) {
                    INDArray expected = all.getRow((long) i / 2 * LENGTH + kept[i / 2][i % 2]);
                    assertTrue(expected.equalsWithEps(pass.logits().getRow(i), 1e-14));
                }
                assertGradients(graph, pass, labels());
            }
        }
    }

    @Test
    void theSameGraphPassesAllPositionsWhereMostAreRead() {
        SameDiff graph = graph(PositionCutTest::mixedFirst);
        int[][] labels = labels();
        Arrays.fill(labels[2], 1);
        try (SameDiffGradients view = view(graph, "flat");
                RowPass few = view.observe(input(), labels());
                RowPass pass = view.observe(input(), labels)) {
            assertEquals(2, positions(few, "head"));
            assertEquals(Optional.empty(), pass.positions());
            assertEquals(LENGTH, positions(pass, "head"));
            assertEquals(ROWS * LENGTH, pass.logits().size(0));
            assertGradients(graph, pass, labels);
        }
    }

    @Test
    void passesOverOtherNumbersOfRowsAndPositionsFollowEachOther() {
        SameDiff graph = graph(PositionCutTest::mixedFirst);
        try (SameDiffGradients view = view(graph, "flat")) {
            int[][] more = labels();
            more[2][1] = more[2][2] = more[2][7] = 0;
            view.observe(input(), more).close();
            ModelInput first =
                    ModelInput.of(input().features().get(0).get(NDArrayIndex.interval(0, 1)).dup());
            try (RowPass one = view.observe(first, Arrays.copyOf(labels(), 1))) {
                assertArrayEquals(new long[] {2, CLASSES}, one.logits().shape());
            }
            try (RowPass pass = view.observe(input(), labels())) {
                assertGradients(graph, pass, labels());
            }
        }
    }

    @Test
    void logitsThatMixPositionsAreMadeAtAllOfThem() {
        SameDiff graph = graph(PositionCutTest::mixedLast);
        try (SameDiffGradients view = view(graph, "flat");
                RowPass pass = view.observe(input(), labels())) {
            assertEquals(Optional.empty(), pass.positions());
            assertGradients(graph, pass, labels());
        }
    }

    @Test
    void parametersWithoutARuleAreDifferentiatedAtAllPositions() {
        SameDiff graph = graph(PositionCutTest::withoutRule);
        try (SameDiffGradients view = view(graph, "flat");
                RowPass pass = view.observe(input(), labels())) {
            assertEquals(1, view.fallbacks().size(), view.fallbacks().toString());
            assertEquals(Optional.empty(), pass.positions());
            assertGradients(graph, pass, labels());
        }
    }

    @Test
    void positionsOfASeedAreThoseWithAnyWeightOrNotANumber() {
        INDArray seed = Nd4j.zeros(DataType.FLOAT, 2 * LENGTH, CLASSES);
        seed.putScalar(1, 4, -1e-30);
        seed.putScalar(LENGTH + 5, 0, Float.NaN);
        seed.putScalar(LENGTH + 7, 2, Float.POSITIVE_INFINITY);
        ReadPositions read = ReadPositions.ofSeed(seed, 2).orElseThrow();
        assertArrayEquals(new int[][] {{0, 1}, {5, 7}}, read.kept());
        try (INDArray rows = read.rows(seed)) {
            assertEquals(-1e-30, rows.getDouble(1, 4), 1e-36);
            assertTrue(Double.isNaN(rows.getDouble(2, 0)));
            assertEquals(Double.POSITIVE_INFINITY, rows.getDouble(3, 2));
        }
    }

    @Test
    void longRowsKeepAFewPositionsMoreSoThatPassesHaveFewShapes() {
        int[][] labels = new int[1][64];
        Arrays.fill(labels[0], -1);
        Arrays.fill(labels[0], 40, 49, 7);
        int[] kept = ReadPositions.ofLabels(labels).orElseThrow().kept()[0];
        assertEquals(12, kept.length);
        assertArrayEquals(new int[] {0, 1, 2, 40, 41, 42, 43, 44, 45, 46, 47, 48}, kept);
    }

    @Test
    void positionsOutsideARowAreRefused() {
        IllegalArgumentException thrown =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> new ReadPositions(4, new int[][] {{0, 3}, {1, 4}}));
        assertEquals("each row must keep 2 positions from 0 to 3, got [1, 4]", thrown.getMessage());
    }
}
