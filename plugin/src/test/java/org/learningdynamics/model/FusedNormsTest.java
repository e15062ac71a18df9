package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.learningdynamics.model.FusedOpsTest.assertClose;
import static org.learningdynamics.model.FusedOpsTest.gradients;
import static org.learningdynamics.model.FusedOpsTest.lean;
import static org.learningdynamics.model.FusedOpsTest.running;
import static org.learningdynamics.model.FusedOpsTest.values;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class FusedNormsTest {
    private static final int WIDTH = 6;
    private static final List<String> PARAMETERS = List.of("table", "gain", "bias", "mixing");

    @BeforeAll
    static void repairGather() {
        GradientRepairs.installGather();
    }

    /** Rows of a table through a norm with gain and bias, beside them or not, to the same table. */
    private static SameDiff graph(DataType type, boolean isLayer, boolean isResidual) {
        SameDiff graph = SameDiff.create();
        SDVariable table = graph.var("table", JavaOps.normal(1, 1, 9, WIDTH).castTo(type));
        SDVariable mixing = graph.var("mixing", JavaOps.normal(2, 1, WIDTH, WIDTH).castTo(type));
        SDVariable gain = graph.var("gain", JavaOps.normal(3, 1, 1, WIDTH).castTo(type));
        SDVariable bias = graph.var("bias", JavaOps.normal(4, 1, WIDTH).castTo(type));
        SDVariable ids = graph.placeHolder("ids", DataType.INT32, -1);
        SDVariable x = graph.mmul(graph.gather(table, ids, 0), mixing).rename("x");
        SDVariable y = norm(graph, x, gain, isLayer).rename("y").add(bias);
        SDVariable z = isResidual ? x.add(y) : y;
        SDVariable logits = graph.mmul(z, table, false, true, false);
        graph.setLossVariables(graph.math().square(logits).sum().rename("loss"));
        return graph;
    }

    /** As the decoders have it. */
    private static SDVariable norm(SameDiff graph, SDVariable x, SDVariable gain, boolean isLayer) {
        DataType type = x.dataType();
        SDVariable averaging =
                graph.constant(Nd4j.valueArrayOf(new long[] {WIDTH, 1}, 1.0 / WIDTH, type));
        SDVariable ones = graph.constant(Nd4j.ones(type, 1, WIDTH));
        SDVariable centred = isLayer ? x.sub(graph.mmul(graph.mmul(x, averaging), ones)) : x;
        SDVariable square = graph.mmul(centred.mul(centred), averaging);
        return centred.mul(graph.mmul(graph.math().rsqrt(square.add(1e-5)), gain));
    }

    /** Two norms side by side read what is added to both. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void parallelNormsAreEachReplaced(boolean isLayer) {
        List<String> parameters = List.of("first", "gain", "other");
        SameDiff fused = lean(parallel(DataType.FLOAT, isLayer));
        Map<String, INDArray> rows = Map.of("rows", JavaOps.normal(5, 1, 7, WIDTH));
        Map<String, INDArray> exactRows = Map.of("rows", rows.get("rows").castTo(DataType.DOUBLE));
        Map<String, INDArray> expected =
                parallel(DataType.DOUBLE, isLayer).calculateGradients(exactRows, parameters);
        Map<String, INDArray> found = gradients(fused, rows, parameters);
        parameters.forEach(name -> assertClose(expected.get(name), found.get(name), 3e-6));
        List<String> wanted = new ArrayList<>();
        parameters.forEach(p -> wanted.add(fused.getVariable(p).getGradient().name()));
        Set<String> names = running(fused, wanted);
        assertTrue(names.contains("java_norm_gradient"), names::toString);
        assertTrue(
                !names.contains("multiply_bp") && !names.contains("subtract_bp"), names::toString);
    }

    private static SameDiff parallel(DataType type, boolean isLayer) {
        SameDiff graph = SameDiff.create();
        SDVariable rows = graph.placeHolder("rows", type, -1, WIDTH);
        SDVariable first = graph.var("first", JavaOps.normal(2, 1, WIDTH, WIDTH).castTo(type));
        SDVariable gain = graph.var("gain", JavaOps.normal(3, 1, 1, WIDTH).castTo(type));
        SDVariable other = graph.var("other", JavaOps.normal(6, 1, 1, WIDTH).castTo(type));
        SDVariable mixing = graph.constant(JavaOps.normal(4, 1, WIDTH, WIDTH).castTo(type));
        SDVariable x = graph.mmul(rows, first);
        SDVariable left = graph.mmul(norm(graph, x, gain, isLayer), mixing);
        for (int i = 0; i < 6; i++) { // attention has more ops than a feed-forward layer
            left = graph.math().tanh(left);
        }
        SDVariable right = graph.mmul(norm(graph, x, other, isLayer), mixing);
        SDVariable all = graph.mmul(x.add(left).add(right), mixing);
        graph.setLossVariables(graph.math().square(all).sum().rename("loss"));
        return graph;
    }

    private static final Map<String, INDArray> IDS =
            Map.of("ids", Nd4j.createFromArray(1, 1, 0, 8, 4));

    private static Set<String> forGradients(SameDiff gradients) {
        List<String> wanted = new ArrayList<>();
        PARAMETERS.forEach(p -> wanted.add(gradients.getVariable(p).getGradient().name()));
        return running(gradients, wanted);
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void gradientsAreThoseOfTheOps(boolean isLayer, boolean isResidual) {
        SameDiff fused = lean(graph(DataType.FLOAT, isLayer, isResidual));
        Map<String, INDArray> expected =
                graph(DataType.DOUBLE, isLayer, isResidual).calculateGradients(IDS, PARAMETERS);
        Map<String, INDArray> found = gradients(fused, IDS, PARAMETERS);
        PARAMETERS.forEach(name -> assertClose(expected.get(name), found.get(name), 3e-6));
        Set<String> names = forGradients(fused);
        assertTrue(
                names.containsAll(
                        Set.of(
                                "java_norm",
                                "java_norm_gradient",
                                "java_gain_gradient",
                                "java_column_sums",
                                "java_rows_added")),
                names::toString);
        for (String gone : List.of("rsqrt", "multiply_bp", "add_bp", "subtract", "scatter_add")) {
            assertTrue(!names.contains(gone), () -> gone + " is among " + names);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatANormHadInBetweenCanBeAskedFor(boolean isLayer) {
        SameDiff plain = graph(DataType.FLOAT, isLayer, true);
        plain.createGradFunction();
        SameDiff reference = plain.getFunction("grad");
        SameDiff fused = lean(graph(DataType.FLOAT, isLayer, true));
        List<String> all =
                reference.variables().stream()
                        .map(SDVariable::name)
                        .filter(name -> reference.getVariables().get(name).getOutputOfOp() != null)
                        .filter(name -> fused.getVariables().get(name).getOutputOfOp() != null)
                        .filter(name -> isMade(fused, name))
                        .toList();
        assertTrue(all.containsAll(List.of("rsqrt", "rsqrt-grad", "y-grad")));
        Map<String, INDArray> expected = values(reference, IDS, all);
        Map<String, INDArray> found = values(fused, IDS, all);
        for (String name : all) {
            INDArray value = expected.get(name).castTo(DataType.DOUBLE);
            double error = value.distance2(found.get(name).castTo(DataType.DOUBLE));
            double size = 1 + value.norm2Number().doubleValue();
            assertTrue(error <= 1e-5 * size, name + " " + error);
        }
    }

    /** Halves of products that nobody reads are gone before anything is fused. */
    private static boolean isMade(SameDiff graph, String variable) {
        String maker = graph.getVariables().get(variable).getOutputOfOp();
        return graph.getOps().get(maker).getOutputsOfOp().contains(variable);
    }

    /** A gain that is no gain of this norm, or a mean over less, is not taken for one. */
    @Test
    void otherChainsStay() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, -1, WIDTH);
        SDVariable gain = graph.var("gain", JavaOps.normal(3, 1, 1, WIDTH));
        SDVariable part =
                graph.constant(
                        Nd4j.valueArrayOf(new long[] {WIDTH, 1}, 0.5 / WIDTH, DataType.FLOAT));
        SDVariable square = graph.mmul(x.mul(x), part);
        SDVariable y = x.mul(graph.mmul(graph.math().rsqrt(square.add(1e-5)), gain));
        y.rename("y");
        FusedOps.fuse(graph);
        assertTrue(!running(graph, List.of("y")).contains("java_norm"));
    }

    @Test
    void float64StaysAsItIs() {
        Set<String> names = forGradients(lean(graph(DataType.DOUBLE, true, true)));
        assertTrue(names.stream().noneMatch(name -> name.startsWith("java")), names::toString);
    }

    /** Another reader of what stands in between has a share in the gradient. */
    @Test
    void aNormWhoseRootIsReadElsewhereKeepsItsGradient() {
        SameDiff graph = graph(DataType.FLOAT, false, true);
        SameDiff exact = graph(DataType.DOUBLE, false, true);
        for (SameDiff each : List.of(graph, exact)) {
            SDVariable loss = each.getVariable("loss").add(each.getVariable("rsqrt").sum());
            each.setLossVariables(loss.rename("both"));
        }
        SameDiff fused = lean(graph);
        Map<String, INDArray> expected = exact.calculateGradients(IDS, PARAMETERS);
        Map<String, INDArray> found = gradients(fused, IDS, PARAMETERS);
        PARAMETERS.forEach(name -> assertClose(expected.get(name), found.get(name), 3e-6));
        assertTrue(!forGradients(fused).contains("java_norm_gradient"));
    }
}
