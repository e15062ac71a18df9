package org.learningdynamics.loss;

import static org.learningdynamics.loss.LossContracts.d;
import static org.learningdynamics.loss.LossContracts.logSigmoid;
import static org.learningdynamics.loss.LossContracts.sigmoid;
import static org.learningdynamics.loss.LossContracts.u;
import static org.learningdynamics.loss.LossContracts.v;

import org.junit.jupiter.api.Nested;
import org.learningdynamics.loss.LossContracts.LogRatios;

/** Losses of the margin, plain and under another divergence. */
class MarginLossesContractTest {
    @Nested
    class Dpo extends LogRatios {
        Dpo() {
            super(new DpoLoss(.3), p -> -logSigmoid(.3 * d(p)), Math.log(2));
        }
    }

    @Nested
    class Cdpo extends LogRatios {
        Cdpo() {
            super(
                    new CdpoLoss(.5, .2),
                    p -> -.8 * logSigmoid(.5 * d(p)) - .2 * logSigmoid(-.5 * d(p)),
                    Math.log(2));
        }
    }

    @Nested
    class Robust extends LogRatios {
        Robust() {
            super(
                    new RobustLoss(.5, .2),
                    p -> (-.8 * logSigmoid(.5 * d(p)) + .2 * logSigmoid(-.5 * d(p))) / .6,
                    Math.log(2));
        }
    }

    @Nested
    class Hinge extends LogRatios {
        Hinge() {
            super(new HingeLoss(.4), p -> .4 * d(p) < 1 ? 1 - .4 * d(p) : 0, 1);
        }
    }

    @Nested
    class Exo extends LogRatios {
        Exo() {
            super(
                    new ExoLoss(.6, .01),
                    MarginLossesContractTest::exo,
                    -Math.log(2) - Math.log(.99 * .01) / 2);
        }
    }

    @Nested
    class Discopop extends LogRatios {
        Discopop() {
            super(
                    new DiscopopLoss(.3, .2),
                    MarginLossesContractTest::discopop,
                    .5 * Math.log(2) + .5);
        }
    }

    @Nested
    class ForwardKl extends LogRatios {
        ForwardKl() {
            super(
                    new DivergenceLoss(
                            new DpoLoss(1e-4), new FDivergence(FDivergence.Kind.FORWARD_KL, 0)),
                    p -> -logSigmoid(1e-4 * (forwardKl(u(p)) - forwardKl(v(p)))),
                    Math.log(2));
        }
    }

    private static double forwardKl(double x) {
        return -Math.exp(-x);
    }

    @Nested
    class JensenShannon extends LogRatios {
        JensenShannon() {
            super(
                    new DivergenceLoss(
                            new CdpoLoss(.5, .2),
                            new FDivergence(FDivergence.Kind.JENSEN_SHANNON, 0)),
                    p ->
                            .2 * .5 * (jensenShannon(u(p)) - jensenShannon(v(p)))
                                    - logSigmoid(.5 * (jensenShannon(u(p)) - jensenShannon(v(p)))),
                    Math.log(2));
        }
    }

    private static double jensenShannon(double x) {
        return logSigmoid(x);
    }

    @Nested
    class Alpha extends LogRatios {
        Alpha() {
            super(
                    new DivergenceLoss(
                            new HingeLoss(.4), new FDivergence(FDivergence.Kind.ALPHA, .7)),
                    p -> Math.max(0, 1 - .4 * (alpha(u(p)) - alpha(v(p)))),
                    1);
        }
    }

    private static double alpha(double x) {
        return Math.exp(-.3 * x) / -.3;
    }

    private static double exo(PairScores pair) {
        double q = sigmoid(.6 * d(pair));
        return q * (Math.log(q) - Math.log(.99)) + (1 - q) * (Math.log(1 - q) - Math.log(.01));
    }

    private static double discopop(PairScores pair) {
        double x = .3 * d(pair);
        double m = sigmoid(x / .2);
        return -(1 - m) * logSigmoid(x) + m * Math.exp(-x);
    }
}
