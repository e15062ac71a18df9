package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.MmulBp;
import org.nd4j.linalg.factory.Nd4j;

class MatmulOpsTest {
    private static final int M = 3;
    private static final int K = 4;
    private static final int N = 5;

    static Stream<Arguments> cases() {
        return Stream.of(new long[0], new long[] {2}, new long[] {2, 3})
                .flatMap(
                        leading ->
                                Stream.of(0, 1, 2, 3)
                                        .map(
                                                flags ->
                                                        Arguments.of(
                                                                leading,
                                                                (flags & 1) != 0,
                                                                (flags & 2) != 0)));
    }

    private static INDArray factor(int seed, long[] leading, int rows, int columns, boolean swap) {
        long[] shape = new long[leading.length + 2];
        System.arraycopy(leading, 0, shape, 0, leading.length);
        shape[leading.length] = swap ? columns : rows;
        shape[leading.length + 1] = swap ? rows : columns;
        return JavaOps.normal(seed, 1, shape);
    }

    /** The matrix with a number, as it enters the product, float64. */
    private static INDArray matrix(INDArray all, int number, boolean swap) {
        INDArray flat = all.reshape(-1, all.size(-2), all.size(-1)).slice(number);
        INDArray exact = flat.castTo(DataType.DOUBLE);
        return swap ? exact.transpose() : exact;
    }

    private static double loss(INDArray a, INDArray b, boolean left, boolean right, INDArray w) {
        double sum = 0;
        for (int i = 0; i < w.length() / (M * N); i++) {
            INDArray product = matrix(a, i, left).mmul(matrix(b, i, right));
            sum += product.mul(matrix(w, i, false)).sumNumber().doubleValue();
        }
        return sum;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void productsAreThoseOfEachPairOfMatrices(long[] leading, boolean left, boolean right) {
        INDArray a = factor(1, leading, M, K, left);
        INDArray b = factor(2, leading, K, N, right);
        INDArray c = JavaOps.one(new MatmulOp(left, right), a, b);
        assertEquals(leading.length + 2, c.rank());
        for (int i = 0; i < c.length() / (M * N); i++) {
            INDArray expected = matrix(a, i, left).mmul(matrix(b, i, right));
            assertClose(expected, matrix(c, i, false), 1e-6);
        }
    }

    /** A product is linear in each factor, so that a difference is the slope. */
    @ParameterizedTest
    @MethodSource("cases")
    void gradientsAreDifferencesOfTheProduct(long[] leading, boolean left, boolean right) {
        INDArray a = factor(1, leading, M, K, left);
        INDArray b = factor(2, leading, K, N, right);
        INDArray above = factor(3, leading, M, N, false);
        List<INDArray> found = JavaOps.run(new MatmulGradientOp(left, right), a, b, above);
        double start = loss(a, b, left, right, above);
        for (int i = 0; i < a.length(); i++) {
            INDArray moved = a.dup();
            moved.putScalar(i, a.getFloat(i) + 1);
            double slope = loss(moved, b, left, right, above) - start;
            assertEquals(slope, JavaOps.floats(found.get(0))[i], 1e-5);
        }
        for (int i = 0; i < b.length(); i++) {
            INDArray moved = b.dup();
            moved.putScalar(i, b.getFloat(i) + 1);
            double slope = loss(a, moved, left, right, above) - start;
            assertEquals(slope, JavaOps.floats(found.get(1))[i], 1e-5);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientsAreThoseOfNd4j(long[] leading, boolean left, boolean right) {
        INDArray a = factor(4, leading, M, K, left);
        INDArray b = factor(5, leading, K, N, right);
        INDArray above = factor(6, leading, M, N, false);
        MMulTranspose how = MMulTranspose.builder().transposeA(left).transposeB(right).build();
        INDArray da = a.ulike();
        INDArray db = b.ulike();
        Nd4j.exec(new MmulBp(a, b, above, da, db, how));
        List<INDArray> found = JavaOps.run(new MatmulGradientOp(left, right), a, b, above);
        assertClose(da, found.get(0), 1e-6);
        assertClose(db, found.get(1), 1e-6);
    }

    @Test
    void vectorsAreLeftToNd4j() {
        INDArray matrix = JavaOps.normal(8, 1, K, N);
        INDArray vector = JavaOps.normal(9, 1, K);
        INDArray row = JavaOps.one(new MatmulOp(false, false), vector, matrix);
        assertArrayEquals(new long[] {N}, row.shape());
        assertClose(vector.reshape(1, K).mmul(matrix).reshape(N), row, 1e-6);
        INDArray turned = JavaOps.one(new MatmulOp(false, true), vector, matrix.transpose().dup());
        assertClose(row, turned, 1e-6);
    }

    private static SameDiff graph(DataType type, boolean left, boolean right) {
        SameDiff graph = SameDiff.create();
        long[] leading = {2, 3};
        SDVariable rows = graph.placeHolder("rows", type, 2, 3, M, N);
        SDVariable a = graph.var("a", factor(10, leading, M, K, left).castTo(type));
        SDVariable b = graph.var("b", factor(11, leading, K, N, right).castTo(type));
        SDVariable product = graph.mmul(a, b, left, right, false);
        graph.setLossVariables(graph.math().square(product.sub(rows)).sum().rename("loss"));
        return graph;
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void aFusedProductHasTheGradientsOfItsOps(boolean left, boolean right) {
        INDArray rows = JavaOps.normal(12, 1, 2, 3, M, N);
        List<String> parameters = List.of("a", "b");
        SameDiff fused = lean(graph(DataType.FLOAT, left, right));
        Map<String, INDArray> expected =
                graph(DataType.DOUBLE, left, right)
                        .calculateGradients(
                                Map.of("rows", rows.castTo(DataType.DOUBLE)), parameters);
        Map<String, INDArray> found = gradients(fused, Map.of("rows", rows), parameters);
        parameters.forEach(name -> assertClose(expected.get(name), found.get(name), 2e-6));
        List<String> wanted =
                parameters.stream().map(p -> fused.getVariable(p).getGradient().name()).toList();
        Set<String> names = running(fused, wanted);
        assertTrue(names.containsAll(Set.of("java_matmul", "java_matmul_gradient")));
        assertFalse(names.contains("matmul_bp"));
    }

    @Test
    void float64StaysAsItIs() {
        SameDiff fused = lean(graph(DataType.DOUBLE, false, false));
        assertTrue(running(fused, List.of("loss")).contains("matmul"));
    }
}
