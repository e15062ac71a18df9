package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class GateTest {
    private static final float[] EDGES = {
        0f, -0f, 1e-30f, -1e-30f, 1e-6f, -1e-6f, 1, -1, 5, -5, 15, -15, 26.5f, -26.5f, 50, -50, 100,
        -100, 1e4f, -1e4f, 1e30f, -1e30f
    };

    static Stream<Gate> gates() {
        double linear = 2 * Math.sqrt(2 / Math.PI);
        return Stream.of(
                Gate.GELU,
                Gate.SILU,
                new Gate((float) linear, (float) (0.044715 * linear)),
                new Gate(0.1f, 0));
    }

    private static double argument(Gate gate, double x) {
        return x * (gate.linear() + gate.cubic() * x * x);
    }

    private static double value(Gate gate, double x) {
        double e = Math.exp(-Math.abs(argument(gate, x)));
        return x * (argument(gate, x) >= 0 ? 1 : e) / (1 + e);
    }

    /** Central differences of fourth order. */
    private static double slope(Gate gate, double x) {
        double h = 1e-3;
        return (8 * (value(gate, x + h) - value(gate, x - h))
                        - (value(gate, x + 2 * h) - value(gate, x - 2 * h)))
                / (12 * h);
    }

    private static double tolerance(Gate gate, double x) {
        double u = Math.min(88, Math.abs(argument(gate, x)));
        return 2e-7 * (2 + u);
    }

    @ParameterizedTest
    @MethodSource("gates")
    void valuesFollowTheFormula(Gate gate) {
        for (double spread : new double[] {1e-4, 1, 10, 1e4}) {
            INDArray x = JavaOps.normal(3, spread, 1001);
            checkValues(gate, x);
        }
        checkValues(gate, Nd4j.createFromArray(EDGES));
    }

    private static void checkValues(Gate gate, INDArray x) {
        float[] y = JavaOps.floats(JavaOps.one(new GateOp(gate), x));
        float[] at = JavaOps.floats(x);
        for (int i = 0; i < y.length; i++) {
            double expected = value(gate, at[i]);
            double error = Math.abs(y[i] - expected);
            // where σ is held at e⁻⁸⁷, x·σ is as good as 0
            double bound = tolerance(gate, at[i]) * Math.abs(expected) + 1e-37 * Math.abs(at[i]);
            assertTrue(error <= bound, gate + " of " + at[i] + ": " + y[i] + ", not " + expected);
        }
    }

    @ParameterizedTest
    @MethodSource("gates")
    void gradientsAreTheSlopesOfTheFormula(Gate gate) {
        INDArray x = JavaOps.normal(4, 4, 999);
        INDArray above = JavaOps.normal(5, 3, 999);
        float[] dx = JavaOps.floats(JavaOps.one(new GateGradientOp(gate), x, above));
        for (int i = 0; i < dx.length; i++) {
            double expected = slope(gate, x.getFloat(i)) * above.getFloat(i);
            double bound = 1e-6 * Math.abs(above.getFloat(i));
            assertEquals(expected, dx[i], bound, gate + " at " + x.getFloat(i));
        }
    }

    /** ND4J's derivative of gelu is not a number above 26. */
    @ParameterizedTest
    @MethodSource("gates")
    void slopesFarAwayAreZeroAndOne(Gate gate) {
        for (float x : new float[] {2e3f, 1e4f, 1e19f, 1e30f, Float.MAX_VALUE}) {
            INDArray at = Nd4j.createFromArray(x, -x);
            INDArray ones = Nd4j.ones(DataType.FLOAT, 2);
            float[] dx = JavaOps.floats(JavaOps.one(new GateGradientOp(gate), at, ones));
            assertEquals(1, dx[0], "above, at " + x);
            assertEquals(0, dx[1], 1e-20, "below, at " + x);
        }
    }

    /** ∂ of x·Φ(x): Φ + x·φ, whatever the share is said to be. */
    @Test
    void gradientsOfTheExactGeluFollowTheFormula() {
        float scale = (float) Math.sqrt(0.5);
        ErfGate.GradientOp op = new ErfGate.GradientOp(new ErfGate(0.5f, scale));
        INDArray share = JavaOps.normal(8, 1, EDGES.length);
        INDArray above = JavaOps.normal(9, 2, EDGES.length);
        INDArray x = Nd4j.createFromArray(EDGES);
        float[] dx = JavaOps.floats(JavaOps.one(op, above, x, share));
        for (int i = 0; i < dx.length; i++) {
            double at = EDGES[i];
            double bell = Math.exp(-at * at / 2) / Math.sqrt(2 * Math.PI);
            double expected = above.getFloat(i) * (share.getFloat(i) + at * bell);
            assertEquals(expected, dx[i], 1e-6 * (1 + Math.abs(expected)), "at " + at);
        }
    }

    @Test
    void geluIsWhatNd4jComputes() {
        INDArray x = JavaOps.normal(6, 3, 37, 11);
        INDArray expected = Nd4j.nn().gelu(x.dup()); // changes its argument
        INDArray y = JavaOps.one(new GateOp(Gate.GELU), x);
        assertTrue(y.distance2(expected) <= 1e-6 * expected.norm2Number().doubleValue());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4096, 4099, 300_001})
    void everyElementIsComputedForEveryLength(int length) {
        INDArray x = JavaOps.normal(7, 2, length);
        INDArray y = JavaOps.one(new GateOp(Gate.SILU), x);
        INDArray again = JavaOps.one(new GateOp(Gate.SILU), x);
        assertEquals(y, again);
        for (int i : new int[] {0, length / 2, length - 1}) {
            double expected = value(Gate.SILU, x.getFloat(i));
            assertEquals(expected, y.getFloat(i), 1e-6 * Math.abs(expected));
        }
        assertTrue(y.isNaN().castTo(DataType.INT32).sumNumber().intValue() == 0);
    }

    @Test
    void whatIsNotANumberStays() {
        INDArray x = Nd4j.createFromArray(1f, Float.NaN, 2f);
        INDArray ones = Nd4j.ones(DataType.FLOAT, 3);
        for (INDArray y :
                new INDArray[] {
                    JavaOps.one(new GateOp(Gate.GELU), x),
                    JavaOps.one(new GateGradientOp(Gate.GELU), x, ones)
                }) {
            assertTrue(Float.isNaN(y.getFloat(1)));
            assertTrue(Float.isFinite(y.getFloat(0)) && Float.isFinite(y.getFloat(2)));
        }
    }
}
