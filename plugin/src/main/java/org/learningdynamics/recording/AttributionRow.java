package org.learningdynamics.recording;

/**
 * What one training example did to one response over many recordings or checkpoints. Recorded again
 * for the same example and response, the later row stands. A NaN total is stored as NULL; the first
 * of a recorder has an event.
 *
 * @param example the training example's id
 * @param probe the probe's id
 * @param kind the response kind
 * @param total sum of its influences (nats)
 * @param recordings how many influences were summed, &ge; 0
 */
public record AttributionRow(long example, int probe, String kind, double total, long recordings)
        implements Measurement {
    /**
     * Checks the values.
     *
     * @param example the training example's id
     * @param probe the probe's id
     * @param kind the response kind
     * @param total sum of its influences (nats)
     * @param recordings how many influences were summed, &ge; 0
     * @throws IllegalArgumentException if a value breaks its rule
     */
    public AttributionRow {
        Checks.notBlank("kind", kind);
        Checks.atLeast("recordings", 0, recordings);
    }
}
