package org.learningdynamics.recording;

import java.io.Serializable;

/**
 * What one training example does to itself, summed over checkpoints.
 *
 * @param example the training example's id
 * @param total sum of the learning rate times the squared norm of its gradient (nats)
 * @param recordings how many checkpoints were summed, &ge; 0
 */
public record SelfInfluenceRow(long example, double total, long recordings)
        implements Serializable {
    /**
     * Checks the values.
     *
     * @param example the training example's id
     * @param total sum over checkpoints (nats)
     * @param recordings how many checkpoints were summed, &ge; 0
     * @throws IllegalArgumentException if a value breaks its rule
     */
    public SelfInfluenceRow {
        Checks.atLeast("recordings", 0, recordings);
    }
}
