package org.learningdynamics.train;

import java.time.Duration;

/**
 * Where a job over checkpoints stands.
 *
 * @param checkpoint the checkpoint at work
 * @param blocksDone blocks of examples done, over all checkpoints and earlier calls
 * @param blocks blocks in all
 * @param elapsed time since this call began
 */
public record InfluenceProgress(
        Checkpoint checkpoint, long blocksDone, long blocks, Duration elapsed) {}
