package org.learningdynamics.recording;

/** How serious an {@link Event} is. */
public enum Severity {
    /** Worth knowing. */
    INFO,
    /** Something was lost or looks wrong; training goes on. */
    WARNING,
    /** The recording can no longer be trusted from here on. */
    ERROR
}
