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
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class RotaryOpsTest {
    private static final int WIDTH = 6;

    /** What moves columns. */
    private enum Moves {
        /** (−second half, first half) of the first four columns, zeros behind. */
        HALVES,
        /** Each pair of neighbours. */
        PAIRS,
        /** Any places, each with a factor of its own. */
        SCATTERED;

        INDArray matrix() {
            double[][] values = new double[WIDTH][WIDTH];
            switch (this) {
                case HALVES -> {
                    values[2][0] = -1;
                    values[3][1] = -1;
                    values[0][2] = 1;
                    values[1][3] = 1;
                }
                case PAIRS -> {
                    for (int j = 0; j < WIDTH; j += 2) {
                        values[j + 1][j] = -1;
                        values[j][j + 1] = 1;
                    }
                }
                case SCATTERED -> {
                    values[5][0] = 2;
                    values[1][1] = -0.5;
                    values[0][4] = 3;
                    values[3][2] = 0.25;
                }
            }
            return Nd4j.createFromArray(values).castTo(DataType.FLOAT);
        }

        Rotation rotation() {
            return Rotation.of(matrix()).orElseThrow();
        }
    }

    private static INDArray exact(INDArray x) {
        return x.castTo(DataType.DOUBLE);
    }

    /** {@code x∘c + (x·R)∘s} in float64. */
    private static INDArray naive(Moves moves, INDArray x, INDArray cos, INDArray sin) {
        INDArray across = exact(x).mmul(exact(moves.matrix()));
        return exact(x).mul(exact(cos)).add(across.mul(exact(sin)));
    }

    @ParameterizedTest
    @CsvSource({
        "HALVES, 1",
        "PAIRS, 3",
        "SCATTERED, 5",
        "HALVES, 683",
        "PAIRS, 700",
        "SCATTERED, 50001"
    })
    void valuesFollowTheFormula(Moves moves, int rows) {
        INDArray x = JavaOps.normal(1, 2, rows, WIDTH);
        INDArray cos = JavaOps.normal(2, 1, rows, WIDTH);
        INDArray sin = JavaOps.normal(3, 1, rows, WIDTH);
        INDArray y = JavaOps.one(new RotaryOp(moves.rotation()), x, cos, sin);
        assertClose(naive(moves, x, cos, sin), y, 2e-7);
        INDArray again = JavaOps.one(new RotaryOp(moves.rotation()), x, cos, sin);
        assertEquals(y, again);
    }

    /** The formula is linear in x, so that a difference is the slope. */
    @ParameterizedTest
    @EnumSource(Moves.class)
    void gradientsAreDifferencesOfTheFormula(Moves moves) {
        int rows = 3;
        INDArray x = JavaOps.normal(1, 2, rows, WIDTH);
        INDArray cos = JavaOps.normal(2, 1, rows, WIDTH);
        INDArray sin = JavaOps.normal(3, 1, rows, WIDTH);
        INDArray above = JavaOps.normal(4, 1, rows, WIDTH);
        RotaryGradientOp op = new RotaryGradientOp(moves.rotation());
        INDArray gradient = JavaOps.one(op, above, cos, sin, x);
        for (int i = 0; i < x.length(); i++) {
            INDArray moved = x.dup();
            moved.putScalar(i, x.getFloat(i) + 1);
            INDArray change = naive(moves, moved, cos, sin).sub(naive(moves, x, cos, sin));
            double slope = change.mul(exact(above)).sumNumber().doubleValue();
            assertEquals(slope, gradient.getFloat(i), 2e-6, moves + " at " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 700})
    void gradientsOfManyRowsAreThoseOfEach(int rows) {
        INDArray cos = JavaOps.normal(2, 1, rows, WIDTH);
        INDArray sin = JavaOps.normal(3, 1, rows, WIDTH);
        INDArray above = JavaOps.normal(4, 1, rows, WIDTH);
        INDArray across =
                exact(above).mul(exact(sin)).mmul(exact(Moves.PAIRS.matrix().transpose()));
        INDArray expected = exact(above).mul(exact(cos)).add(across);
        RotaryGradientOp op = new RotaryGradientOp(Moves.PAIRS.rotation());
        assertClose(expected, JavaOps.one(op, above, cos, sin, above), 2e-7);
    }

    /** As ND4J's ops do, whichever of the three is the smaller one. */
    @Test
    void whatIsRepeatedAlongRowsIsSummedInTheGradient() {
        INDArray one = JavaOps.normal(5, 1, 1, WIDTH);
        INDArray many = JavaOps.normal(6, 1, 4, WIDTH);
        RotaryOp op = new RotaryOp(Moves.HALVES.rotation());
        INDArray ones = Nd4j.ones(DataType.FLOAT, 4, 1);
        INDArray all = ones.mmul(one);
        assertEquals(JavaOps.one(op, many, all, many), JavaOps.one(op, many, one, many));
        assertEquals(JavaOps.one(op, all, many, many), JavaOps.one(op, one, many, many));
        RotaryGradientOp back = new RotaryGradientOp(Moves.HALVES.rotation());
        INDArray above = JavaOps.normal(7, 1, 4, WIDTH);
        INDArray each = JavaOps.one(back, above, many, all, many);
        assertEquals(each, JavaOps.one(back, above, many, one, many));
        assertClose(each.sum(true, 0), JavaOps.one(back, above, many, all, one), 1e-6);
    }

    @Test
    void whatIsNoRotationIsNotTakenForOne() {
        INDArray twiceInAColumn = Nd4j.createFromArray(new float[][] {{1, 0}, {1, 0}});
        INDArray twiceInARow = Nd4j.createFromArray(new float[][] {{1, 1}, {0, 0}});
        assertEquals(Optional.empty(), Rotation.of(twiceInAColumn));
        assertEquals(Optional.empty(), Rotation.of(twiceInARow));
        assertTrue(Rotation.of(Nd4j.zeros(DataType.FLOAT, 3, 3)).isPresent());
        INDArray notANumber = Nd4j.createFromArray(new float[][] {{Float.NaN, 1}, {1, 0}});
        assertEquals(Optional.empty(), Rotation.of(notANumber));
    }

    /** Heads turned between two matrices, their rows read elsewhere or not. */
    private static SameDiff graph(DataType type, INDArray matrix, boolean isReadElsewhere) {
        SameDiff graph = SameDiff.create();
        SDVariable rows = graph.placeHolder("rows", type, -1, 5);
        SDVariable first = graph.var("first", JavaOps.normal(1, 1, 5, WIDTH).castTo(type));
        SDVariable second = graph.var("second", JavaOps.normal(2, 1, WIDTH, 3).castTo(type));
        SDVariable cos = graph.constant(JavaOps.normal(3, 1, 7, WIDTH).castTo(type));
        SDVariable sin = graph.constant(JavaOps.normal(4, 1, 7, WIDTH).castTo(type));
        SDVariable turning = graph.constant(matrix.castTo(type));
        SDVariable x = graph.mmul(rows, first).rename("x");
        SDVariable turned = x.mul(cos).add(graph.mmul(x, turning).mul(sin)).rename("turned");
        SDVariable z = isReadElsewhere ? turned.add(graph.math().tanh(x)) : turned;
        graph.setLossVariables(graph.math().square(graph.mmul(z, second)).sum().rename("loss"));
        return graph;
    }

    private static Map<String, INDArray> rows(DataType type) {
        return Map.of("rows", JavaOps.normal(5, 1, 7, 5).castTo(type));
    }

    private static Set<String> check(INDArray matrix, boolean isReadElsewhere) {
        List<String> parameters = List.of("first", "second");
        SameDiff fused = lean(graph(DataType.FLOAT, matrix, isReadElsewhere));
        Map<String, INDArray> expected =
                graph(DataType.DOUBLE, matrix, isReadElsewhere)
                        .calculateGradients(rows(DataType.DOUBLE), parameters);
        Map<String, INDArray> found = gradients(fused, rows(DataType.FLOAT), parameters);
        parameters.forEach(name -> assertClose(expected.get(name), found.get(name), 3e-6));
        return running(
                fused,
                parameters.stream().map(p -> fused.getVariable(p).getGradient().name()).toList());
    }

    @ParameterizedTest
    @EnumSource(Moves.class)
    void aFusedRotationHasTheGradientsOfItsOps(Moves moves) {
        Set<String> names = check(moves.matrix(), false);
        assertTrue(names.containsAll(Set.of("java_rotary", "java_rotary_gradient")));
        assertFalse(names.contains("multiply_bp"), names::toString);
    }

    @ParameterizedTest
    @EnumSource(Moves.class)
    void aGradientThatAlsoComesFromElsewhereIsNotReplaced(Moves moves) {
        Set<String> names = check(moves.matrix(), true);
        assertTrue(names.contains("java_rotary"));
        assertFalse(names.contains("java_rotary_gradient"), names::toString);
    }

    @Test
    void otherMatricesStayProducts() {
        Set<String> names = check(JavaOps.normal(8, 1, WIDTH, WIDTH), false);
        assertFalse(names.contains("java_rotary"), names::toString);
    }

    @Test
    void float64StaysAsItIs() {
        SameDiff fused = lean(graph(DataType.DOUBLE, Moves.PAIRS.matrix(), false));
        assertFalse(running(fused, List.of("loss")).contains("java_rotary"));
    }
}
