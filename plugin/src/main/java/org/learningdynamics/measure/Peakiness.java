package org.learningdynamics.measure;

/**
 * How the squared norm {@code q} of a response's distributions enters the peakiness {@code ‖A‖_F =
 * sqrt(V·q + V − 2)}.
 *
 * <p>Both agree for one token and wherever all tokens have the same {@code ‖π‖}; else {@link
 * #REFERENCE} is the smaller.
 */
public enum Peakiness {
    /** {@code q = mean_t ‖π_t‖²}: the root mean square of the per-token norms of A. */
    EXACT,
    /** {@code q = (mean_t ‖π_t‖)²}: what the paper's published code computes. */
    REFERENCE;

    /**
     * Frobenius norm of {@code A = I − 1·πᵀ} over the tokens of a response: {@code sqrt(V·q + V −
     * 2)}.
     *
     * @param norms ‖π_t‖₂ of every token // [tokens]
     * @param classes number V of classes or vocabulary entries
     * @return the norm; NaN if a norm is NaN
     * @throws IllegalArgumentException if there is no norm or no class
     */
    public double of(double[] norms, int classes) {
        if (norms.length == 0) {
            throw new IllegalArgumentException("norms must hold at least one token, got 0");
        }
        double sum = 0;
        double squares = 0;
        for (double norm : norms) {
            sum += norm;
            squares += norm * norm;
        }
        return this == EXACT
                ? ofSums(squares, norms.length, classes)
                : ofSums(sum, norms.length, classes);
    }

    /** From Σ‖π‖² (EXACT) or Σ‖π‖ (REFERENCE). */
    double ofSums(double sum, int tokens, int classes) {
        if (classes < 1) {
            throw new IllegalArgumentException("classes must be >= 1, got " + classes);
        }
        double mean = sum / tokens;
        double q = this == EXACT ? mean : mean * mean;
        return Math.sqrt(classes * q + classes - 2);
    }
}
