package org.learningdynamics.measure;

/**
 * How a loss pulls on each response of a batch: {@code c_i = ∂ℓ/∂s_i}, with ℓ the loss of the batch
 * as it is trained on (its mean over pairs, examples or tokens included) and {@code s_i} the
 * log-probability of response i.
 *
 * <p>The residual at the logits of a response token is {@code G = ∂ℓ/∂z = −c_i·(π − e_y)}, so one
 * table of coefficients drives every decomposition, whatever the loss.
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
     */
    double[] coefficients(ResponseScores batch);
}
