package org.learningdynamics.train;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.learningdynamics.listener.ListenerFailures;
import org.learningdynamics.recording.Event;
import org.learningdynamics.series.Alarm;

/**
 * What a stage did.
 *
 * @param losses loss of each update's batch before the update (nats) // [updates]
 * @param events what looked wrong: a start that is not the loss's, a loss that is not finite
 * @param failures what the recording could not do; empty if there was none
 * @param duration time of all updates, recordings included
 * @param stoppedBy the alarm that ended the stage before its last update; empty if it went through
 */
public record TrainingResult(
        double[] losses,
        List<Event> events,
        Optional<ListenerFailures> failures,
        Duration duration,
        Optional<Alarm> stoppedBy) {
    /**
     * Copies.
     *
     * @param losses loss of each update
     * @param events what looked wrong
     * @param failures what the recording could not do
     * @param duration time of all updates
     * @param stoppedBy the alarm that ended the stage
     */
    public TrainingResult {
        losses = losses.clone();
        events = List.copyOf(events);
    }

    /**
     * The losses.
     *
     * @return a copy // [updates]
     */
    @Override
    public double[] losses() {
        return losses.clone();
    }

    /**
     * Number of updates.
     *
     * @return at least 1
     */
    public int updates() {
        return losses.length;
    }

    /**
     * Loss of the first batch, under the parameters that the stage began with.
     *
     * @return nats
     */
    public double firstLoss() {
        return losses[0];
    }

    /**
     * Loss of the last batch, before its update.
     *
     * @return nats
     */
    public double lastLoss() {
        return losses[losses.length - 1];
    }
}
