package org.learningdynamics.recording;

/**
 * Something that happened while recording.
 *
 * @param step the recording it belongs to, counted from 0
 * @param severity how serious it is
 * @param code stable machine-readable name such as {@code probe_failed}
 * @param message one sentence for people
 */
public record Event(long step, Severity severity, String code, String message)
        implements Measurement {}
