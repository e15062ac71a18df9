package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.learningdynamics.loss.ResponseLogProbs;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class FusedOpsTest {
    /** Chains that one op stands for. */
    private enum Chain {
        GELU,
        SILU,
        SIGMOID_FIRST,
        GELU_TANH,
        GELU_EXACT,
        SOFTMAX;

        SDVariable of(SameDiff graph, SDVariable x) {
            return switch (this) {
                case GELU -> graph.nn().gelu(x);
                case SILU -> x.mul(graph.nn().sigmoid(x));
                case SIGMOID_FIRST -> graph.nn().sigmoid(x.mul(1.5)).mul(x);
                case GELU_TANH -> {
                    SDVariable slope = x.mul(x).mul(0.07).add(1.6);
                    yield x.mul(graph.nn().sigmoid(x.mul(slope)));
                }
                case GELU_EXACT -> x.mul(graph.math().erf(x.mul(Math.sqrt(0.5))).add(1.0).mul(0.5));
                case SOFTMAX -> graph.nn().softmax(x, -1);
            };
        }

        Set<String> fused() {
            return switch (this) {
                case SOFTMAX -> Set.of("java_softmax", "java_softmax_gradient");
                case GELU_EXACT -> Set.of("java_erf_gate_gradient");
                default -> Set.of("java_gate", "java_gate_gradient");
            };
        }
    }

    /** The chain between two matrices, its input read elsewhere or not. */
    private static SameDiff graph(Chain chain, DataType type, boolean isReadElsewhere) {
        SameDiff graph = SameDiff.create();
        SDVariable rows = graph.placeHolder("rows", type, -1, 5);
        SDVariable first = graph.var("first", JavaOps.normal(1, 1, 5, 7).castTo(type));
        SDVariable second = graph.var("second", JavaOps.normal(2, 1, 7, 3).castTo(type));
        SDVariable x = graph.mmul(rows, first).rename("x");
        SDVariable y = chain.of(graph, x).rename("y");
        SDVariable z = isReadElsewhere ? y.add(graph.math().tanh(x)) : y;
        SDVariable loss = graph.math().square(graph.mmul(z, second)).sum();
        graph.setLossVariables(loss.rename("loss"));
        return graph;
    }

    private static Map<String, INDArray> rows(DataType type) {
        return Map.of("rows", JavaOps.normal(3, 2, 11, 5).castTo(type));
    }

    static SameDiff lean(SameDiff graph) {
        LeanGradients.fuse(graph);
        return graph.getFunction("grad");
    }

    /** Gradients of variables, by a session that knows our ops. */
    static Map<String, INDArray> gradients(
            SameDiff gradients, Map<String, INDArray> placeholders, List<String> of) {
        Map<String, String> names = new HashMap<>();
        of.forEach(name -> names.put(name, gradients.getVariable(name).getGradient().name()));
        Map<String, INDArray> values = values(gradients, placeholders, names.values());
        Map<String, INDArray> found = new HashMap<>();
        names.forEach((name, gradient) -> found.put(name, values.get(gradient)));
        return found;
    }

    static Map<String, INDArray> values(
            SameDiff graph, Map<String, INDArray> placeholders, Collection<String> wanted) {
        return new GraphSession(graph)
                .output(
                        new ArrayList<>(wanted),
                        placeholders,
                        null,
                        Set.of(),
                        List.of(),
                        At.defaultAt(Operation.INFERENCE));
    }

    /** Names of the ops that run for some variables. */
    static Set<String> running(SameDiff graph, Collection<String> wanted) {
        Deque<String> open = new ArrayDeque<>(wanted);
        Set<String> makers = new TreeSet<>();
        Set<String> names = new TreeSet<>();
        while (!open.isEmpty()) {
            String maker = graph.getVariables().get(open.pop()).getOutputOfOp();
            if (maker != null && makers.add(maker)) {
                names.add(graph.getOps().get(maker).getOp().opName());
                open.addAll(graph.getOps().get(maker).getInputsToOp());
            }
        }
        return names;
    }

    private static Set<String> running(SameDiff gradients) {
        return running(
                gradients,
                List.of(
                        gradients.getVariable("first").getGradient().name(),
                        gradients.getVariable("second").getGradient().name()));
    }

    static void assertClose(INDArray expected, INDArray found, double tolerance) {
        double size = expected.norm2Number().doubleValue();
        double error = expected.distance2(found.castTo(expected.dataType()));
        assertTrue(size > 0 && error <= tolerance * size, error + " of " + size);
    }

    @ParameterizedTest
    @EnumSource(Chain.class)
    void aFusedChainHasTheGradientsOfItsOps(Chain chain) {
        for (boolean isReadElsewhere : new boolean[] {false, true}) {
            SameDiff fused = lean(graph(chain, DataType.FLOAT, isReadElsewhere));
            SameDiff exact = graph(chain, DataType.DOUBLE, isReadElsewhere);
            List<String> parameters = List.of("first", "second");
            Map<String, INDArray> expected =
                    exact.calculateGradients(rows(DataType.DOUBLE), parameters);
            Map<String, INDArray> found = gradients(fused, rows(DataType.FLOAT), parameters);
            parameters.forEach(name -> assertClose(expected.get(name), found.get(name), 3e-6));
        }
    }

    @ParameterizedTest
    @EnumSource(Chain.class)
    void nothingOfAFusedChainRuns(Chain chain) {
        Set<String> names = running(lean(graph(chain, DataType.FLOAT, false)));
        assertTrue(names.containsAll(chain.fused()), () -> chain + ": " + names);
        for (String op : List.of("gelu", "sigmoid", "sigmoid_bp", "multiply_bp", "softmax")) {
            assertTrue(!names.contains(op), op);
        }
    }

    /** The gradient of an input that others read too is left to its ops. */
    @Test
    void aGradientThatAlsoComesFromElsewhereIsNotReplaced() {
        SameDiff gradients = lean(graph(Chain.SILU, DataType.FLOAT, true));
        Set<String> names = running(gradients);
        assertTrue(names.contains("java_gate"));
        assertTrue(names.contains("sigmoid_bp"));
    }

    @ParameterizedTest
    @EnumSource(Chain.class)
    void float64StaysAsItIs(Chain chain) {
        SameDiff gradients = lean(graph(chain, DataType.DOUBLE, false));
        assertTrue(running(gradients).stream().noneMatch(name -> name.startsWith("java")));
    }

    @Test
    void whatAChainHadInBetweenCanBeAskedFor() {
        SameDiff plain = graph(Chain.GELU_TANH, DataType.FLOAT, false);
        plain.createGradFunction();
        SameDiff reference = plain.getFunction("grad");
        SameDiff fused = lean(graph(Chain.GELU_TANH, DataType.FLOAT, false));
        List<String> all =
                reference.variables().stream()
                        .map(SDVariable::name)
                        .filter(name -> reference.getVariables().get(name).getOutputOfOp() != null)
                        .filter(name -> !name.equals("rows-grad")) // see HalfProducts
                        .toList();
        Map<String, INDArray> expected = values(reference, rows(DataType.FLOAT), all);
        Map<String, INDArray> found = values(fused, rows(DataType.FLOAT), all);
        assertTrue(all.contains("sigmoid-grad"));
        for (String name : all) {
            double size =
                    1 + expected.get(name).castTo(DataType.DOUBLE).norm2Number().doubleValue();
            double error =
                    expected.get(name)
                            .castTo(DataType.DOUBLE)
                            .distance2(found.get(name).castTo(DataType.DOUBLE));
            assertTrue(error <= 1e-5 * size, name + " " + error);
        }
    }

    @Test
    void repeatedPassesAreEqualBitByBit() {
        SameDiff gradients = lean(graph(Chain.GELU_TANH, DataType.FLOAT, false));
        List<String> first = List.of("first");
        assertEquals(
                gradients(gradients, rows(DataType.FLOAT), first),
                gradients(gradients, rows(DataType.FLOAT), first));
    }

    @Test
    void forwardGraphsAreFusedAlone() {
        SameDiff graph = graph(Chain.GELU_TANH, DataType.FLOAT, false);
        INDArray expected = graph.output(rows(DataType.FLOAT), "y").get("y");
        FusedOps.fuse(graph);
        assertEquals(Set.of("java_matmul", "java_gate"), running(graph, List.of("y")));
        assertClose(expected, values(graph, rows(DataType.FLOAT), List.of("y")).get("y"), 1e-6);
    }

    private static SameDiff logProbs(DataType type, boolean isSlopeRead) {
        SameDiff graph = SameDiff.create();
        SDVariable table = graph.var("first", JavaOps.normal(1, 2, 6, 9).castTo(type));
        SDVariable rows = graph.placeHolder("rows", type, -1, 6);
        SDVariable labels = graph.placeHolder("labels", DataType.INT32, -1, -1);
        SDVariable logits = graph.mmul(rows, table).rename("logits");
        ResponseLogProbs responses = ResponseLogProbs.define(graph, logits, labels, 9);
        SDVariable loss = graph.math().square(responses.logProbs()).sum();
        if (isSlopeRead) {
            loss = loss.add(graph.getVariable("subtract_2").sum());
        }
        graph.setLossVariables(loss.rename("loss"));
        return graph;
    }

    private static Map<String, INDArray> labelled(DataType type) {
        return Map.of(
                "rows", JavaOps.normal(4, 1, 6, 6).castTo(type),
                "labels", Nd4j.createFromArray(new int[][] {{1, -1, 8}, {0, 5, -100}}));
    }

    @Test
    void logProbabilitiesOfLabelsReadTheLogitsTwice() {
        SameDiff fused = lean(logProbs(DataType.FLOAT, false));
        List<String> first = List.of("first");
        Map<String, INDArray> expected =
                logProbs(DataType.DOUBLE, false)
                        .calculateGradients(labelled(DataType.DOUBLE), first);
        Map<String, INDArray> found = gradients(fused, labelled(DataType.FLOAT), first);
        assertClose(expected.get("first"), found.get("first"), 1e-6);
        Set<String> names =
                running(fused, List.of(fused.getVariable("first").getGradient().name()));
        assertTrue(names.containsAll(Set.of("java_log_prob", "java_missing")));
        for (String gone : List.of("softmax", "java_softmax", "onehot", "reduce_max", "log")) {
            assertTrue(!names.contains(gone), gone);
        }
    }
}
