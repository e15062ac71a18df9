package org.learningdynamics.recording;

import java.util.Objects;

/**
 * One value of a row of a {@link RunTable}, for programs that hand whole tables on to other file
 * formats. A measured NaN is a {@link Real}; what was not measured is {@link Absent}.
 */
public sealed interface Cell {
    /**
     * A whole number.
     *
     * @param value the number
     */
    record Whole(long value) implements Cell {}

    /**
     * A number that was measured.
     *
     * @param value the number; NaN and infinite values are measured ones
     */
    record Real(double value) implements Cell {}

    /**
     * A text.
     *
     * @param value the text, may be empty
     */
    record Text(String value) implements Cell {
        /**
         * Requires a text.
         *
         * @param value the text, may be empty
         */
        public Text {
            Objects.requireNonNull(value, "value");
        }
    }

    /**
     * The values of a matrix, row after row.
     *
     * @param values one row of all values // [1, rows · columns]
     */
    record Floats(FloatMatrix values) implements Cell {
        /**
         * Requires one row.
         *
         * @param values one row of all values // [1, rows · columns]
         * @throws IllegalArgumentException if there is not one row
         */
        public Floats {
            if (values.rows() != 1) {
                throw new IllegalArgumentException("values must have 1 row, got " + values.rows());
            }
        }
    }

    /** No number, because nothing was measured. */
    enum Absent implements Cell {
        /** The only such value. */
        NOT_MEASURED
    }
}
