package org.learningdynamics.recording;

import java.io.Serializable;

/**
 * What every example of a batch does, to first order, to one observed token at one recording.
 * Values may be NaN; an event of the recording counts them.
 *
 * @param step the recording
 * @param probe the probe's id
 * @param kind the response kind
 * @param position index of the token in the response, from 0
 * @param values the examples' entries, in the form of the recording's influence blocks // [1,
 *     examples]
 */
public record TokenInfluenceRow(long step, int probe, String kind, int position, FloatMatrix values)
        implements Serializable {
    /**
     * Checks the values.
     *
     * @param step the recording
     * @param probe the probe's id
     * @param kind the response kind
     * @param position index of the token in the response, from 0
     * @param values the examples' entries, in the form of the recording's influence blocks // [1,
     *     examples]
     * @throws IllegalArgumentException if a value breaks its rule
     */
    public TokenInfluenceRow {
        Checks.atLeast("step", 0, step);
        Checks.notBlank("kind", kind);
        Checks.atLeast("position", 0, position);
        if (values.rows() != 1) {
            throw new IllegalArgumentException("values must have 1 row, got " + values.rows());
        }
    }

    /**
     * The batch's size.
     *
     * @return number of examples
     */
    public int examples() {
        return values.columns();
    }
}
