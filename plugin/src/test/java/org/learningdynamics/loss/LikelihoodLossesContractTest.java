package org.learningdynamics.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.learningdynamics.loss.LossContracts.d;
import static org.learningdynamics.loss.LossContracts.logSigmoid;

import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.learningdynamics.loss.LossContracts.Pairs;
import org.learningdynamics.measure.ResponseScores;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Losses on pairs that look at the likelihood itself. */
class LikelihoodLossesContractTest {
    @Nested
    class Simpo extends Pairs {
        Simpo() {
            super(
                    new SimpoLoss(2, .7, .1),
                    p ->
                            smoothed(
                                    2
                                                    * (p.chosenLogProb() / p.chosenTokens()
                                                            - p.rejectedLogProb()
                                                                    / p.rejectedTokens())
                                            - .7));
        }
    }

    @Nested
    class Rpo extends Pairs {
        Rpo() {
            super(
                    new RpoLoss(.3, .5, .1),
                    p -> smoothed(.3 * d(p)) - .5 * p.chosenLogProb() / p.chosenTokens());
        }
    }

    @Nested
    class IterativeRpo extends Pairs {
        IterativeRpo() {
            super(
                    new IterativeRpoLoss(.3, .5, .1),
                    p -> .5 * smoothed(.3 * d(p)) - p.chosenLogProb() / p.chosenTokens());
        }
    }

    /** With a likelihood that is the mean over the batch's tokens. */
    @Nested
    class Cpo extends Pairs {
        Cpo() {
            super(
                    new CpoLoss(.3, .5, .1),
                    p -> smoothed(.3 * (p.chosenLogProb() - p.rejectedLogProb())));
        }

        @Override
        protected double[] naive(ResponseScores batch) {
            return withLikelihood(super.naive(batch), .5, batch);
        }
    }

    @Nested
    class Orpo extends Pairs {
        Orpo() {
            super(new OrpoLoss(.4), LikelihoodLossesContractTest::orpo);
        }

        @Override
        protected double[] naive(ResponseScores batch) {
            return withLikelihood(super.naive(batch), 1, batch);
        }

        /** Near a probability of 1, logits of the test are worth fewer digits. */
        @Override
        protected double tolerance() {
            return 1e-10;
        }

        @Override
        protected double float32Tolerance() {
            return 2e-5;
        }

        @Test
        void recordsTheOddsRatio() {
            LogitBatch batch = LogitBatch.random(61, 6, 3);
            LogitBatch.Graph graph = graph(batch, DataType.DOUBLE);
            Map<String, INDArray> feed = batch.feed(DataType.DOUBLE);
            double[] s = batch.scores().logProbs();
            int[] n = batch.scores().tokens();
            double chosen = 0;
            double ratio = 0;
            for (PairScores pair : PairScores.of(batch.scores())) {
                chosen += logOdds(pair) / 3;
                ratio += logSigmoid(logOdds(pair)) / 3;
            }
            double nll = -(s[0] + s[1] + s[2]) / (n[0] + n[1] + n[2]);
            Map<String, SDVariable> metrics = graph.loss().metrics();
            assertEquals(nll, graph.values(metrics.get("nll_loss"), feed)[0], 1e-12);
            assertEquals(chosen, graph.values(metrics.get("log_odds_chosen"), feed)[0], 1e-10);
            assertEquals(ratio, graph.values(metrics.get("log_odds_ratio"), feed)[0], 1e-10);
        }

        @Test
        void certainResponsesHaveFiniteOdds() {
            PairScores certain = new PairScores(0, 0, 0, 0, 1, 1);
            PairCoefficients c = loss().coefficients(certain);
            assertEquals(.4 * Math.log(2), loss().value(certain), 1e-12);
            assertEquals(.2 / 1e-4, c.rejected(), 1);
            double step = 1e-9;
            PairScores below = new PairScores(0, -OrpoLoss.CERTAIN - step, 0, 0, 1, 1);
            PairScores above = new PairScores(0, -OrpoLoss.CERTAIN + step, 0, 0, 1, 1);
            double slope = (loss().value(above) - loss().value(below)) / (2 * step);
            assertEquals(loss().coefficients(above).rejected(), slope, .1, "no kink");
        }
    }

    private static double orpo(PairScores pair) {
        return -.4 * logSigmoid(logOdds(pair));
    }

    private static double logOdds(PairScores pair) {
        double p = Math.exp(pair.chosenLogProb() / pair.chosenTokens());
        double q = Math.exp(pair.rejectedLogProb() / pair.rejectedTokens());
        return Math.log(p / (1 - p) / (q / (1 - q)));
    }

    private static double[] withLikelihood(double[] values, double weight, ResponseScores batch) {
        double tokens = 0;
        for (int i = 0; i < values.length; i++) {
            tokens += batch.tokens()[i];
        }
        for (int i = 0; i < values.length; i++) {
            values[i] -= weight * batch.logProbs()[i] * values.length / tokens;
        }
        return values;
    }

    private static double smoothed(double x) {
        return -.9 * logSigmoid(x) - .1 * logSigmoid(-x);
    }
}
