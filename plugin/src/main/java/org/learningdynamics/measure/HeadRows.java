package org.learningdynamics.measure;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a language model's head {@code z = W·h} sees of one response: for each response token the
 * hidden state h that it was predicted from and the residual {@code e_y − π}, which is {@code ∂log
 * π(y)/∂z}.
 *
 * <p>The gradient of {@code log π(y_k)} by W is {@code (e_y − π)_k·h_kᵀ}. Inner products of such
 * gradients are one kernel, {@link #kernel}, of which {@link Ches}, CHES-α, {@link Nthr} and the
 * head's part of the tangent kernel are sums.
 *
 * @param hidden h at the last prompt token up to, and without, the last response token // [L, d]
 * @param residuals e_y − π at the same positions, float64 // [L, V]
 */
public record HeadRows(INDArray hidden, INDArray residuals) implements AutoCloseable {
    /**
     * Checks the shapes; the arrays are kept, not copied, and closed with this.
     *
     * @param hidden states // [L, d]
     * @param residuals e_y − π // [L, V]
     * @throws IllegalArgumentException if they are no matrices or differ in rows
     */
    public HeadRows {
        if (hidden.rank() != 2 || residuals.rank() != 2 || hidden.size(0) != residuals.size(0)) {
            throw new IllegalArgumentException(
                    "hidden and residuals must be matrices with a row a response token, got "
                            + Arrays.toString(hidden.shape())
                            + " and "
                            + Arrays.toString(residuals.shape()));
        }
    }

    /**
     * From logits. The residual of a token itself is the sum of the other probabilities, so that it
     * keeps its digits where π(y) is close to 1. Computed in float64; cost L·V.
     *
     * @param hidden kept and closed with the result // [L, d]
     * @param logits z, stays the caller's // [L, V]
     * @param tokens the response's tokens y // [L]
     * @return hidden states with residuals
     * @throws IllegalArgumentException if there are not as many tokens as rows, or a token is
     *     outside the vocabulary
     */
    public static HeadRows of(INDArray hidden, INDArray logits, int[] tokens) {
        if (logits.size(0) != tokens.length) {
            throw new IllegalArgumentException(
                    "logits must have a row a token ("
                            + tokens.length
                            + "), got "
                            + logits.size(0)
                            + " rows");
        }
        double[][] z = rows(logits);
        double[][] residuals = new double[z.length][];
        for (int k = 0; k < z.length; k++) {
            residuals[k] = residual(z[k], tokens[k]);
        }
        return new HeadRows(hidden, Nd4j.createFromArray(residuals));
    }

    private static double[][] rows(INDArray array) {
        try (INDArray copy = float64(array)) {
            return copy.toDoubleMatrix();
        }
    }

    /** A copy of its own, in one step: castTo gives the array itself where the type is right. */
    private static INDArray float64(INDArray array) {
        return array.dataType() == DataType.DOUBLE ? array.dup('c') : array.castTo(DataType.DOUBLE);
    }

    private static double[] residual(double[] logits, int token) {
        if (token < 0 || token >= logits.length) {
            throw new IllegalArgumentException(
                    "tokens must be in [0, " + logits.length + "), got " + token);
        }
        double max = Arrays.stream(logits).max().orElseThrow();
        double[] result = new double[logits.length];
        double sum = 0;
        for (int v = 0; v < logits.length; v++) {
            result[v] = Math.exp(logits[v] - max);
            sum += result[v];
        }
        double others = 0;
        for (int v = 0; v < logits.length; v++) {
            result[v] /= -sum;
            others -= v == token ? 0 : result[v];
        }
        result[token] = others;
        return result;
    }

    /**
     * Number of response tokens.
     *
     * @return L
     */
    public int tokens() {
        return (int) hidden.size(0);
    }

    /**
     * Inner products of the head's gradients of single tokens: {@code K_kl = ⟨r_k, r'_l⟩·⟨h_k,
     * h'_l⟩}. Two matrix products, L·L'·(V + d).
     *
     * @param other another response under the same model
     * @return K, float64 // [L, L']
     */
    public double[][] kernel(HeadRows other) {
        try (INDArray states = float64(hidden);
                INDArray otherStates = float64(other.hidden);
                INDArray products = states.mmul(otherStates.transpose());
                INDArray residualProducts = residuals.mmul(other.residuals.transpose())) {
            return products.muli(residualProducts).toDoubleMatrix();
        }
    }

    /** Frees both arrays. */
    @Override
    public void close() {
        hidden.close();
        residuals.close();
    }
}
