package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class LogProbOpsTest {
    /** log Σ exp z of a row. */
    private static double logSum(INDArray logits, int row) {
        double top = logits.getRow(row).maxNumber().doubleValue();
        double sum = 0;
        for (int i = 0; i < logits.size(1); i++) {
            sum += Math.exp(logits.getDouble(row, i) - top);
        }
        return top + Math.log(sum);
    }

    private static INDArray labels(int rows, int classes) {
        int[] labels = new int[rows];
        for (int row = 0; row < rows; row++) {
            labels[row] = row % 3 == 2 ? -100 : (row * 7 + 1) % classes;
        }
        return Nd4j.createFromArray(labels);
    }

    @ParameterizedTest
    @CsvSource({"1, 2, 1", "5, 3, .001", "7, 129, 30", "4, 5003, 3", "300, 1001, 2", "3, 9, 10000"})
    void valueAndGradientFollowTheFormulas(int rows, int classes, double spread) {
        INDArray logits = JavaOps.normal(1, spread, rows, classes);
        INDArray labels = labels(rows, classes);
        INDArray weights = JavaOps.normal(2, 2, rows);
        INDArray logProbs = JavaOps.one(new LogProbOp(), logits, labels);
        INDArray seed = JavaOps.one(new MissingOp(), logits, labels);
        INDArray weighted = JavaOps.one(new MissingOp(), logits, labels, weights);
        for (int row = 0; row < rows; row++) {
            int label = labels.getInt(row);
            double logSum = logSum(logits, row);
            double top = logits.getRow(row).maxNumber().doubleValue();
            double logit = label < 0 ? 0 : logits.getDouble(row, label);
            assertEquals(logit - logSum, logProbs.getFloat(row), 4e-7 * (1 + Math.abs(logSum)));
            for (int i = 0; i < classes; i++) {
                double p = Math.exp(logits.getDouble(row, i) - logSum);
                double missing = i == label ? -Math.expm1(logits.getDouble(row, i) - logSum) : -p;
                double rounded = 3e-7 + 7e-8 * Math.abs(logits.getDouble(row, i) - top);
                double bound = rounded * Math.abs(missing) + 1e-37;
                assertEquals(label < 0 ? 0 : missing, seed.getFloat(row, i), bound);
                double w = weights.getFloat(row);
                assertEquals(w * missing, weighted.getFloat(row, i), (1 + Math.abs(w)) * bound);
            }
        }
    }

    @Test
    void improbableLabelsStayFinite() {
        INDArray logits = Nd4j.createFromArray(new float[][] {{0, 1e4f}, {-1e4f, -2e4f}});
        INDArray labels = Nd4j.createFromArray(0, 1);
        INDArray logProbs = JavaOps.one(new LogProbOp(), logits, labels);
        assertEquals(Nd4j.createFromArray(-1e4f, -1e4f), logProbs);
        INDArray expected = Nd4j.createFromArray(new float[][] {{1, -1}, {-1, 1}});
        assertEquals(expected, JavaOps.one(new MissingOp(), logits, labels));
    }

    @Test
    void logitsFarAboveTheFirstAreRight() {
        float[][] rows = {{0, 60, 3}, {0, 68, 69}, {1, 75, 74}, {-8, 100, 99}, {7, -60, -70}};
        INDArray logits = Nd4j.createFromArray(rows);
        INDArray seed = JavaOps.one(new MissingOp(), logits, Nd4j.createFromArray(1, 2, 1, 1, 0));
        for (int row = 0; row < rows.length; row++) {
            int label = new int[] {1, 2, 1, 1, 0}[row];
            double others = 0;
            for (int i = 0; i < 3; i++) {
                others += i == label ? 0 : Math.exp(rows[row][i] - rows[row][label]);
            }
            double expected = others / (1 + others); // 1 − π
            assertEquals(expected, seed.getFloat(row, label), 1e-5 * expected);
        }
    }

    /** Nothing is read there, not even what is not a number. */
    @Test
    void rowsOfWeightZeroAreZero() {
        INDArray logits = Nd4j.createFromArray(new float[][] {{Float.NaN, 1}, {2, 2}});
        INDArray labels = Nd4j.createFromArray(0, 1);
        INDArray weights = Nd4j.createFromArray(-0f, 4f);
        INDArray expected = Nd4j.createFromArray(new float[][] {{0, 0}, {-2, 2}});
        assertEquals(expected, JavaOps.one(new MissingOp(), logits, labels, weights));
    }

    @Test
    void aLabelBeyondTheClassesIsNone() {
        INDArray logits = Nd4j.createFromArray(new float[][] {{1, 1}});
        INDArray labels = Nd4j.createFromArray(2);
        INDArray seed = JavaOps.one(new MissingOp(), logits, labels);
        assertEquals(Nd4j.createFromArray(new float[][] {{-0.5f, -0.5f}}), seed);
        INDArray logProb = JavaOps.one(new LogProbOp(), logits, labels);
        assertEquals(-1 - Math.log(2), logProb.getFloat(0), 1e-6);
    }

    @Test
    void labelsOfAnyShapeAndIntegerTypeAreRead() {
        INDArray logits = JavaOps.normal(3, 1, 4, 5);
        INDArray labels = labels(4, 5);
        INDArray expected = JavaOps.one(new LogProbOp(), logits, labels);
        INDArray wide = labels.castTo(DataType.INT64).reshape(2, 2);
        assertEquals(expected, JavaOps.one(new LogProbOp(), logits, wide));
        assertTrue(!wide.wasClosed());
    }

    /** Differences of the log-probability in float64. */
    @Test
    void theSeedIsTheSlopeOfTheLogProbability() {
        INDArray logits = JavaOps.normal(4, 2, 1, 6);
        INDArray labels = Nd4j.createFromArray(3);
        INDArray seed = JavaOps.one(new MissingOp(), logits, labels);
        float h = 1f / 64;
        for (int i = 0; i < 6; i++) {
            INDArray up = logits.dup();
            up.putScalar(0, i, up.getFloat(0, i) + h);
            INDArray down = logits.dup();
            down.putScalar(0, i, down.getFloat(0, i) - h);
            double width = up.getDouble(0, i) - down.getDouble(0, i);
            double rise = up.getDouble(0, 3) - down.getDouble(0, 3);
            double expected = (rise - logSum(up, 0) + logSum(down, 0)) / width;
            assertEquals(expected, seed.getFloat(0, i), 2e-5);
        }
    }
}
