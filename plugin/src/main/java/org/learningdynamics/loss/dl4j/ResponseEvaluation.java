package org.learningdynamics.loss.dl4j;

import java.util.Arrays;
import java.util.Map;
import java.util.OptionalDouble;
import org.learningdynamics.loss.BcoLoss;
import org.learningdynamics.loss.KtoLoss;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.LossNeed;
import org.learningdynamics.loss.RewardShift;
import org.learningdynamics.measure.ResponseScores;
import org.learningdynamics.measure.TokenScores;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A loss on the logits of a batch's response tokens.
 *
 * <p>With the token's coefficient {@code c_t = ∂ℓ/∂log π_t(y_t)} the residual is {@code ∂ℓ/∂z_t =
 * c_t·∂log π_t(y_t)/∂z_t = c_t·(e_y − π_t)}. Log-probabilities are {@code z_y − max z + log max π},
 * finite for logits of any spread, and summed in float64. Mismatched rows give kto its divergence;
 * their tokens get no gradient.
 */
final class ResponseEvaluation {
    private final Loss loss;
    private final ResponseTokens tokens;
    private final INDArray logits; // [N, V]
    private final INDArray probabilities; // [N, V]
    private final BatchRows rows;
    private final ResponseScores scores; // of the loss's own rows

    /** The running mean reward is of use to bco alone. */
    ResponseEvaluation(Loss loss, ResponseTokens tokens, INDArray logits, double rewardShift) {
        ResponseChecks.check(loss, tokens);
        this.loss = loss;
        this.tokens = tokens;
        this.logits = logits;
        this.probabilities = new ActivationSoftmax().getActivation(logits.dup('c'), true);
        this.rows = BatchRows.of(loss, tokens);
        this.scores = scores(rewardShift);
    }

    private ResponseScores scores(double rewardShift) {
        double[][] logProbs = logProbs();
        ResponseScores own = scores(logProbs, rows.own());
        if (loss.needs().contains(LossNeed.REWARD_SHIFT)) {
            own = own.withRewardShift(rewardShift);
        }
        if (loss.needs().contains(LossNeed.KL)) {
            ResponseScores other = scores(logProbs, rows.mismatched());
            double kl = KtoLoss.kl(other.logProbs(), other.referenceLogProbs());
            own = own.withDesirable(rows.desirable(tokens)).withKl(kl);
        }
        return own;
    }

    private ResponseScores scores(double[][] logProbs, int[] selected) {
        double[][] some = new double[selected.length][];
        Arrays.setAll(some, i -> logProbs[selected[i]]);
        double[] reference = new double[selected.length];
        if (loss.needsReference()) {
            Arrays.setAll(reference, i -> tokens.ofRow(ResponseLabels.REFERENCE, selected[i]));
        }
        return ResponseScores.ofTokens(TokenScores.unweighted(some), reference);
    }

    /** log π(y_t) // [rows][tokens of the row]. */
    private double[][] logProbs() {
        double[] max = doubles(logits.max(1));
        double[] top = doubles(probabilities.max(1));
        double[][] logProbs = perToken();
        for (int i = 0; i < tokens.count(); i++) {
            double z = logits.getDouble(i, tokens.token(i));
            logProbs[tokens.row(i)][tokens.ordinal(i)] = z - max[i] + Math.log(top[i]);
        }
        return logProbs;
    }

    private double[][] perToken() {
        int[] counts = tokens.perRow();
        double[][] values = new double[counts.length][];
        Arrays.setAll(values, row -> new double[counts[row]]);
        return values;
    }

    double value() {
        ResponseChecks.requireNoStrangers(loss, tokens);
        return loss.value(scores);
    }

    /**
     * A loss for each row whose mean is the loss of the batch; both rows of a pair have its loss,
     * mismatched rows 0, for which the others stand in.
     */
    double[] perRow() {
        double[] values = loss.values(scores);
        int[] own = rows.own();
        double[] all = new double[tokens.rows()];
        double share = all.length / (double) own.length;
        for (int i = 0; i < own.length; i++) {
            all[own[i]] = share * values[i % values.length];
        }
        return all;
    }

    /** factor·∂ℓ/∂z at the response tokens // [N, V]. */
    INDArray residual(double factor) {
        ResponseChecks.requireNoStrangers(loss, tokens);
        double[][] coefficients = perToken();
        double[][] ofOwn = loss.tokenCoefficients(scores);
        int[] own = rows.own();
        for (int i = 0; i < own.length; i++) {
            coefficients[own[i]] = ofOwn[i];
        }
        double[] weights = new double[tokens.count()];
        Arrays.setAll(weights, i -> -factor * coefficients[tokens.row(i)][tokens.ordinal(i)]);
        INDArray misses = probabilities.dup('c');
        for (int i = 0; i < tokens.count(); i++) {
            int label = tokens.token(i);
            misses.putScalar(i, label, misses.getDouble(i, label) - 1);
        }
        INDArray column = Nd4j.createFromArray(weights).reshape(weights.length, 1);
        return misses.muliColumnVector(column.castTo(misses.dataType()));
    }

    /** Those of the loss's own rows. */
    Map<String, Double> metrics() {
        int[] own = rows.tokens(tokens);
        int[] targets = Arrays.stream(own).map(tokens::token).toArray();
        boolean all = own.length == tokens.count();
        return ResponseMetrics.of(
                loss,
                scores,
                targets,
                all ? logits : Nd4j.pullRows(logits, 1, own),
                all ? probabilities : Nd4j.pullRows(probabilities, 1, own));
    }

    /** Mean reward under the batch's bco, which its running mean takes in; empty without bco. */
    OptionalDouble meanReward() {
        return LossTerms.first(loss, BcoLoss.class)
                .map(bco -> OptionalDouble.of(RewardShift.meanReward(bco.beta(), scores)))
                .orElse(OptionalDouble.empty());
    }

    private static double[] doubles(INDArray array) {
        return array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    }
}
