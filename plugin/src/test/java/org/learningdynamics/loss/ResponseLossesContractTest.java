package org.learningdynamics.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.learningdynamics.loss.LossContracts.logSigmoid;
import static org.learningdynamics.loss.LossContracts.sigmoid;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.learningdynamics.loss.LossContracts.Rows;
import org.learningdynamics.measure.ResponseScores;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Losses on single responses. */
class ResponseLossesContractTest {
    @Nested
    class Sft extends Rows {
        Sft() {
            super(new SftLoss());
        }

        @Override
        protected double[] naive(ResponseScores batch) {
            double tokens = Arrays.stream(batch.tokens()).sum();
            return Arrays.stream(batch.logProbs()).map(s -> -s * batch.rows() / tokens).toArray();
        }
    }

    @Nested
    class SftSum extends Rows {
        SftSum() {
            super(new SftSumLoss());
        }

        @Override
        protected double[] naive(ResponseScores batch) {
            return Arrays.stream(batch.logProbs()).map(s -> -s).toArray();
        }
    }

    @Nested
    class SftExtended extends Rows {
        SftExtended() {
            super(new SftExtendedLoss());
        }

        @Override
        protected double[] naive(ResponseScores batch) {
            return Arrays.stream(batch.logProbs()).map(s -> -s).toArray();
        }
    }

    @Nested
    class Dft extends Rows {
        Dft() {
            super(new DftLoss());
        }

        @Override
        protected double[] naive(ResponseScores batch) {
            return sums(batch, batch);
        }

        @Override
        protected double differentiable(ResponseScores constant, ResponseScores batch) {
            return Arrays.stream(sums(constant, batch)).average().orElseThrow();
        }

        /** −Σ p·log p with p of one batch and log p of the other. */
        private static double[] sums(ResponseScores constant, ResponseScores batch) {
            double[][] factors = constant.tokenScores().orElseThrow().logProbs();
            double[][] logProbs = batch.tokenScores().orElseThrow().logProbs();
            double[] sums = new double[logProbs.length];
            for (int row = 0; row < sums.length; row++) {
                for (int t = 0; t < logProbs[row].length; t++) {
                    sums[row] -= Math.exp(factors[row][t]) * logProbs[row][t];
                }
            }
            return sums;
        }

        @Override
        protected boolean hasResponseCoefficients() {
            return false;
        }

        @Test
        void needsSingleTokens() {
            ResponseScores sums = ResponseScores.withoutReference(new double[] {-1}, new int[] {1});
            String message = "loss dft needs token log-probabilities, got none";
            assertEquals(
                    message,
                    assertThrows(IllegalArgumentException.class, () -> loss().values(sums))
                            .getMessage());
            SameDiff graph = SameDiff.create();
            LossInputs inputs = LossInputs.of(graph.placeHolder("s", DataType.DOUBLE, -1));
            assertEquals(
                    message,
                    assertThrows(IllegalArgumentException.class, () -> loss().define(graph, inputs))
                            .getMessage());
        }
    }

    @Nested
    class Npo extends Rows {
        Npo() {
            super(new NpoLoss(.4));
        }

        @Override
        protected double[] naive(ResponseScores batch) {
            double[] rows = logRatios(batch);
            return Arrays.stream(rows).map(v -> -2 / .4 * logSigmoid(-.4 * v)).toArray();
        }
    }

    @Nested
    class GradientAscent extends Rows {
        GradientAscent() {
            super(new GradientAscentLoss());
        }

        @Override
        protected double[] naive(ResponseScores batch) {
            double[] rows = batch.logProbs();
            Arrays.setAll(rows, i -> rows[i] / batch.tokens()[i]);
            return rows;
        }
    }

    @Nested
    class Kto extends Rows {
        Kto() {
            super(new KtoLoss(.4, 1.5, .7));
        }

        @Override
        protected double[] naive(ResponseScores batch) {
            double[] rows = logRatios(batch);
            boolean[] wanted = batch.desirable().orElseThrow();
            double kl = batch.kl().orElseThrow();
            Arrays.setAll(
                    rows,
                    i ->
                            wanted[i]
                                    ? 1.5 * (1 - sigmoid(.4 * (rows[i] - kl)))
                                    : .7 * (1 - sigmoid(.4 * (kl - rows[i]))));
            return rows;
        }

        @Test
        void recordsTheDivergenceAndTheRewardsOfBothKinds() {
            LogitBatch batch = LogitBatch.random(62, 6, 3);
            LogitBatch.Graph graph = graph(batch, DataType.DOUBLE);
            Map<String, INDArray> feed = batch.feed(DataType.DOUBLE);
            double[] u = logRatios(batch.scores());
            double up = .4 * (u[0] + u[1] + u[2]) / 3;
            double down = .4 * (u[3] + u[4] + u[5]) / 3;
            Map<String, SDVariable> metrics = graph.loss().metrics();
            assertEquals(LogitBatch.KL, graph.values(metrics.get("kl"), feed)[0], 1e-12);
            assertEquals(up, graph.values(metrics.get("rewards/chosen"), feed)[0], 1e-12);
            assertEquals(down, graph.values(metrics.get("rewards/rejected"), feed)[0], 1e-12);
            assertEquals(up - down, graph.values(metrics.get("rewards/margins"), feed)[0], 1e-12);
            double s = Arrays.stream(batch.scores().logProbs()).limit(3).average().orElseThrow();
            assertEquals(s, graph.values(metrics.get("logps/chosen"), feed)[0], 1e-12);
        }

        @Test
        void theDivergenceIsThatOfMismatchedRowsAndHasNoGradient() {
            double[] s = {-1, -2, -4};
            double[] r = {-3, -2.5, -3.5};
            assertEquals(2.0 / 3, KtoLoss.kl(s, r), 1e-15);
            assertEquals(0, KtoLoss.kl(r, s), 0);
            SameDiff graph = SameDiff.create();
            SDVariable policy = graph.var("s", Nd4j.createFromArray(s));
            SDVariable kl = KtoLoss.kl(graph, policy, graph.constant(Nd4j.createFromArray(r)));
            kl.add(policy.sum()).markAsLoss();
            assertEquals(2.0 / 3, kl.eval().getDouble(), 1e-15);
            INDArray gradient = graph.calculateGradients(null, "s").get("s");
            assertEquals(Nd4j.onesLike(gradient), gradient, "of the sum alone");
        }

        @Test
        void namesWhatIsMissing() {
            ResponseScores bare = new ResponseScores(new double[1], new double[1], new int[] {1});
            assertEquals(
                    "loss kto needs a kl divergence, got none",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> loss().values(bare.withDesirable(true)))
                            .getMessage());
            assertEquals(
                    "loss kto needs labels of desirable rows, got none",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> loss().coefficients(bare.withKl(0)))
                            .getMessage());
        }
    }

    private static double[] logRatios(ResponseScores batch) {
        double[] rows = batch.logProbs();
        Arrays.setAll(rows, i -> rows[i] - batch.referenceLogProbs()[i]);
        return rows;
    }
}
