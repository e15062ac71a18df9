package org.learningdynamics.loss;

import java.util.Map;
import java.util.Set;
import org.learningdynamics.measure.ResponseScores;
import org.learningdynamics.measure.TokenScores;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Dynamic fine-tuning, cross-entropy whose tokens are weighted by their own probability, held
 * constant: {@code ℓ_i = −Σ_t w_t·sg[p_t]·log p_t}, the mean over the B examples of a batch.
 *
 * <p>{@code c_it = −w_t·p_t/B} for each token; the loss is no function of s, so {@link
 * #coefficients} throws and {@link #tokenCoefficients} tells all. The factor p cancels the 1/p in
 * the gradient of log p, which keeps unlikely tokens from ruling the step. The value is that of the
 * formula; its gradient is not the value's derivative, as p is detached. Source: Wu et al., On the
 * Generalization of SFT, 2025.
 */
public record DftLoss() implements ResponseLoss {
    /** The name in {@link Losses}. */
    public static final String NAME = "dft";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Map<String, Double> parameters() {
        return Map.of();
    }

    @Override
    public Set<LossNeed> needs() {
        return Set.of(LossNeed.TOKEN_LOG_PROBS);
    }

    @Override
    public double[] values(ResponseScores batch) {
        double[][] logProbs = tokens(batch).logProbs();
        double[][] weights = tokens(batch).weights();
        double[] values = new double[batch.rows()];
        for (int row = 0; row < values.length; row++) {
            for (int t = 0; t < logProbs[row].length; t++) {
                double logProb = logProbs[row][t];
                values[row] -= weights[row][t] * Math.exp(logProb) * logProb;
            }
        }
        return values;
    }

    /**
     * Refuses: the loss pulls on tokens, not on whole responses.
     *
     * @throws UnsupportedOperationException always
     */
    @Override
    public double[] coefficients(ResponseScores batch) {
        throw new UnsupportedOperationException(
                "loss dft has no coefficients of responses; ask for those of tokens");
    }

    @Override
    public double[][] tokenCoefficients(ResponseScores batch) {
        double[][] logProbs = tokens(batch).logProbs();
        double[][] weights = tokens(batch).weights();
        for (int row = 0; row < logProbs.length; row++) {
            for (int t = 0; t < logProbs[row].length; t++) {
                weights[row][t] *= -Math.exp(logProbs[row][t]) / batch.rows();
            }
        }
        return weights;
    }

    private TokenScores tokens(ResponseScores batch) {
        return ResponseVariables.require(batch.tokenScores(), LossNeed.TOKEN_LOG_PROBS, this);
    }

    @Override
    public SDVariable perResponse(SameDiff graph, ResponseVariables rows) {
        ResponseVariables.Tokens tokens =
                ResponseVariables.require(rows.single(), LossNeed.TOKEN_LOG_PROBS, this);
        SDVariable constant = ResponseLogProbs.stopGradient(graph, tokens.logProbs());
        SDVariable factor = graph.math().exp(constant).mul(tokens.weights());
        return ResponseLogProbs.sumOfRows(graph, tokens.logProbs().mul(factor)).neg();
    }
}
