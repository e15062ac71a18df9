package org.learningdynamics.measure;

/**
 * Likelihood measures of one response; the definitions are those of {@link LikelihoodMeasures}.
 *
 * <p>Any of the doubles may be NaN (the logits were not finite) and the three log-probabilities may
 * be −∞ (an impossible token, or a token that is certain).
 *
 * @param logProb Σ log π(y) (nats)
 * @param argmaxLogProb Σ log max π (nats)
 * @param restLogProb Σ log(1 − max π) (nats)
 * @param peakiness Frobenius norm of A
 * @param gap mean ‖π − e_y‖
 * @param energy mean 1 − π(y)
 * @param entropy mean entropy (nats)
 * @param tokens number of unmasked tokens, at least 1
 * @param tokenLogProbs log π(y) of each unmasked token (nats) // [tokens]
 * @param argmaxTokens likeliest id at each unmasked token // [tokens]
 */
public record Likelihood(
        double logProb,
        double argmaxLogProb,
        double restLogProb,
        double peakiness,
        double gap,
        double energy,
        double entropy,
        int tokens,
        double[] tokenLogProbs,
        int[] argmaxTokens) {
    /**
     * Checks and copies.
     *
     * @param logProb any number, −∞ or NaN
     * @param argmaxLogProb any number or NaN
     * @param restLogProb any number, −∞ or NaN
     * @param peakiness any number or NaN
     * @param gap any number or NaN
     * @param energy any number or NaN
     * @param entropy any number or NaN
     * @param tokens at least 1
     * @param tokenLogProbs as many as tokens
     * @param argmaxTokens as many as tokens
     */
    public Likelihood {
        if (tokens < 1) {
            throw new IllegalArgumentException("tokens must be >= 1, got " + tokens);
        }
        requireLength("tokenLogProbs", tokenLogProbs.length, tokens);
        requireLength("argmaxTokens", argmaxTokens.length, tokens);
        tokenLogProbs = tokenLogProbs.clone();
        argmaxTokens = argmaxTokens.clone();
    }

    private static void requireLength(String name, int length, int tokens) {
        if (length != tokens) {
            throw new IllegalArgumentException(
                    name + " must have one value per token, got " + length + " for " + tokens);
        }
    }

    /**
     * Log-probability of each unmasked token.
     *
     * @return a copy (nats) // [tokens]
     */
    @Override
    public double[] tokenLogProbs() {
        return tokenLogProbs.clone();
    }

    /**
     * Likeliest id at each unmasked token.
     *
     * @return a copy // [tokens]
     */
    @Override
    public int[] argmaxTokens() {
        return argmaxTokens.clone();
    }

    /**
     * Tells whether a measure is NaN, which happens only where the logits were not finite.
     *
     * @return true if any measure is NaN
     */
    public boolean hasNaN() {
        return Double.isNaN(logProb)
                || Double.isNaN(argmaxLogProb)
                || Double.isNaN(restLogProb)
                || Double.isNaN(peakiness + gap + energy + entropy);
    }
}
