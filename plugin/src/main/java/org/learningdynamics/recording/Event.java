package org.learningdynamics.recording;

import java.util.Objects;

/**
 * Something that happened while recording.
 *
 * @param step the recording it belongs to, counted from 0; −1 before the first
 * @param severity how serious it is
 * @param code stable machine-readable name such as {@code probe_failed}
 * @param message one sentence for people
 */
public record Event(long step, Severity severity, String code, String message)
        implements Measurement {
    /**
     * Checks the step and the code.
     *
     * @param step the recording it belongs to, counted from 0; −1 before the first
     * @param severity how serious it is
     * @param code stable machine-readable name such as {@code probe_failed}
     * @param message one sentence for people
     * @throws IllegalArgumentException if a value breaks its rule
     */
    public Event {
        Checks.atLeast("step", -1, step);
        Objects.requireNonNull(severity, "severity");
        Checks.notBlank("code", code);
        Objects.requireNonNull(message, "message");
    }
}
