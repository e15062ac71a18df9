package org.learningdynamics.measure;

/**
 * Likelihood measures of one response; the definitions are those of LikelihoodMeasures.
 *
 * @param logProb sum of log π(y) (nats)
 * @param argmaxLogProb sum of log max π (nats)
 * @param restLogProb sum of log(1 − max π) (nats)
 * @param peakiness Frobenius norm of A
 * @param gap mean ‖π − e_y‖
 * @param energy mean 1 − π(y)
 * @param entropy mean entropy (nats)
 * @param tokens number of unmasked tokens
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
        int[] argmaxTokens) {}
