package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.learningdynamics.model.FusedOpsTest.assertClose;
import static org.learningdynamics.model.FusedOpsTest.gradients;
import static org.learningdynamics.model.FusedOpsTest.lean;
import static org.learningdynamics.model.FusedOpsTest.running;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class AxesOpsTest {
    static Stream<int[]> orders() {
        return Stream.of(
                new int[] {2, 0, 3, 1, 4},
                new int[] {1, 3, 0, 2, 4},
                new int[] {0, 1, 2, 3, 4},
                new int[] {3, 2, 1, 0, 4});
    }

    private static INDArray input() {
        return JavaOps.normal(1, 1, 2, 3, 4, 5, 6);
    }

    @ParameterizedTest
    @MethodSource("orders")
    void permutedAxesAreThoseOfNd4j(int[] order) {
        INDArray found = JavaOps.one(new PermuteOp(order), input());
        assertEquals(input().permute(order).dup('c'), found);
    }

    @ParameterizedTest
    @MethodSource("orders")
    void partsAreTheSlicesOfThePermutedArray(int[] order) {
        INDArray permuted = input().permute(order).dup('c');
        int parts = (int) permuted.size(0);
        List<INDArray> found = JavaOps.run(new SplitOp(order, parts), input());
        assertEquals(parts, found.size());
        for (int part = 0; part < parts; part++) {
            assertEquals(permuted.slice(part).dup('c'), found.get(part));
        }
    }

    @ParameterizedTest
    @MethodSource("orders")
    void joinedPartsArePermutedTogether(int[] order) {
        INDArray[] parts = {JavaOps.normal(1, 1, 3, 4, 5, 6), JavaOps.normal(2, 1, 3, 4, 5, 6)};
        INDArray expected = Nd4j.stack(0, parts).permute(order).dup('c');
        assertEquals(expected, JavaOps.one(new JoinOp(order), parts));
    }

    /** Three heads' parts beside each other, each used in another way. */
    private static SameDiff graph(DataType type, boolean isLastMoved) {
        SameDiff graph = SameDiff.create();
        SDVariable rows = graph.placeHolder("rows", type, -1, 5);
        SDVariable first = graph.var("first", JavaOps.normal(1, 1, 5, 24).castTo(type));
        SDVariable second = graph.var("second", JavaOps.normal(2, 1, 8, 3).castTo(type));
        SDVariable apart = graph.mmul(rows, first).reshape(2, -1, 3, 2, 4);
        SDVariable[] parts =
                isLastMoved
                        ? graph.unstack(apart.permute(2, 0, 4, 1, 3), 0, 3)
                        : graph.unstack(apart.permute(2, 0, 3, 1, 4), 0, 3);
        SDVariable scores = graph.mmul(parts[0], parts[1], false, true, false);
        SDVariable mixed = graph.mmul(scores, parts[2]); // [2, 2, T, 4] or [2, 4, T, 2]
        SDVariable joined =
                mixed.permute(isLastMoved ? new int[] {0, 2, 3, 1} : new int[] {0, 2, 1, 3});
        SDVariable logits = graph.mmul(joined.reshape(-1, 8), second);
        graph.setLossVariables(graph.math().square(logits).sum().rename("loss"));
        return graph;
    }

    private static Map<String, INDArray> rows(DataType type) {
        return Map.of("rows", JavaOps.normal(3, 0.5, 6, 5).castTo(type));
    }

    private static Set<String> check(boolean isLastMoved) {
        List<String> parameters = List.of("first", "second");
        SameDiff fused = lean(graph(DataType.FLOAT, isLastMoved));
        Map<String, INDArray> expected =
                graph(DataType.DOUBLE, isLastMoved)
                        .calculateGradients(rows(DataType.DOUBLE), parameters);
        Map<String, INDArray> found = gradients(fused, rows(DataType.FLOAT), parameters);
        parameters.forEach(name -> assertClose(expected.get(name), found.get(name), 3e-6));
        return running(
                fused,
                parameters.stream().map(p -> fused.getVariable(p).getGradient().name()).toList());
    }

    @Test
    void headsAreCopiedOnceEachWay() {
        Set<String> names = check(false);
        assertTrue(
                names.containsAll(Set.of("java_split", "java_join", "java_permute")),
                names::toString);
        for (String gone : List.of("permute", "stack", "unstack")) {
            assertFalse(names.contains(gone), gone);
        }
    }

    @Test
    void anotherLastAxisIsLeftToNd4j() {
        Set<String> names = check(true);
        assertTrue(names.containsAll(Set.of("permute", "stack", "unstack")), names::toString);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void float64StaysAsItIs(boolean isLastMoved) {
        Set<String> names = running(lean(graph(DataType.DOUBLE, isLastMoved)), List.of("loss"));
        assertTrue(names.stream().noneMatch(name -> name.startsWith("java")), names::toString);
    }
}
