package org.learningdynamics.loss;

import java.util.function.ToDoubleFunction;
import org.learningdynamics.measure.ResponseScores;

/** The contracts with their tolerances, filled in by a loss and its formula. */
final class LossContracts {
    private LossContracts() {}

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    static double logSigmoid(double x) {
        return Math.log(sigmoid(x));
    }

    static double u(PairScores pair) {
        return pair.chosenLogProb() - pair.referenceChosenLogProb();
    }

    static double v(PairScores pair) {
        return pair.rejectedLogProb() - pair.referenceRejectedLogProb();
    }

    static double d(PairScores pair) {
        return u(pair) - v(pair);
    }

    /** A loss on pairs that is not a function of log-ratios. */
    abstract static class Pairs extends PairwiseLossContractTest {
        private final PairwiseLoss loss;
        private final ToDoubleFunction<PairScores> naive;

        Pairs(PairwiseLoss loss, ToDoubleFunction<PairScores> naive) {
            this.loss = loss;
            this.naive = naive;
        }

        @Override
        protected PairwiseLoss loss() {
            return loss;
        }

        @Override
        protected double naive(PairScores pair) {
            return naive.applyAsDouble(pair);
        }

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

    /** A loss on log-ratios of pairs. */
    abstract static class LogRatios extends LogRatioLossContractTest {
        private final PairwiseLoss loss;
        private final ToDoubleFunction<PairScores> naive;
        private final double startValue;

        LogRatios(PairwiseLoss loss, ToDoubleFunction<PairScores> naive, double startValue) {
            this.loss = loss;
            this.naive = naive;
            this.startValue = startValue;
        }

        @Override
        protected PairwiseLoss loss() {
            return loss;
        }

        @Override
        protected double naive(PairScores pair) {
            return naive.applyAsDouble(pair);
        }

        @Override
        protected double startValue() {
            return startValue;
        }

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

    /** A loss on rows, or on pairs in a way of its own. */
    abstract static class Rows extends LossContractTest {
        private final Loss loss;

        Rows(Loss loss) {
            this.loss = loss;
        }

        @Override
        protected Loss loss() {
            return loss;
        }

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

        @Override
        protected abstract double[] naive(ResponseScores batch);
    }
}
