package org.learningdynamics.series;

import org.learningdynamics.recording.Severity;

/**
 * Something in a recording that its owner should look at.
 *
 * @param code stable machine-readable name, one of the constants
 * @param severity how serious it is
 * @param firstStep the recording where it begins
 * @param lastStep the last recording where it holds
 * @param message a sentence with its numbers
 * @param advice what to try
 */
public record Alarm(
        String code,
        Severity severity,
        long firstStep,
        long lastStep,
        String message,
        String advice) {
    /** Chosen and rejected fall while argmax rises. */
    public static final String SQUEEZING = "squeezing";

    /** Chosen falls without squeezing. */
    public static final String DISPLACEMENT = "displacement";

    /** A measured value is NaN. */
    public static final String NAN = "nan";

    /** The reward margin stays at 0. */
    public static final String REWARDS_STUCK = "rewards_stuck";

    /** The first loss of a sigmoid preference loss is not ln 2. */
    public static final String FIRST_LOSS = "first_loss";

    /**
     * Checks the order of the steps.
     *
     * @param code stable machine-readable name
     * @param severity how serious it is
     * @param firstStep the recording where it begins
     * @param lastStep the last recording where it holds
     * @param message a sentence with its numbers
     * @param advice what to try
     */
    public Alarm {
        if (firstStep > lastStep) {
            throw new IllegalArgumentException(
                    "firstStep must be <= lastStep, got " + firstStep + " > " + lastStep);
        }
    }

    /** The same alarm, more or less serious. */
    Alarm withSeverity(Severity other) {
        return new Alarm(code, other, firstStep, lastStep, message, advice);
    }
}
