package org.learningdynamics.recording;

import java.io.Serializable;

/**
 * The state of training at one recording. Values that the host does not offer are NaN and are
 * stored as NULL without an event. The loss alone is taken as measured once an iteration was run:
 * NaN at an iteration &gt; 0 is stored as NULL with an event. A listener that finds another value
 * to be NaN, not unknown, adds an {@link Event} of its own.
 *
 * @param step our own counter of recordings, from 0
 * @param iteration parameter updates done when the recording was made; 0 is before the first
 * @param epoch the host's epoch
 * @param timeMillis wall clock, milliseconds since 1970
 * @param loss the loss of the last iteration (nats), NaN if none was run yet
 * @param learningRate the rate of the last update, NaN if unknown
 * @param gradNorm global L2 norm of the last raw gradient, NaN if unknown
 * @param stepMillis milliseconds between the last two iterations' ends, NaN if unknown
 * @param overheadMillis milliseconds that training waited for this recording
 */
public record StepRow(
        long step,
        long iteration,
        int epoch,
        long timeMillis,
        double loss,
        double learningRate,
        double gradNorm,
        double stepMillis,
        double overheadMillis)
        implements Serializable {
    /**
     * Checks the counters.
     *
     * @param step our own counter of recordings, from 0
     * @param iteration parameter updates done when the recording was made; 0 is before the first
     * @param epoch the host's epoch
     * @param timeMillis wall clock, milliseconds since 1970
     * @param loss the loss of the last iteration (nats), NaN if none was run yet
     * @param learningRate the rate of the last update, NaN if unknown
     * @param gradNorm global L2 norm of the last raw gradient, NaN if unknown
     * @param stepMillis milliseconds between the last two iterations' ends, NaN if unknown
     * @param overheadMillis milliseconds that training waited for this recording
     * @throws IllegalArgumentException if a value breaks its rule
     */
    public StepRow {
        Checks.atLeast("step", 0, step);
        Checks.atLeast("iteration", 0, iteration);
    }
}
