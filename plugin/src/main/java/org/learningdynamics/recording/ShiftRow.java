package org.learningdynamics.recording;

import java.io.Serializable;

/**
 * How one response's log-probability changed by the update that ended in a recording: foretold to
 * first order, foretold by parts, and really. Unit: nats. Every value is a measured one: NaN is
 * stored as NULL with an event of the recording.
 *
 * @param step the recording
 * @param probe the probe's id
 * @param kind the response kind
 * @param predicted inner product of the gradient of the log-probability and the change of the
 *     parameters
 * @param fromBatch the part of the batch's gradient
 * @param fromHistory the part of the optimiser's memory
 * @param fromDecay the part of weight decay and regularisation
 * @param fromStatistics the part of what moves without a gradient, such as batch normalisation's
 *     statistics
 * @param unattributed {@code fromBatch} less the sum of the recorded influences
 * @param actual log-probability after the update less before it
 */
public record ShiftRow(
        long step,
        int probe,
        String kind,
        double predicted,
        double fromBatch,
        double fromHistory,
        double fromDecay,
        double fromStatistics,
        double unattributed,
        double actual)
        implements Serializable {
    /**
     * Checks the values.
     *
     * @param step the recording
     * @param probe the probe's id
     * @param kind the response kind
     * @param predicted inner product of the gradient of the log-probability and the change of the
     *     parameters
     * @param fromBatch the part of the batch's gradient
     * @param fromHistory the part of the optimiser's memory
     * @param fromDecay the part of weight decay and regularisation
     * @param fromStatistics the part of what moves without a gradient, such as batch
     *     normalisation's statistics
     * @param unattributed {@code fromBatch} less the sum of the recorded influences
     * @param actual log-probability after the update less before it
     * @throws IllegalArgumentException if a value breaks its rule
     */
    public ShiftRow {
        Checks.atLeast("step", 0, step);
        Checks.notBlank("kind", kind);
    }
}
