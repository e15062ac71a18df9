package org.learningdynamics.loss;

import java.util.Arrays;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Length-desensitised log-probabilities of pairs: the tokens of a response beyond the length of the
 * other response of its pair weigh α instead of 1, {@code s = Σ_{t ≤ m} log p_t + α·Σ_{t > m} log
 * p_t} with {@code m = min(L⁺, L⁻)}.
 *
 * <p>α = 1 changes nothing, α = 0 cuts both responses to equal length. Weights reach a loss through
 * s, so any loss takes them; token counts stay as they are. Give policy and reference the same
 * weights, else rewards do not start at 0. Source: Liu et al., Length Desensitization in Direct
 * Preference Optimization, 2024.
 *
 * @param ldAlpha α in [0, 1]
 */
public record TailWeight(double ldAlpha) {
    /**
     * Checks.
     *
     * @param ldAlpha in [0, 1]
     */
    public TailWeight {
        if (!(ldAlpha >= 0 && ldAlpha <= 1)) {
            throw new IllegalArgumentException("ld_alpha must be in [0, 1], got " + ldAlpha);
        }
    }

    /**
     * The weights of a batch of pairs.
     *
     * @param tokens L of each row, chosen ones first // [2 · pairs]
     * @return w_t // [2 · pairs][tokens of the row]
     * @throws IllegalArgumentException if the number of rows is odd or a row has no token
     */
    public double[][] weights(int[] tokens) {
        PairScores.requireEven(tokens.length);
        double[][] weights = new double[tokens.length][];
        for (int row = 0; row < weights.length; row++) {
            Arguments.requireTokens("tokens", tokens[row]);
            int other = tokens[(row + tokens.length / 2) % tokens.length];
            weights[row] = new double[tokens[row]];
            Arrays.fill(weights[row], ldAlpha);
            Arrays.fill(weights[row], 0, Math.min(tokens[row], other), 1);
        }
        return weights;
    }

    /**
     * The same in a graph.
     *
     * @param graph of the responses
     * @param responses of pairs, chosen ones first
     * @return the responses with weighted s
     */
    public ResponseLogProbs define(SameDiff graph, ResponseLogProbs responses) {
        SDVariable mask = responses.mask();
        SDVariable[] counts = graph.split(responses.tokens(), 2, 0);
        SDVariable shorter = graph.math().min(counts[0], counts[1]);
        SDVariable common = graph.concat(0, shorter, shorter).reshape(-1, 1);
        SDVariable position = graph.cumsum(mask, false, false, 1);
        SDVariable beyond = position.gt(common).castTo(mask.dataType());
        return responses.withWeights(graph, mask.mul(beyond.mul(ldAlpha - 1).add(1)));
    }
}
