package org.learningdynamics.loss;

import static org.learningdynamics.loss.LossContracts.logSigmoid;

import java.util.Arrays;
import org.junit.jupiter.api.Nested;
import org.learningdynamics.loss.LossContracts.LogRatios;
import org.learningdynamics.loss.LossContracts.Rows;
import org.learningdynamics.measure.ResponseScores;

/** Losses whose examples depend on each other, and sums of losses. */
class BatchLossesContractTest {
    private static double smoothed(double x) {
        return -.9 * logSigmoid(x) - .1 * logSigmoid(-x);
    }

    /** Loss of sorted x against sorted y, given back in the order of x. */
    private static double[] transported(double[] x, double[] y) {
        double[] sortedX = x.clone();
        double[] sortedY = y.clone();
        Arrays.sort(sortedX);
        Arrays.sort(sortedY);
        double[] values = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            int rank = Arrays.binarySearch(sortedX, x[i]);
            values[i] = smoothed(.4 * (sortedX[rank] - sortedY[rank]));
        }
        return values;
    }

    @Nested
    class Aot extends LogRatios {
        Aot() {
            super(
                    new AotLoss(.4, .1, AotLoss.Form.PAIRED),
                    p -> smoothed(.4 * LossContracts.d(p)),
                    Math.log(2));
        }

        @Override
        protected double[] naive(ResponseScores batch) {
            double[] s = batch.logProbs();
            double[] r = batch.referenceLogProbs();
            double[] x = new double[s.length / 2];
            double[] y = new double[x.length];
            Arrays.setAll(x, i -> s[i] - s[i + x.length]);
            Arrays.setAll(y, i -> r[i] - r[i + x.length]);
            return transported(x, y);
        }
    }

    @Nested
    class UnpairedAot extends LogRatios {
        UnpairedAot() {
            super(
                    new AotLoss(.4, .1, AotLoss.Form.UNPAIRED),
                    p -> smoothed(.4 * LossContracts.d(p)),
                    Math.log(2));
        }

        @Override
        protected double[] naive(ResponseScores batch) {
            double[] s = batch.logProbs();
            double[] r = batch.referenceLogProbs();
            double[] x = new double[s.length / 2];
            double[] y = new double[x.length];
            Arrays.setAll(x, i -> s[i] - r[i]);
            Arrays.setAll(y, i -> s[i + x.length] - r[i + x.length]);
            return transported(x, y);
        }
    }

    /** The recipe of mixed preference optimisation. */
    @Nested
    class PairsWithLikelihood extends Rows {
        PairsWithLikelihood() {
            super(Losses.byName("dpo+0.2*bco+sft", java.util.Map.of("beta", .3)));
        }

        @Override
        protected double[] naive(ResponseScores batch) {
            int pairs = batch.rows() / 2;
            double[] s = batch.logProbs();
            double[] values = new double[pairs];
            double tokens = Arrays.stream(batch.tokens()).limit(pairs).sum();
            for (int i = 0; i < pairs; i++) {
                double u = s[i] - batch.referenceLogProbs()[i];
                double v = s[i + pairs] - batch.referenceLogProbs()[i + pairs];
                double delta = LogitBatch.REWARD_SHIFT;
                values[i] = -logSigmoid(.3 * (u - v));
                values[i] -= .2 * logSigmoid(.3 * u - delta);
                values[i] -= .2 * logSigmoid(-(.3 * v - delta));
                values[i] -= s[i] * pairs / tokens;
            }
            return values;
        }
    }

    /** Unlearning with a retained half, in which every kind of row and token weights take part. */
    @Nested
    class UnlearningWithRetention extends Rows {
        UnlearningWithRetention() {
            super(Losses.byName("npo+0.5*dft+2.0*kto", java.util.Map.of("npo.beta", .5)));
        }

        @Override
        protected boolean hasResponseCoefficients() {
            return false;
        }

        @Override
        protected double[] naive(ResponseScores batch) {
            return sums(batch, batch);
        }

        @Override
        protected double differentiable(ResponseScores constant, ResponseScores batch) {
            return Arrays.stream(sums(constant, batch)).average().orElseThrow();
        }

        private static double[] sums(ResponseScores constant, ResponseScores batch) {
            int pairs = batch.rows() / 2;
            double[] s = batch.logProbs();
            double[] r = batch.referenceLogProbs();
            double[][] factors = constant.tokenScores().orElseThrow().logProbs();
            double[][] tokens = batch.tokenScores().orElseThrow().logProbs();
            double[] values = new double[pairs];
            for (int i = 0; i < pairs; i++) {
                double u = s[i] - r[i];
                double v = s[i + pairs] - r[i + pairs];
                values[i] = -4 * logSigmoid(-.5 * v);
                for (int t = 0; t < tokens[i].length; t++) {
                    values[i] -= .5 * Math.exp(factors[i][t]) * tokens[i][t];
                }
                double kto = 1 - LossContracts.sigmoid(.1 * (u - LogitBatch.KL));
                kto += 1 - LossContracts.sigmoid(.1 * (LogitBatch.KL - v));
                values[i] += 2 * kto / 2;
            }
            return values;
        }
    }

    /** No term looks at pairs, so every row is an example. */
    @Nested
    class ResponsesOnly extends Rows {
        ResponsesOnly() {
            super(Losses.byName("sft+0.25*sft-sum"));
        }

        @Override
        protected double[] naive(ResponseScores batch) {
            double tokens = Arrays.stream(batch.tokens()).sum();
            return Arrays.stream(batch.logProbs())
                    .map(s -> -s * (batch.rows() / tokens + .25))
                    .toArray();
        }
    }
}
