package org.learningdynamics.loss;

import java.util.Arrays;
import org.junit.jupiter.api.Nested;
import org.learningdynamics.measure.ResponseScores;

/** Every loss under the contract. */
class LossesContractTest {
    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private abstract static class Pairwise extends PairwiseLossContractTest {
        @Override
        protected double tolerance() {
            return 1e-12;
        }

        @Override
        protected double differenceTolerance() {
            return 1e-8;
        }

        @Override
        protected double float32Tolerance() {
            return 4e-6;
        }
    }

    private abstract static class Response extends LossContractTest {
        @Override
        protected double tolerance() {
            return 1e-13;
        }

        @Override
        protected double differenceTolerance() {
            return 1e-9;
        }

        @Override
        protected double float32Tolerance() {
            return 2e-6;
        }
    }

    @Nested
    class Dpo extends Pairwise {
        @Override
        protected PairwiseLoss loss() {
            return new DpoLoss(.3);
        }

        @Override
        protected double naive(PairScores pair) {
            return -Math.log(sigmoid(.3 * pair.margin()));
        }

        @Override
        protected double startValue() {
            return Math.log(2);
        }
    }

    @Nested
    class Cdpo extends Pairwise {
        @Override
        protected PairwiseLoss loss() {
            return new CdpoLoss(.5, .2);
        }

        @Override
        protected double naive(PairScores pair) {
            double x = .5 * pair.margin();
            return -.8 * Math.log(sigmoid(x)) - .2 * Math.log(sigmoid(-x));
        }

        @Override
        protected double startValue() {
            return Math.log(2);
        }
    }

    @Nested
    class Ipo extends Pairwise {
        @Override
        protected PairwiseLoss loss() {
            return new IpoLoss(.25, IpoLoss.Form.PAPER);
        }

        @Override
        protected double naive(PairScores pair) {
            return Math.pow(pair.margin() - 2, 2);
        }

        @Override
        protected double startValue() {
            return 4;
        }
    }

    @Nested
    class LengthNormalizedIpo extends Pairwise {
        @Override
        protected PairwiseLoss loss() {
            return new IpoLoss(.25, IpoLoss.Form.LENGTH_NORMALIZED);
        }

        @Override
        protected double naive(PairScores pair) {
            double u = pair.chosenLogProb() - pair.referenceChosenLogProb();
            double v = pair.rejectedLogProb() - pair.referenceRejectedLogProb();
            return Math.pow(u / pair.chosenTokens() - v / pair.rejectedTokens() - 2, 2);
        }

        @Override
        protected double startValue() {
            return 4;
        }
    }

    @Nested
    class Sft extends Response {
        @Override
        protected Loss loss() {
            return new SftLoss();
        }

        @Override
        protected double[] naive(ResponseScores batch) {
            double tokens = Arrays.stream(batch.tokens()).sum();
            return Arrays.stream(batch.logProbs()).map(s -> -s * batch.rows() / tokens).toArray();
        }
    }

    @Nested
    class SftSum extends Response {
        @Override
        protected Loss loss() {
            return new SftSumLoss();
        }

        @Override
        protected double[] naive(ResponseScores batch) {
            return Arrays.stream(batch.logProbs()).map(s -> -s).toArray();
        }
    }

    @Nested
    class SftExtended extends Response {
        @Override
        protected Loss loss() {
            return new SftExtendedLoss();
        }

        @Override
        protected double[] naive(ResponseScores batch) {
            return Arrays.stream(batch.logProbs()).map(s -> -s).toArray();
        }
    }
}
