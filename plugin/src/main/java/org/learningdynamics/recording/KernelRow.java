package org.learningdynamics.recording;

import java.io.Serializable;

/**
 * A number about the kernel K at one recording. A NaN value is a measured one and is stored as NULL
 * with an event; a NaN standard error is unknown and is stored as NULL without one.
 *
 * @param step the recording
 * @param name what the number is, such as {@code trace}, {@code frobenius} or {@code alignment}
 * @param probe the probe's id, {@link #NONE} if it is not about one
 * @param kind the response kind, empty if it is not about one
 * @param position the example's place in the batch, {@link #NONE} if it is not about one
 * @param value the number
 * @param standardError its standard error, 0 if it is exact, NaN if unknown
 */
public record KernelRow(
        long step,
        String name,
        int probe,
        String kind,
        int position,
        double value,
        double standardError)
        implements Serializable {
    /** The probe or position of a number that is not about one. */
    public static final int NONE = -1;

    /**
     * Checks the values.
     *
     * @param step the recording
     * @param name what the number is, such as {@code trace}, {@code frobenius} or {@code alignment}
     * @param probe the probe's id, {@link #NONE} if it is not about one
     * @param kind the response kind, empty if it is not about one
     * @param position the example's place in the batch, {@link #NONE} if it is not about one
     * @param value the number
     * @param standardError its standard error, 0 if it is exact, NaN if unknown
     * @throws IllegalArgumentException if a value breaks its rule
     */
    public KernelRow {
        Checks.atLeast("step", 0, step);
        Checks.notBlank("name", name);
        Checks.blankOnlyIfEmpty("kind", kind);
        Checks.atLeast("position", NONE, position);
        if (standardError < 0) {
            throw new IllegalArgumentException("standardError must be >= 0, got " + standardError);
        }
    }
}
