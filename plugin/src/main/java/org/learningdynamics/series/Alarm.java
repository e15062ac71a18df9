package org.learningdynamics.series;

import java.util.List;
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

    /** The rewards are not 0 before the first update. */
    public static final String STALE_REFERENCE = "stale_reference";

    /** Predicted and actual changes do not agree. */
    public static final String UNTRUSTED_PREDICTION = "untrusted_prediction";

    /** Every code, in the order of the documentation. */
    public static final List<String> CODES =
            List.of(
                    SQUEEZING,
                    DISPLACEMENT,
                    NAN,
                    REWARDS_STUCK,
                    STALE_REFERENCE,
                    FIRST_LOSS,
                    UNTRUSTED_PREDICTION);

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
