package org.learningdynamics.loss.dl4j;

import java.util.Arrays;
import java.util.Map;
import org.learningdynamics.loss.Loss;
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
 * finite for logits of any spread, and summed in float64.
 */
final class ResponseEvaluation {
    private final Loss loss;
    private final ResponseTokens tokens;
    private final INDArray logits; // [N, V]
    private final INDArray probabilities; // [N, V]
    private final ResponseScores scores;

    ResponseEvaluation(Loss loss, ResponseTokens tokens, INDArray logits) {
        ResponseChecks.check(loss, tokens);
        this.loss = loss;
        this.tokens = tokens;
        this.logits = logits;
        this.probabilities = new ActivationSoftmax().getActivation(logits.dup('c'), true);
        this.scores = ResponseScores.ofTokens(TokenScores.unweighted(logProbs()), reference());
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

    private double[] reference() {
        double[] reference = new double[tokens.rows()];
        if (loss.needsReference()) {
            Arrays.setAll(reference, row -> tokens.ofRow(ResponseLabels.REFERENCE, row));
        }
        return reference;
    }

    double value() {
        return loss.value(scores);
    }

    /**
     * A loss for each row whose mean is the loss of the batch; both rows of a pair have its loss.
     */
    double[] perRow() {
        double[] values = loss.values(scores);
        double[] rows = new double[tokens.rows()];
        Arrays.setAll(rows, row -> values[row % values.length]);
        return rows;
    }

    /** factor·∂ℓ/∂z at the response tokens // [N, V]. */
    INDArray residual(double factor) {
        double[][] coefficients = loss.tokenCoefficients(scores);
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

    Map<String, Double> metrics() {
        return ResponseMetrics.of(loss, scores, tokens, logits, probabilities);
    }

    private static double[] doubles(INDArray array) {
        return array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    }
}
