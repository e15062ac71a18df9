package org.learningdynamics.measure;

/**
 * How a loss pulls on each response of a batch: {@code c_i = ∂ℓ/∂s_i}, with ℓ the loss of the batch
 * as it is trained on (its mean over pairs, examples or tokens included) and {@code s_i = Σ_t
 * w_t·log π(y_t)} the log-probability of response i.
 *
 * <p>The residual at the logits of a response token is {@code G = ∂ℓ/∂z = −c_it·(π − e_y)} with the
 * token's coefficient {@code c_it = ∂ℓ/∂log π(y_t)}, which is {@code c_i·w_t} for every loss that
 * is a function of the sums. {@link #tokenCoefficients} gives it for every loss, so that one table
 * drives every decomposition.
 */
@FunctionalInterface
public interface ResponseCoefficients {
    /**
     * The coefficient of each response.
     *
     * @param batch log-probabilities, reference and token counts of the rows of a batch
     * @return ∂ℓ/∂s of each row // [rows]
     * @throws IllegalArgumentException if the batch does not fit the loss: pairs need an even
     *     number of rows
     * @throws UnsupportedOperationException if the loss weighs tokens by their own probabilities
     *     and so is no function of s; its {@link #tokenCoefficients} tell all
     */
    double[] coefficients(ResponseScores batch);

    /**
     * The coefficient of each response token: {@code c_i·w_t}, with weights of 1 where the batch
     * has none.
     *
     * @param batch as in {@link #coefficients}
     * @return ∂ℓ/∂log π(y_t), masked positions left out // [rows][tokens of the row]
     * @throws IllegalArgumentException if the batch does not fit the loss
     */
    default double[][] tokenCoefficients(ResponseScores batch) {
        double[] rows = coefficients(batch);
        double[][] tokens = batch.tokenWeights();
        for (int row = 0; row < rows.length; row++) {
            for (int t = 0; t < tokens[row].length; t++) {
                tokens[row][t] *= rows[row];
            }
        }
        return tokens;
    }
}
