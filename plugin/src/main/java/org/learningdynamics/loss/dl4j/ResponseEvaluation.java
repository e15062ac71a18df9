package org.learningdynamics.loss.dl4j;

import java.util.Arrays;
import java.util.Map;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.measure.ResponseScores;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A loss on the logits of a batch's response tokens.
 *
 * <p>With {@code s_i = Σ_t log π_t(y_t)} and {@code c_i = ∂ℓ/∂s_i} the residual is {@code ∂ℓ/∂z_t =
 * c_i·∂s_i/∂z_t = c_i·(e_y − π_t)}. Log-probabilities are {@code z_y − max z + log max π}, finite
 * for logits of any spread, and summed in float64.
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
        this.scores = new ResponseScores(logProbs(), reference(), tokens.perRow());
    }

    private double[] logProbs() {
        double[] max = doubles(logits.max(1));
        double[] top = doubles(probabilities.max(1));
        double[] sums = new double[tokens.rows()];
        for (int i = 0; i < tokens.count(); i++) {
            double logProb = logits.getDouble(i, tokens.token(i)) - max[i] + Math.log(top[i]);
            sums[tokens.row(i)] += logProb;
        }
        return sums;
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
        double[] coefficients = loss.coefficients(scores);
        double[] weights = new double[tokens.count()];
        Arrays.setAll(weights, i -> -factor * coefficients[tokens.row(i)]);
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
