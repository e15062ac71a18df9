package org.learningdynamics.recording;

import java.io.Serializable;

/**
 * The probability of one token at one position of a response, at one recording. The rows of a
 * position are its likeliest tokens, those that were likeliest at the first recording, and the
 * response's own; what they leave of 1 is on all other tokens.
 *
 * @param step the recording
 * @param probe the probe's id
 * @param kind the response kind
 * @param position index in the response, from 0
 * @param token id of the token, or of the class
 * @param logProb its log-probability behind the prompt and the response's tokens before (nats)
 */
public record DistributionRow(
        long step, int probe, String kind, int position, int token, double logProb)
        implements Serializable {
    /**
     * Checks the counters and the kind.
     *
     * @param step the recording
     * @param probe the probe's id
     * @param kind the response kind
     * @param position index in the response, from 0
     * @param token id of the token
     * @param logProb its log-probability (nats)
     * @throws IllegalArgumentException if a value breaks its rule
     */
    public DistributionRow {
        Checks.atLeast("step", 0, step);
        Checks.notBlank("kind", kind);
        Checks.atLeast("position", 0, position);
        Checks.atLeast("token", 0, token);
    }
}
