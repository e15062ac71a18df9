package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.custom.SoftMax;
import org.nd4j.linalg.api.ops.impl.transforms.gradient.SoftmaxBp;
import org.nd4j.linalg.factory.Nd4j;

class SoftmaxOpsTest {
    private static double[] softmax(float[] z) {
        double top = Double.NEGATIVE_INFINITY;
        for (float value : z) {
            top = Math.max(top, value);
        }
        double[] p = new double[z.length];
        for (int i = 0; i < z.length; i++) {
            p[i] = Math.exp(z[i] - top);
        }
        double sum = Arrays.stream(p).sum();
        return Arrays.stream(p).map(value -> value / sum).toArray();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1",
        "5, 1, 3",
        "3, 2, 1",
        "2, 7, .001",
        "3, 129, 1",
        "9, 501, 10",
        "2, 50304, 3",
        "4, 33, 10000",
        "700, 401, 2"
    })
    void probabilitiesFollowTheFormula(int rows, int length, double spread) {
        INDArray z = JavaOps.normal(1, spread, rows, length);
        INDArray p = JavaOps.one(new SoftmaxOp(1), z);
        for (int row = 0; row < rows; row++) {
            double[] expected = softmax(JavaOps.floats(z.getRow(row)));
            float[] found = JavaOps.floats(p.getRow(row));
            double top = z.getRow(row).maxNumber().doubleValue();
            for (int i = 0; i < length; i++) {
                double bound = 3e-7 + 7e-8 * (top - z.getFloat(row, i));
                assertEquals(expected[i], found[i], bound * expected[i] + 1e-37);
            }
        }
    }

    /** Their first values alone would let them pass for rows that need no shift. */
    @Test
    void valuesFarAboveTheFirstAreRight() {
        float[][] rows = {
            {0, 60, 3}, {0, 68, 69}, {1, 75, 74}, {-8, 100, 99}, {8, 3e4f, 3e4f}, {0, -60, -100}
        };
        INDArray p = JavaOps.one(new SoftmaxOp(-1), Nd4j.createFromArray(rows));
        for (int row = 0; row < rows.length; row++) {
            double[] expected = softmax(rows[row]);
            for (int i = 0; i < 3; i++) {
                assertEquals(expected[i], p.getFloat(row, i), 1e-5 * expected[i] + 1e-37);
            }
        }
    }

    @Test
    void infinityMakesNoNumbers() {
        float most = Float.POSITIVE_INFINITY;
        INDArray z = Nd4j.createFromArray(new float[][] {{0, most, 1}, {most, 0, 1}});
        INDArray p = JavaOps.one(new SoftmaxOp(-1), z);
        assertEquals(6, p.isNaN().castTo(DataType.INT32).sumNumber().intValue());
        INDArray least = Nd4j.createFromArray(new float[][] {{-most, 0, 0}, {0, -most, 0}});
        INDArray halves = JavaOps.one(new SoftmaxOp(-1), least);
        assertEquals(Nd4j.createFromArray(new float[][] {{0, .5f, .5f}, {.5f, 0, .5f}}), halves);
    }

    @Test
    void maskedScoresHaveNoShare() {
        INDArray z = Nd4j.createFromArray(new float[][] {{1, -1e9f, 2}, {-1e9f, -0f, -1e9f}});
        INDArray p = JavaOps.one(new SoftmaxOp(-1), z);
        assertEquals(0f, p.getFloat(0, 1));
        assertEquals(1f, p.getFloat(1, 1));
        INDArray allMasked = Nd4j.valueArrayOf(new long[] {1, 4}, -1e9, DataType.FLOAT);
        assertEquals(0.25f, JavaOps.one(new SoftmaxOp(-1), allMasked).getFloat(0));
    }

    @Test
    void oneNumberThatIsNoneSpoilsItsRowAlone() {
        INDArray z = JavaOps.normal(2, 1, 3, 5);
        z.putScalar(1, 2, Float.NaN);
        INDArray p = JavaOps.one(new SoftmaxOp(1), z);
        assertEquals(5, p.getRow(1).isNaN().castTo(DataType.INT32).sumNumber().intValue());
        assertEquals(5, p.isNaN().castTo(DataType.INT32).sumNumber().intValue());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 2})
    void allDimensionsAreThoseOfNd4j(int dimension) {
        INDArray z = JavaOps.normal(3, 2, 3, 4, 5);
        INDArray above = JavaOps.normal(4, 1, 3, 4, 5);
        INDArray p = JavaOps.one(new SoftmaxOp(dimension), z);
        INDArray expected = Nd4j.exec(new SoftMax(z, z.ulike(), dimension))[0];
        assertTrue(p.distance2(expected) < 1e-6);
        INDArray gradient = JavaOps.one(new SoftmaxGradientOp(dimension), p, above);
        INDArray theirs = Nd4j.exec(new SoftmaxBp(z, above, dimension))[0];
        assertTrue(gradient.distance2(theirs) < 1e-6);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 2", "2, 130", "1, 5003", "900, 301"})
    void gradientsFollowTheFormula(int rows, int length) {
        INDArray z = JavaOps.normal(5, 2, rows, length);
        INDArray above = JavaOps.normal(6, 3, rows, length);
        INDArray p = JavaOps.one(new SoftmaxOp(-1), z);
        INDArray gradient = JavaOps.one(new SoftmaxGradientOp(-1), p, above);
        for (int row = 0; row < rows; row++) {
            double[] shares = softmax(JavaOps.floats(z.getRow(row)));
            double mean = 0;
            for (int i = 0; i < length; i++) {
                mean += shares[i] * above.getFloat(row, i);
            }
            for (int i = 0; i < length; i++) {
                double expected = shares[i] * (above.getFloat(row, i) - mean);
                assertEquals(expected, gradient.getFloat(row, i), 1e-5 * shares[i]);
            }
        }
    }

    /** Differences of {@code Σ w·π} in float64. */
    @Test
    void gradientsAreDifferencesOfTheFormula() {
        float[] z = {0.5f, -1, 2, 0.25f};
        float[] w = {1, -2, 0.5f, 3};
        INDArray p = JavaOps.one(new SoftmaxOp(0), Nd4j.createFromArray(z));
        INDArray found = JavaOps.one(new SoftmaxGradientOp(0), p, Nd4j.createFromArray(w));
        for (int i = 0; i < z.length; i++) {
            float h = 1f / 256;
            double expected = (weighted(z, w, i, h) - weighted(z, w, i, -h)) / (2 * h);
            assertEquals(expected, found.getFloat(i), 1e-5);
        }
    }

    private static double weighted(float[] z, float[] w, int index, float step) {
        float[] moved = z.clone();
        moved[index] += step;
        double[] p = softmax(moved);
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            sum += w[i] * p[i];
        }
        return sum;
    }
}
