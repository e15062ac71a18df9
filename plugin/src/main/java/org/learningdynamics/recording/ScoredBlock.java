package org.learningdynamics.recording;

import java.io.Serializable;

/**
 * One finished piece of a job that scores training examples against checkpoints.
 *
 * @param checkpoint the checkpoint's iteration, &ge; 0
 * @param block the block of examples, from 0
 */
public record ScoredBlock(long checkpoint, long block) implements Serializable {
    /**
     * Checks the values.
     *
     * @param checkpoint the checkpoint's iteration, &ge; 0
     * @param block the block of examples, from 0
     * @throws IllegalArgumentException if a value breaks its rule
     */
    public ScoredBlock {
        Checks.atLeast("checkpoint", 0, checkpoint);
        Checks.atLeast("block", 0, block);
    }
}
