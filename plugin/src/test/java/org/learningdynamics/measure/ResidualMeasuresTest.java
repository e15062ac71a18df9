package org.learningdynamics.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ResidualMeasuresTest {
    private static final int ROWS = 3;
    private static final int LENGTH = 4;
    private static final int CLASSES = 6;

    @ParameterizedTest
    @CsvSource({"DOUBLE, 1, 1e-10", "FLOAT, 1, 1e-5", "DOUBLE, 12, 1e-7", "FLOAT, 5, 1e-3"})
    void findsTheCoefficientsAndNormsThatMadeTheResiduals(
            DataType type, double spread, double tolerance) {
        Random random = new Random(4);
        double[][] z = new double[ROWS * LENGTH][CLASSES];
        double[][] g = new double[ROWS * LENGTH][CLASSES];
        double[] mean = new double[ROWS];
        double[] a = new double[ROWS];
        double[] squares = new double[ROWS];
        int[] tokens = new int[ROWS];
        for (int i = 0; i < z.length; i++) {
            int row = i / LENGTH;
            for (int v = 0; v < CLASSES; v++) {
                z[i][v] = (float) (spread * random.nextGaussian());
            }
            if (i % LENGTH > row) { // other numbers of tokens in each row
                double[] pi = softmax(z[i]);
                int label = random.nextInt(CLASSES);
                double c = random.nextGaussian();
                tokens[row]++;
                mean[row] += c;
                for (int v = 0; v < CLASSES; v++) {
                    g[i][v] = -c * (pi[v] - (v == label ? 1 : 0));
                    squares[row] += g[i][v] * g[i][v];
                    a[row] += pi[v] * pi[v];
                }
            }
        }
        INDArray logits = Nd4j.createFromArray(z).castTo(type);
        ResidualMeasures measured =
                ResidualMeasures.of(logits, Nd4j.createFromArray(g).castTo(type), ROWS);
        for (int row = 0; row < ROWS; row++) {
            assertEquals(tokens[row], measured.tokens()[row]);
            assertEquals(mean[row] / tokens[row], measured.coefficients()[row], tolerance);
            double norm = Math.sqrt(CLASSES * a[row] / tokens[row] + CLASSES - 2);
            assertEquals(norm, measured.aNorms()[row], tolerance);
            assertEquals(Math.sqrt(squares[row]), measured.gNorms()[row], tolerance);
        }
    }

    private static double[] softmax(double[] z) {
        double sum = 0;
        for (double value : z) {
            sum += Math.exp(value);
        }
        double[] pi = new double[z.length];
        for (int v = 0; v < z.length; v++) {
            pi[v] = Math.exp(z[v]) / sum;
        }
        return pi;
    }

    @Test
    void rowWithoutResidualPullsAtNothing() {
        INDArray logits = Nd4j.createFromArray(new double[][] {{1, 2, 3}, {3, 2, 1}});
        INDArray residuals = Nd4j.createFromArray(new double[][] {{0, 0, 0}, {1, -.5, -.5}});
        ResidualMeasures measured = ResidualMeasures.of(logits, residuals, 2);
        assertEquals(0, measured.tokens()[0]);
        assertEquals(0, measured.coefficients()[0]);
        assertEquals(0, measured.aNorms()[0]);
        assertEquals(0, measured.gNorms()[0]);
    }

    @Test
    void twoClassesDoNotTellTheCoefficient() {
        INDArray logits = Nd4j.createFromArray(new double[][] {{1, 2}});
        INDArray residuals = Nd4j.createFromArray(new double[][] {{.5, -.5}});
        ResidualMeasures measured = ResidualMeasures.of(logits, residuals, 1);
        assertEquals(Double.NaN, measured.coefficients()[0]);
        assertEquals(Math.sqrt(.5), measured.gNorms()[0], 1e-12);
    }

    @Test
    void rejectsShapesThatDiffer() {
        INDArray logits = Nd4j.zeros(DataType.DOUBLE, 4, 3);
        IllegalArgumentException e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> ResidualMeasures.of(logits, Nd4j.zeros(DataType.DOUBLE, 4, 2), 2));
        assertEquals(
                "logits and residuals must be [N*T, V] of 2 rows, got [4, 3] and [4, 2]",
                e.getMessage());
    }
}
