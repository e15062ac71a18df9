package org.learningdynamics.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.learningdynamics.measure.ResponseScores;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What holds for every loss: its number, its coefficients and its graph are the same function. The
 * rows of a batch are the chosen, then the rejected responses.
 */
public abstract class LossContractTest {
    private static final int ROWS = 6;
    private static final int LENGTH = 3;

    /**
     * The loss under test.
     *
     * @return the loss
     */
    protected abstract Loss loss();

    /**
     * The documented formula, written down as it reads.
     *
     * @param batch scores of moderate size
     * @return loss of each example
     */
    protected abstract double[] naive(ResponseScores batch);

    /**
     * Largest difference between two float64 forms, relative to max(1, |expected|).
     *
     * @return the tolerance
     */
    protected abstract double tolerance();

    /**
     * Largest difference between a derivative and its central difference, relative likewise.
     *
     * @return the tolerance
     */
    protected abstract double differenceTolerance();

    /**
     * Largest difference of a float32 graph from float64, relative likewise.
     *
     * @return the tolerance
     */
    protected abstract double float32Tolerance();

    @Test
    void valuesEqualTheNaiveFormula() {
        for (int seed = 0; seed < 20; seed++) {
            ResponseScores batch = LogitBatch.random(seed, ROWS, LENGTH).scores();
            assertNear(naive(batch), loss().values(batch), tolerance());
        }
    }

    @Test
    void theBatchLossIsTheMeanOfItsExamples() {
        ResponseScores batch = LogitBatch.random(1, ROWS, LENGTH).scores();
        double mean = Arrays.stream(loss().values(batch)).average().orElseThrow();
        assertEquals(mean, loss().value(batch), tolerance());
    }

    @Test
    void coefficientsEqualCentralDifferences() {
        for (int seed = 20; seed < 40; seed++) {
            ResponseScores batch = LogitBatch.random(seed, ROWS, LENGTH).scores();
            double[] coefficients = loss().coefficients(batch);
            double[] differences = new double[ROWS];
            Arrays.setAll(differences, row -> difference(batch, row));
            assertNear(differences, coefficients, differenceTolerance());
        }
    }

    private double difference(ResponseScores batch, int row) {
        double step = 1e-5;
        double up = loss().value(moved(batch, row, step));
        double down = loss().value(moved(batch, row, -step));
        return (up - down) / (2 * step);
    }

    static ResponseScores moved(ResponseScores batch, int row, double by) {
        double[] logProbs = batch.logProbs();
        logProbs[row] += by;
        return new ResponseScores(logProbs, batch.referenceLogProbs(), batch.tokens());
    }

    @Test
    void theGraphEqualsTheValuesInFloat64() {
        assertGraphEqualsValues(DataType.DOUBLE, tolerance());
    }

    @Test
    void theGraphEqualsTheValuesInFloat32() {
        assertGraphEqualsValues(DataType.FLOAT, float32Tolerance());
    }

    private void assertGraphEqualsValues(DataType type, double tolerance) {
        LogitBatch batch = LogitBatch.random(50, ROWS, LENGTH);
        LogitBatch.Graph graph = batch.graph(loss(), type);
        Map<String, INDArray> feed = batch.feed(type);
        double[] expected = loss().values(batch.scores());
        assertNear(expected, graph.values(graph.loss().perExample(), feed), tolerance);
        double[] mean = {loss().value(batch.scores())};
        assertNear(mean, graph.values(graph.loss().loss(), feed), tolerance);
    }

    @Test
    void oneGraphTakesAnyBatchAndLength() {
        LogitBatch.Graph graph = LogitBatch.feedableGraph(loss(), DataType.DOUBLE);
        int[][] shapes = {{2, 1}, {8, 3}, {4, 9}, {6, 1}};
        for (int[] shape : shapes) {
            LogitBatch batch = LogitBatch.random(51, shape[0], shape[1]);
            Map<String, INDArray> feed = batch.feedWithLogits(DataType.DOUBLE);
            double[] expected = loss().values(batch.scores());
            assertNear(expected, graph.values(graph.loss().perExample(), feed), tolerance());
        }
    }

