package org.learningdynamics.recording;

import java.io.Serializable;

/**
 * The likelihood measures of one response at one recording; sums and means run over response
 * tokens. Every value is a measured one: NaN is stored as NULL with an event of the recording,
 * infinite values as they are.
 *
 * @param step the recording
 * @param probe the probe's id
 * @param kind the response kind
 * @param logProb sum of log-probabilities of the response tokens (nats)
 * @param argmaxLogProb sum of log-probabilities of the likeliest tokens (nats)
 * @param restLogProb sum of log of the mass outside the likeliest token (nats)
 * @param peakiness Frobenius norm of A
 * @param gap mean Euclidean distance of the distribution from the response's one-hot
 * @param energy mean of one minus the response token's probability
 * @param entropy mean entropy (nats)
 * @param tokens number of response tokens
 */
public record LikelihoodRow(
        long step,
        int probe,
        String kind,
        double logProb,
        double argmaxLogProb,
        double restLogProb,
        double peakiness,
        double gap,
        double energy,
        double entropy,
        int tokens)
        implements Serializable {
    /**
     * Checks the counters and the kind.
     *
     * @param step the recording
     * @param probe the probe's id
     * @param kind the response kind
     * @param logProb sum of log-probabilities of the response tokens (nats)
     * @param argmaxLogProb sum of log-probabilities of the likeliest tokens (nats)
     * @param restLogProb sum of log of the mass outside the likeliest token (nats)
     * @param peakiness Frobenius norm of A
     * @param gap mean Euclidean distance of the distribution from the response's one-hot
     * @param energy mean of one minus the response token's probability
     * @param entropy mean entropy (nats)
     * @param tokens number of response tokens
     * @throws IllegalArgumentException if a value breaks its rule
     */
    public LikelihoodRow {
        Checks.atLeast("step", 0, step);
        Checks.notBlank("kind", kind);
        Checks.atLeast("tokens", 0, tokens);
    }
}
