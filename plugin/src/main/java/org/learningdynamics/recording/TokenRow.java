package org.learningdynamics.recording;

import java.io.Serializable;

/**
 * One response token at one recording.
 *
 * @param step the recording
 * @param probe the probe's id
 * @param kind the response kind
 * @param position index in the response, from 0
 * @param logProb log-probability of the token (nats)
 * @param argmax id of the likeliest token at the position
 */
public record TokenRow(long step, int probe, String kind, int position, double logProb, int argmax)
        implements Serializable {
    /**
     * Checks the counters and the kind.
     *
     * @param step the recording
     * @param probe the probe's id
     * @param kind the response kind
     * @param position index in the response, from 0
     * @param logProb log-probability of the token (nats)
     * @param argmax id of the likeliest token at the position
     * @throws IllegalArgumentException if a value breaks its rule
     */
    public TokenRow {
        Checks.atLeast("step", 0, step);
        Checks.notBlank("kind", kind);
        Checks.atLeast("position", 0, position);
    }
}
