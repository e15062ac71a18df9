package org.learningdynamics.train;

import java.time.Duration;

/**
 * Where a stage stands.
 *
 * @param run name of the run
 * @param updatesDone updates done, from 1
 * @param updates updates in all
 * @param loss loss of the last update's batch (nats)
 * @param elapsed time since training began
 */
public record TrainingProgress(
        String run, int updatesDone, int updates, double loss, Duration elapsed) {}