    @Test
    void theGradientByLogitsEqualsCentralDifferences() {
        LogitBatch batch = LogitBatch.random(52, ROWS, LENGTH);
        LogitBatch.Graph graph = batch.graph(loss(), DataType.DOUBLE);
        Map<String, INDArray> feed = batch.feed(DataType.DOUBLE);
        INDArray gradient = graph.gradient(feed);
        for (int seed = 0; seed < 12; seed++) {
            INDArray direction = LogitBatch.random(seed, ROWS, LENGTH).logits;
            double[] slope = {gradient.mul(direction).sumNumber().doubleValue()};
            double[] difference = {difference(graph, feed, direction)};
            assertNear(difference, slope, differenceTolerance());
        }
    }

    private static double difference(
            LogitBatch.Graph graph, Map<String, INDArray> feed, INDArray direction) {
        double step = 1e-5;
        INDArray logits = graph.graph().getVariable(LogitBatch.LOGITS).getArr();
        INDArray move = direction.mul(step);
        logits.addi(move);
        double up = graph.loss(feed);
        logits.subi(move).subi(move);
        double down = graph.loss(feed);
        logits.addi(move);
        return (up - down) / (2 * step);
    }

    @Test
    void theGradientByLogitsIsTheResidualOfTheCoefficients() {
        LogitBatch batch = LogitBatch.random(53, ROWS, LENGTH);
        LogitBatch.Graph graph = batch.graph(loss(), DataType.DOUBLE);
        double[] gradient = graph.gradient(batch.feed(DataType.DOUBLE)).dup('c').data().asDouble();
        double[] coefficients = loss().coefficients(batch.scores());
        assertNear(residuals(batch, coefficients), gradient, tolerance());
    }

    /** G = −c·(π − e_y) at unmasked positions, else 0 // [rows·length·V]. */
    private static double[] residuals(LogitBatch batch, double[] coefficients) {
        double[] residuals = new double[Math.toIntExact(batch.logits.length())];
        for (int position = 0; position < batch.logits.size(0); position++) {
            int row = position / LENGTH;
            int label = batch.labels[row][position % LENGTH];
            if (label >= 0) {
                double[] z = batch.logits.getRow(position).dup().data().asDouble();
                double sum = Arrays.stream(z).map(Math::exp).sum();
                for (int v = 0; v < z.length; v++) {
                    double miss = Math.exp(z[v]) / sum - (v == label ? 1 : 0);
                    residuals[position * z.length + v] = -coefficients[row] * miss;
                }
            }
        }
        return residuals;
    }

    @Test
    void permutedExamplesHavePermutedLosses() {
        ResponseScores batch = LogitBatch.random(54, ROWS, LENGTH).scores();
        double[] expected = loss().values(batch);
        double[] values = loss().values(rotated(batch));
        int examples = expected.length;
        double[] rotatedBack = new double[examples];
        Arrays.setAll(rotatedBack, i -> values[(i + 1) % examples]);
        if (examples == ROWS) { // rows of both halves were rotated on their own
            Arrays.setAll(rotatedBack, i -> values[i / 3 * 3 + (i + 1) % 3]);
        }
        assertArrayEquals(expected, rotatedBack, tolerance());
        assertEquals(loss().value(batch), loss().value(rotated(batch)), tolerance());
    }

    /** Moves each example by one place, pairs kept together. */
    private static ResponseScores rotated(ResponseScores batch) {
        int half = batch.rows() / 2;
        double[] s = batch.logProbs();
        double[] r = batch.referenceLogProbs();
        int[] n = batch.tokens();
        double[] logProbs = new double[batch.rows()];
        double[] reference = new double[batch.rows()];
        int[] tokens = new int[batch.rows()];
        for (int row = 0; row < batch.rows(); row++) {
            int target = row / half * half + (row + 1) % half;
            logProbs[target] = s[row];
            reference[target] = r[row];
            tokens[target] = n[row];
        }
        return new ResponseScores(logProbs, reference, tokens);
    }

    @Test
    void theNameAndParametersGiveTheLossBack() {
        assertEquals(loss(), Losses.byName(loss().name(), loss().parameters()));
        assertTrue(Losses.names().contains(loss().name()));
    }

    static void assertNear(double[] expected, double[] actual, double tolerance) {
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) {
            double error = Math.abs(expected[i] - actual[i]) / Math.max(1, Math.abs(expected[i]));
            assertTrue(
                    error <= tolerance,
                    "value " + i + ": expected " + expected[i] + ", got " + actual[i]);
        }
    }
}
