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

/** What holds for every loss on pairs. */
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

    @Override
    protected double[] naive(ResponseScores batch) {
        return PairScores.of(batch).stream().mapToDouble(this::naive).toArray();
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
        LossGraph defined = loss().define(graph, inputs(graph, chosen, rejected));
        double[] losses = defined.perExample().eval().castTo(DataType.DOUBLE).data().asDouble();
        Map<String, INDArray> gradients = graph.calculateGradients(null, "chosen", "rejected");
        double[] up = gradients.get("chosen").castTo(DataType.DOUBLE).data().asDouble();
        double[] down = gradients.get("rejected").castTo(DataType.DOUBLE).data().asDouble();
        ResponseScores batch = batch(u, v);
        double[] c = loss().coefficients(batch);
        assertTrue(Arrays.stream(c).allMatch(Double::isFinite), "coefficients");
        assertTrue(Arrays.stream(loss().values(batch)).allMatch(Double::isFinite), "values");
        assertNear(loss().values(batch), losses, tolerance);
        assertNear(Arrays.copyOf(c, pairs), up, tolerance);
        assertNear(Arrays.copyOfRange(c, pairs, 2 * pairs), down, tolerance);
    }

    private static LossInputs inputs(SameDiff graph, SDVariable chosen, SDVariable rejected) {
        DataType type = chosen.dataType();
        SDVariable rows = graph.concat(0, chosen, rejected);
        return LossInputs.of(rows)
                .withReference(graph.zerosLike(rows))
                .withTokens(graph.onesLike(rows))
                .withRewardShift(graph.constant(Nd4j.scalar(type, .2)));
    }

    private static ResponseScores batch(double[] u, double[] v) {
        double[] rows = Arrays.copyOf(u, 2 * u.length);
        System.arraycopy(v, 0, rows, u.length, u.length);
        int[] tokens = new int[rows.length];
        Arrays.fill(tokens, 1);
        return ResponseScores.withoutReference(rows, tokens).withRewardShift(.2);
    }

    @Test
    void rewardsAreTheScaledLogRatios() {
        LogitBatch batch = LogitBatch.random(60, 6, 3);
        LogitBatch.Graph graph = graph(batch, DataType.DOUBLE);
        Map<String, INDArray> feed = batch.feed(DataType.DOUBLE);
        double[] s = batch.scores().logProbs();
        double[] r = loss().needsReference() ? batch.reference : new double[6];
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
                ResponseScores.withoutReference(new double[] {-1, -2, -3}, new int[] {1, 1, 1})
                        .withRewardShift(0);
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
    void aGraphNeedsAReferenceIfTheLossDoes() {
        SameDiff graph = SameDiff.create();
        SDVariable rows = graph.placeHolder("s", DataType.DOUBLE, -1);
        SDVariable shift = graph.placeHolder("shift", DataType.DOUBLE);
        LossInputs inputs = LossInputs.of(rows).withTokens(rows).withRewardShift(shift);
        if (loss().needsReference()) {
            assertEquals(
                    "loss " + loss().name() + " needs reference log-probabilities, got none",
                    assertThrows(IllegalArgumentException.class, () -> loss().define(graph, inputs))
                            .getMessage());
        } else {
            assertEquals("loss", loss().define(graph, inputs).loss().name());
        }
    }
}
