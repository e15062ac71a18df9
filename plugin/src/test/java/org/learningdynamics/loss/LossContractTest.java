package org.learningdynamics.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.learningdynamics.measure.ResponseScores;
import org.learningdynamics.measure.TokenScores;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What holds for every loss: its number, its coefficients and its graph are the same function. The
 * rows of a batch are the chosen, then the rejected responses.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // graphs are built once
public abstract class LossContractTest {
    private static final int ROWS = 6;
    private static final int LENGTH = 3;

    private final Map<DataType, LogitBatch.Graph> graphs = new EnumMap<>(DataType.class);

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

    /**
     * What the gradient is the derivative of; the value unless a part of it is held constant.
     *
     * @param constant scores that a detached part is computed from
     * @param batch scores that the rest is computed from
     * @return the loss of the batch where both are the same
     */
    protected double differentiable(ResponseScores constant, ResponseScores batch) {
        return loss().value(batch);
    }

    /**
     * Tells whether the loss is a function of the responses' log-probabilities.
     *
     * @return true if so
     */
    protected boolean hasResponseCoefficients() {
        return true;
    }

    /** The loss over the logits of a batch of 6 rows of length 3. */
    LogitBatch.Graph graph(LogitBatch batch, DataType type) {
        return graphs.computeIfAbsent(type, t -> batch.graph(loss(), t)).with(batch);
    }

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
    void tokenCoefficientsEqualCentralDifferences() {
        for (int seed = 20; seed < 40; seed++) {
            ResponseScores batch = LogitBatch.random(seed, ROWS, LENGTH).scores();
            double[][] coefficients = loss().tokenCoefficients(batch);
            for (int row = 0; row < ROWS; row++) {
                double[] differences = new double[batch.tokens()[row]];
                assertEquals(differences.length, coefficients[row].length);
                int moving = row;
                Arrays.setAll(differences, t -> difference(batch, moving, t));
                assertNear(differences, coefficients[row], differenceTolerance());
            }
        }
    }

    private double difference(ResponseScores batch, int row, int token) {
        double step = 1e-5;
        double up = differentiable(batch, moved(batch, row, token, step));
        double down = differentiable(batch, moved(batch, row, token, -step));
        return (up - down) / (2 * step);
    }

    private static ResponseScores moved(ResponseScores batch, int row, int token, double by) {
        TokenScores tokens = batch.tokenScores().orElseThrow();
        double[][] logProbs = tokens.logProbs();
        logProbs[row][token] += by;
        TokenScores scores = new TokenScores(logProbs, tokens.weights());
        return new ResponseScores(
                scores.sums(),
                batch.referenceLogProbs(),
                batch.tokens(),
                Optional.of(scores),
                batch.desirable(),
                batch.kl(),
                batch.rewardShift());
    }

    @Test
    void tokensOfAResponseShareItsCoefficient() {
        ResponseScores batch = LogitBatch.random(41, ROWS, LENGTH).scores();
        if (hasResponseCoefficients()) {
            double[] rows = loss().coefficients(batch);
            double[][] tokens = loss().tokenCoefficients(batch);
            for (int row = 0; row < ROWS; row++) {
                for (double token : tokens[row]) {
                    assertEquals(rows[row], token, tolerance());
                }
            }
        } else {
            assertThrows(UnsupportedOperationException.class, () -> loss().coefficients(batch));
        }
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
        LogitBatch.Graph graph = graph(batch, type);
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
        LogitBatch.Graph graph = graph(batch, DataType.DOUBLE);
        INDArray gradient = graph.gradient(batch.feed(DataType.DOUBLE));
        for (int seed = 0; seed < 12; seed++) {
            INDArray direction = LogitBatch.random(seed, ROWS, LENGTH).logits;
            double[] slope = {gradient.mul(direction).sumNumber().doubleValue()};
            double[] difference = {difference(batch, direction)};
            assertNear(difference, slope, differenceTolerance());
        }
    }

    private double difference(LogitBatch batch, INDArray direction) {
        double step = 1e-5;
        ResponseScores still = batch.scores();
        INDArray move = direction.mul(step);
        double up = differentiable(still, batch.withLogits(batch.logits.add(move)).scores());
        double down = differentiable(still, batch.withLogits(batch.logits.sub(move)).scores());
        return (up - down) / (2 * step);
    }

