package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class NormTest {
    private static final double EPSILON = 1e-5;

    /** y of one row in float64. */
    private static double[] naive(boolean isLayer, double[] x, double[] gain) {
        double mean = 0;
        for (double value : x) {
            mean += isLayer ? value / x.length : 0;
        }
        double square = 0;
        for (double value : x) {
            square += (value - mean) * (value - mean) / x.length;
        }
        double[] y = new double[x.length];
        for (int j = 0; j < x.length; j++) {
            y[j] = (x[j] - mean) / Math.sqrt(square + EPSILON) * gain[j];
        }
        return y;
    }

    private static double[] row(INDArray array, int row) {
        return array.getRow(row).dup().toDoubleVector();
    }

    private static double[] all(INDArray gain) {
        return gain.reshape(gain.length()).toDoubleVector();
    }

    @ParameterizedTest
    @CsvSource({
        "true, 1, 1, 1", "false, 1, 1, 1", "true, 3, 5, 1", "false, 3, 5, 1e-4",
        "true, 7, 129, 100", "false, 7, 129, 1e4", "true, 700, 401, 2", "false, 2, 6001, 3"
    })
    void valuesFollowTheFormula(boolean isLayer, int rows, int length, double spread) {
        Norm norm = new Norm(isLayer, EPSILON);
        INDArray x = JavaOps.normal(1, spread, rows, length).addi(isLayer ? spread : 0);
        INDArray gain = JavaOps.normal(2, 1, 1, length);
        INDArray y = JavaOps.one(new NormOp(norm), x, gain);
        INDArray root = JavaOps.one(new RootOp(norm), x);
        assertArrayEquals(new long[] {rows, 1}, root.shape());
        for (int i = 0; i < rows; i++) {
            double[] expected = naive(isLayer, row(x, i), all(gain));
            double[] plain = naive(isLayer, row(x, i), ones(length));
            for (int j = 0; j < length; j++) {
                assertEquals(
                        expected[j], y.getFloat(i, j), 2e-6 * Math.abs(gain.getFloat(0, j)) * 5);
            }
            int last = length - 1;
            if (!isLayer) {
                double r = plain[last] / x.getDouble(i, last);
                assertEquals(r, root.getDouble(i, 0), 1e-6 * r);
            }
        }
    }

    private static double[] ones(int length) {
        double[] ones = new double[length];
        Arrays.fill(ones, 1);
        return ones;
    }

    /** Central differences of {@code Σ ∂y·y} in float64. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void gradientsAreDifferencesOfTheFormula(boolean isLayer) {
        Norm norm = new Norm(isLayer, EPSILON);
        int rows = 3;
        int length = 7;
        INDArray x = JavaOps.normal(3, 2, rows, length);
        INDArray gain = JavaOps.normal(4, 1, 1, length);
        INDArray above = JavaOps.normal(5, 1, rows, length);
        INDArray rest = JavaOps.normal(6, 1, rows, length);
        INDArray dx = JavaOps.one(new NormGradientOp(norm), above, x, gain);
        INDArray total = JavaOps.one(new NormGradientOp(norm), above, x, gain, rest);
        INDArray gains = JavaOps.one(new GainGradientOp(norm), above, x);
        assertArrayEquals(new long[] {1, length}, gains.shape());
        for (int j = 0; j < length; j++) {
            double column = 0;
            for (int i = 0; i < rows; i++) {
                double expected = slope(isLayer, row(x, i), all(gain), row(above, i), j);
                assertEquals(expected, dx.getFloat(i, j), 3e-6);
                assertEquals(dx.getFloat(i, j) + rest.getFloat(i, j), total.getFloat(i, j), 1e-6);
                column += above.getFloat(i, j) * naive(isLayer, row(x, i), ones(length))[j];
            }
            assertEquals(column, gains.getFloat(0, j), 3e-6);
        }
    }

    private static double slope(boolean isLayer, double[] x, double[] gain, double[] w, int j) {
        double h = 1e-4;
        double sum = 0;
        for (int side = -1; side <= 1; side += 2) {
            double[] moved = x.clone();
            moved[j] += side * h;
            double[] y = naive(isLayer, moved, gain);
            for (int k = 0; k < y.length; k++) {
                sum += side * w[k] * y[k] / (2 * h);
            }
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void centredProductsAreThoseOfTheFormula(boolean isLayer) {
        INDArray x = JavaOps.normal(7, 2, 5, 9);
        INDArray above = JavaOps.normal(8, 1, 5, 9);
        INDArray product = JavaOps.one(new CentredProductOp(new Norm(isLayer, EPSILON)), above, x);
        INDArray centred = isLayer ? x.subColumnVector(x.mean(true, 1)) : x;
        assertTrue(product.distance2(centred.mul(above)) < 1e-6);
    }

    /** A row of one value everywhere has nothing that a layer norm could stretch. */
    @Test
    void constantRowsGiveZero() {
        INDArray x = JavaOps.normal(9, 1, 2, 6).assign(3.25);
        INDArray gain = JavaOps.normal(10, 1, 1, 6);
        INDArray y = JavaOps.one(new NormOp(new Norm(true, EPSILON)), x, gain);
        assertEquals(0, y.norm2Number().doubleValue());
    }

    @Test
    void manyRowsAreSummedOverAllTasks() {
        int rows = 30_000;
        INDArray x = JavaOps.normal(11, 1, rows, 21);
        INDArray above = JavaOps.normal(12, 1, rows, 21).addi(1);
        Norm norm = new Norm(false, EPSILON);
        INDArray found = JavaOps.one(new GainGradientOp(norm), above, x);
        double[] expected = new double[21];
        for (int i = 0; i < rows; i++) {
            double[] y = naive(false, row(x, i), ones(21));
            for (int j = 0; j < 21; j++) {
                expected[j] += y[j] * above.getFloat(i, j);
            }
        }
        for (int j = 0; j < 21; j++) {
            assertEquals(expected[j], found.getFloat(0, j), 2e-3);
        }
        assertEquals(found, JavaOps.one(new GainGradientOp(norm), above, x));
    }
}
