package org.learningdynamics.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.learningdynamics.measure.ResponseScores;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What holds for every loss on pairs with a reference. */
public abstract class PairwiseLossContractTest extends LossContractTest {
    @Override
    protected abstract PairwiseLoss loss();

    /**
     * The documented formula for one pair, as it reads.
     *
     * @param pair scores of moderate size
     * @return its loss
     */
    protected abstract double naive(PairScores pair);

    /**
     * The loss where policy and reference agree.
     *
     * @return its value
     */
    protected abstract double startValue();

    @Override
    protected double[] naive(ResponseScores batch) {
        return PairScores.of(batch).stream().mapToDouble(this::naive).toArray();
    }

    private static PairScores pair(double u, double v) {
        return new PairScores(u - 20, v - 30, -20, -30, 4, 7);
    }

    @Test
    void addingTheSameToPolicyAndReferenceChangesNothing() {
        for (double shift : new double[] {-64, 8, 1024}) {
            PairScores moved = new PairScores(3 + shift, 5 - shift, 2 + shift, 7 - shift, 4, 7);
            PairScores still = new PairScores(3, 5, 2, 7, 4, 7);
            assertEquals(loss().value(still), loss().value(moved), tolerance());
            assertEquals(loss().coefficients(still), loss().coefficients(moved));
        }
    }

    @Test
    void startsAtItsKnownValue() {
        assertEquals(startValue(), loss().value(pair(0, 0)), tolerance());
        assertEquals(startValue(), StartCheck.expectedLoss(loss()), tolerance());
    }

    @Test
    void extremeMarginsStayFiniteInBothTypes() {
        double[] chosen = {1e5, -1e5, 1e5, -1e5, 800, -800, 0};
        double[] rejected = {-1e5, 1e5, 1e5, -1e5, -800, 800, 0};
        for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
            double tolerance = type == DataType.DOUBLE ? tolerance() : float32Tolerance();
            assertFiniteGraph(chosen, rejected, type, tolerance);
        }
    }

    private void assertFiniteGraph(double[] u, double[] v, DataType type, double tolerance) {
        int pairs = u.length;
        SameDiff graph = SameDiff.create();
        SDVariable chosen = graph.var("chosen", Nd4j.createFromArray(u).castTo(type));
        SDVariable rejected = graph.var("rejected", Nd4j.createFromArray(v).castTo(type));
        LossGraph defined =
                loss().define(
                                graph,
                                LossInputs.ofPairs(graph, chosen, rejected)
                                        .withReference(
                                                graph.zerosLike(graph.concat(0, chosen, rejected)))
                                        .withTokens(graph.constant(Nd4j.ones(type, 2L * pairs))));
        double[] losses = defined.perExample().eval().castTo(DataType.DOUBLE).data().asDouble();
        Map<String, INDArray> gradients = graph.calculateGradients(null, "chosen", "rejected");
        double[] up = gradients.get("chosen").castTo(DataType.DOUBLE).data().asDouble();
        double[] down = gradients.get("rejected").castTo(DataType.DOUBLE).data().asDouble();
        for (int i = 0; i < pairs; i++) {
            PairScores pair = new PairScores(u[i], v[i], 0, 0, 1, 1);
            PairCoefficients c = loss().coefficients(pair);
            assertTrue(Double.isFinite(loss().value(pair)), "loss of " + pair);
            double[] expected = {loss().value(pair), c.chosen() / pairs, c.rejected() / pairs};
            assertNear(expected, new double[] {losses[i], up[i], down[i]}, tolerance);
        }
    }

    @Test
    void rewardsAreTheScaledLogRatios() {
        LogitBatch batch = LogitBatch.random(60, 6, 5);
        LogitBatch.Graph graph = batch.graph(loss(), DataType.DOUBLE);
        Map<String, INDArray> feed = batch.feed(DataType.DOUBLE);
        double[] s = batch.scores().logProbs();
        double[] r = batch.scores().referenceLogProbs();
        double[] rewards = new double[6];
        Arrays.setAll(rewards, i -> loss().beta() * (s[i] - r[i]));
        double up = (rewards[0] + rewards[1] + rewards[2]) / 3;
        double down = (rewards[3] + rewards[4] + rewards[5]) / 3;
        double wins = 0;
        for (int i = 0; i < 3; i++) {
            wins += rewards[i] > rewards[i + 3] ? 1 : 0;
        }
        assertMetric(graph, feed, "logps/chosen", (s[0] + s[1] + s[2]) / 3);
        assertMetric(graph, feed, "logps/rejected", (s[3] + s[4] + s[5]) / 3);
        assertMetric(graph, feed, "rewards/chosen", up);
        assertMetric(graph, feed, "rewards/rejected", down);
        assertMetric(graph, feed, "rewards/margins", up - down);
        assertMetric(graph, feed, "rewards/accuracies", wins / 3);
    }

    private void assertMetric(
            LogitBatch.Graph graph, Map<String, INDArray> feed, String name, double expected) {
        SDVariable metric = graph.loss().metrics().get(name);
        assertEquals(expected, graph.values(metric, feed)[0], tolerance(), name);
    }

    @Test
    void refusesAnOddNumberOfRows() {
        ResponseScores odd =
                ResponseScores.withoutReference(new double[] {-1, -2, -3}, new int[] {1, 1, 1});
        String message = "a batch of pairs must have an even number of rows, got 3";
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> loss().values(odd))
                        .getMessage());
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> loss().coefficients(odd))
                        .getMessage());
    }

    @Test
    void refusesAGraphWithoutReference() {
        SameDiff graph = SameDiff.create();
        SDVariable rows = graph.placeHolder("s", DataType.DOUBLE, -1);
        LossInputs inputs = LossInputs.of(rows).withTokens(rows);
        assertEquals(
                "loss " + loss().name() + " needs reference log-probabilities, got none",
                assertThrows(IllegalArgumentException.class, () -> loss().define(graph, inputs))
                        .getMessage());
    }
}