    @Test
    void theGradientByLogitsIsTheResidualOfTheCoefficients() {
        assertResiduals(LogitBatch.random(53, ROWS, LENGTH));
    }

    private void assertResiduals(LogitBatch batch) {
        LogitBatch.Graph graph = graph(batch, DataType.DOUBLE);
        double[] gradient = graph.gradient(batch.feed(DataType.DOUBLE)).dup('c').data().asDouble();
        double[][] coefficients = loss().tokenCoefficients(batch.scores());
        assertNear(residuals(batch, coefficients), gradient, tolerance());
    }

    @Test
    void extremeLogitsGiveFiniteLossesAndGradients() {
        for (double scale : new double[] {300, 1e4}) {
            LogitBatch batch = LogitBatch.random(57, ROWS, LENGTH);
            LogitBatch extreme = batch.withLogits(batch.logits.mul(scale));
            assertResiduals(extreme);
            LogitBatch.Graph graph = graph(extreme, DataType.FLOAT);
            Map<String, INDArray> feed = extreme.feed(DataType.FLOAT);
            assertTrue(Double.isFinite(graph.loss(feed)), "float32 loss");
            INDArray gradient = graph.gradient(feed).castTo(DataType.DOUBLE);
            assertTrue(Double.isFinite(gradient.norm2Number().doubleValue()), "float32 gradient");
            for (double value : loss().values(extreme.scores())) {
                assertTrue(Double.isFinite(value), "value " + value);
            }
        }
    }

    @Test
    void addingAConstantToThePositionsLogitsChangesNothing() {
        LogitBatch batch = LogitBatch.random(58, ROWS, LENGTH);
        double[] shifts = new double[ROWS * LENGTH];
        Arrays.setAll(shifts, i -> 8 * (i % 5 - 2));
        INDArray moved = batch.logits.addColumnVector(Nd4j.createFromArray(shifts).reshape(-1, 1));
        Map<String, INDArray> feed = batch.feed(DataType.DOUBLE);
        LogitBatch.Graph graph = graph(batch, DataType.DOUBLE);
        double loss = graph.loss(feed);
        INDArray gradient = graph.gradient(feed).dup();
        graph.with(batch.withLogits(moved));
        assertEquals(loss, graph.loss(feed), 10 * tolerance());
        assertEquals(0, graph.gradient(feed).distance2(gradient), 10 * tolerance());
    }

    /** G = −c·(π − e_y) at unmasked positions, else 0 // [rows·length·V]. */
    private static double[] residuals(LogitBatch batch, double[][] coefficients) {
        double[] residuals = new double[Math.toIntExact(batch.logits.length())];
        int token = 0;
        for (int position = 0; position < batch.logits.size(0); position++) {
            int row = position / LENGTH;
            token = position % LENGTH == 0 ? 0 : token;
            int label = batch.labels[row][position % LENGTH];
            if (label >= 0) {
                double[] z = batch.logits.getRow(position).dup().data().asDouble();
                double top = Arrays.stream(z).max().orElseThrow();
                double sum = Arrays.stream(z).map(x -> Math.exp(x - top)).sum();
                for (int v = 0; v < z.length; v++) {
                    double miss = Math.exp(z[v] - top) / sum - (v == label ? 1 : 0);
                    residuals[position * z.length + v] = -coefficients[row][token] * miss;
                }
                token++;
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
        double[][] tokens = batch.tokenScores().orElseThrow().logProbs();
        double[] r = batch.referenceLogProbs();
        boolean[] labels = batch.desirable().orElseThrow();
        double[][] logProbs = new double[batch.rows()][];
        double[] reference = new double[batch.rows()];
        boolean[] desirable = new boolean[batch.rows()];
        for (int row = 0; row < batch.rows(); row++) {
            int target = row / half * half + (row + 1) % half;
            logProbs[target] = tokens[row];
            reference[target] = r[row];
            desirable[target] = labels[row];
        }
        return ResponseScores.ofTokens(TokenScores.unweighted(logProbs), reference)
                .withDesirable(desirable)
                .withKl(LogitBatch.KL)
                .withRewardShift(LogitBatch.REWARD_SHIFT);
    }

    @Test
    void theNameAndParametersGiveTheLossBack() {
        assertEquals(loss(), Losses.byName(loss().name(), loss().parameters()));
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
