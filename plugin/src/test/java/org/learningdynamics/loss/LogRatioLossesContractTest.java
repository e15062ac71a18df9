package org.learningdynamics.loss;

import static org.learningdynamics.loss.LossContracts.d;
import static org.learningdynamics.loss.LossContracts.logSigmoid;
import static org.learningdynamics.loss.LossContracts.sigmoid;
import static org.learningdynamics.loss.LossContracts.u;
import static org.learningdynamics.loss.LossContracts.v;

import org.junit.jupiter.api.Nested;
import org.learningdynamics.loss.LossContracts.LogRatios;

/** Losses of both log-ratios. */
class LogRatioLossesContractTest {
    @Nested
    class Ipo extends LogRatios {
        Ipo() {
            super(new IpoLoss(.25, IpoLoss.Form.PAPER), p -> Math.pow(d(p) - 2, 2), 4);
        }
    }

    @Nested
    class LengthNormalizedIpo extends LogRatios {
        LengthNormalizedIpo() {
            super(
                    new IpoLoss(.25, IpoLoss.Form.LENGTH_NORMALIZED),
                    p -> Math.pow(u(p) / p.chosenTokens() - v(p) / p.rejectedTokens() - 2, 2),
                    4);
        }
    }

    @Nested
    class Nca extends LogRatios {
        Nca() {
            super(
                    new NcaLoss(.6),
                    p ->
                            -logSigmoid(.6 * u(p))
                                    - logSigmoid(-.6 * u(p)) / 2
                                    - logSigmoid(-.6 * v(p)) / 2,
                    2 * Math.log(2));
        }
    }

    @Nested
    class Sppo extends LogRatios {
        Sppo() {
            super(new SppoLoss(.25), p -> Math.pow(u(p) - 2, 2) + Math.pow(v(p) + 2, 2), 8);
        }
    }

    @Nested
    class CalDpo extends LogRatios {
        CalDpo() {
            super(
                    new CalDpoLoss(.25),
                    p -> -logSigmoid(d(p)) + Math.pow(u(p) - 2, 2) + Math.pow(v(p) + 2, 2),
                    8 + Math.log(2));
        }
    }

    @Nested
    class ApoZero extends LogRatios {
        ApoZero() {
            super(new ApoZeroLoss(.6), p -> 1 - sigmoid(.6 * u(p)) + sigmoid(.6 * v(p)), 1);
        }
    }

    @Nested
    class ApoDown extends LogRatios {
        ApoDown() {
            super(new ApoDownLoss(.6), p -> sigmoid(.6 * u(p)) + 1 - sigmoid(.6 * d(p)), 1);
        }
    }

    @Nested
    class DpoNorm extends LogRatios {
        DpoNorm() {
            super(
                    new DpoNormLoss(3, .1),
                    p -> smoothed(3 * (u(p) / p.chosenTokens() - v(p) / p.rejectedTokens()), .1),
                    Math.log(2));
        }
    }

    @Nested
    class Dpop extends LogRatios {
        Dpop() {
            super(
                    new DpopLoss(.3, 2, .1),
                    p -> smoothed(.3 * (d(p) - 2 * Math.max(0, -u(p))), .1),
                    Math.log(2));
        }
    }

    /** The shift of the test's batches is part of the formula; a pair alone has none. */
    @Nested
    class Bco extends LogRatios {
        Bco() {
            super(new BcoLoss(.6), Bco::naiveBco, 2 * Math.log(2));
        }

        private static double naiveBco(PairScores p) {
            double delta = LogitBatch.REWARD_SHIFT;
            return -logSigmoid(.6 * u(p) - delta) - logSigmoid(-(.6 * v(p) - delta));
        }
    }

    private static double smoothed(double x, double smoothing) {
        return -(1 - smoothing) * logSigmoid(x) - smoothing * logSigmoid(-x);
    }
}
