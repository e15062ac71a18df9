package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.learningdynamics.model.FusedOpsTest.assertClose;
import static org.learningdynamics.model.FusedOpsTest.running;
import static org.learningdynamics.model.FusedOpsTest.values;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class FusedBiasesTest {
    private static final int WIDTH = 6;
    private static final double EPSILON = 1e-5;

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 5", "7, 129", "700, 401", "2, 6001"})
    void opsFollowTheFormulas(int rows, int length) {
        INDArray x = JavaOps.normal(1, 2, rows, length);
        INDArray z = JavaOps.normal(2, 2, rows, length);
        INDArray gain = JavaOps.normal(3, 1, 1, length);
        INDArray bias = JavaOps.normal(4, 1, length);
        INDArray sum = JavaOps.one(new BiasedSumOp(), x, z, bias);
        INDArray gate = JavaOps.one(new BiasedGateOp(Gate.SILU), x, bias);
        INDArray norm = JavaOps.one(new BiasedNormOp(new Norm(true, EPSILON)), x, gain, bias);
        for (int i = 0; i < rows; i++) {
            double[] row = x.getRow(i).dup().toDoubleVector();
            double mean = mean(row, 0);
            double root = Math.sqrt(mean(row, mean) + EPSILON);
            for (int j = 0; j < length; j++) {
                double b = bias.getFloat(j);
                double shifted = row[j] + b;
                double scaled = (row[j] - mean) / root * gain.getFloat(0, j);
                assertEquals(z.getDouble(i, j) + shifted, sum.getDouble(i, j), 2e-6);
                assertEquals(shifted / (1 + Math.exp(-shifted)), gate.getDouble(i, j), 4e-6);
                assertEquals(scaled + b, norm.getDouble(i, j), 1e-5 * (1 + Math.abs(scaled)));
            }
        }
    }

    /** Of the values, or, with a centre, of the squares of their distances from it. */
    private static double mean(double[] values, double centre) {
        double sum = 0;
        for (double value : values) {
            sum += centre == 0 ? value : (value - centre) * (value - centre);
        }
        return sum / values.length;
    }

    /** {@code y = x + (gate(norm(x)·W + b)·W + b)}, as decoders have it. */
    private static SameDiff graph(DataType type) {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", type, -1, WIDTH);
        SDVariable matrix = graph.constant("w", JavaOps.normal(2, 1, WIDTH, WIDTH).castTo(type));
        SDVariable bias = graph.constant("b", JavaOps.normal(3, 1, 1, WIDTH).castTo(type));
        SDVariable averaging =
                graph.constant(Nd4j.valueArrayOf(new long[] {WIDTH, 1}, 1.0 / WIDTH, type));
        SDVariable ones = graph.constant(Nd4j.ones(type, 1, WIDTH));
        SDVariable centred = x.sub(graph.mmul(graph.mmul(x, averaging), ones));
        SDVariable square = graph.mmul(centred.mul(centred), averaging);
        SDVariable gain = graph.constant(JavaOps.normal(4, 1, 1, WIDTH).castTo(type));
        SDVariable scaled = centred.mul(graph.mmul(graph.math().rsqrt(square.add(EPSILON)), gain));
        SDVariable normed = scaled.add("normed", bias);
        SDVariable wide = graph.mmul(normed, matrix).add("wide", bias);
        SDVariable active = wide.mul(graph.nn().sigmoid(wide));
        SDVariable narrow = graph.mmul(active, matrix).add("narrow", bias);
        x.add("y", narrow);
        return graph;
    }

    private static SameDiff fused() {
        SameDiff graph = graph(DataType.FLOAT);
        FusedOps.fuse(graph);
        FusedBiases.fuse(graph, List.of("normed", "wide", "narrow"));
        return graph;
    }

    @Test
    void biasesAreAddedByTheOpsBesideThem() {
        Set<String> names = running(fused(), List.of("y"));
        assertTrue(
                names.containsAll(
                        Set.of("java_biased_norm", "java_biased_gate", "java_biased_sum")),
                names::toString);
        for (String gone : List.of("add", "java_norm", "java_gate")) {
            assertTrue(!names.contains(gone), names::toString);
        }
    }

    @Test
    void valuesStayAndSumsCanStillBeAskedFor() {
        INDArray x = JavaOps.normal(1, 1, 9, WIDTH);
        List<String> wanted = List.of("y", "wide", "narrow", "normed");
        Map<String, INDArray> expected =
                graph(DataType.DOUBLE).output(Map.of("x", x.castTo(DataType.DOUBLE)), wanted);
        for (List<String> some : List.of(List.of("y"), wanted)) {
            Map<String, INDArray> found = values(fused(), Map.of("x", x), some);
            some.forEach(name -> assertClose(expected.get(name), found.get(name), 2e-6));
        }
    }

    @Test
    void otherVariablesAndTypesStayAsTheyAre() {
        SameDiff exact = graph(DataType.DOUBLE);
        FusedBiases.fuse(exact, List.of("normed", "wide", "narrow", "x"));
        assertTrue(running(exact, List.of("y")).contains("add"));
        SameDiff graph = graph(DataType.FLOAT);
        FusedOps.fuse(graph);
        FusedBiases.fuse(graph, List.of("x", "w"));
        assertTrue(running(graph, List.of("y")).containsAll(Set.of("add", "java_gate")));
    }
}
