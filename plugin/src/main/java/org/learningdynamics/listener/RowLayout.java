package org.learningdynamics.listener;

import org.learningdynamics.recording.ResidualRow;

/** Which example each row of a training batch belongs to. */
public enum RowLayout {
    /** Each row is an example. */
    EXAMPLES {
        @Override
        int examples(int rows) {
            return rows;
        }

        @Override
        String part(int row, int examples) {
            return ResidualRow.RESPONSE;
        }
    },
    /**
     * The chosen responses of P pairs, then the rejected ones in the same order, as our preference
     * losses take them in both hosts.
     */
    PAIRS {
        @Override
        int examples(int rows) {
            if (rows % 2 != 0) {
                throw new IllegalStateException(
                        "a batch of pairs must have an even number of rows, got " + rows);
            }
            return rows / 2;
        }

        @Override
        String part(int row, int examples) {
            return row < examples ? ResidualRow.CHOSEN : ResidualRow.REJECTED;
        }
    },
    /** The first half of the rows are examples; the others only serve the loss, as in kto. */
    FIRST_HALF {
        @Override
        int examples(int rows) {
            return PAIRS.examples(rows);
        }

        @Override
        String part(int row, int examples) {
            return row < examples ? ResidualRow.RESPONSE : "";
        }
    };

    /** Number of examples in a batch. */
    abstract int examples(int rows);

    /** The part of its example that a row is; empty if it is none. */
    abstract String part(int row, int examples);

    /** The place of a row's example in the batch. */
    int position(int row, int examples) {
        return row % examples;
    }
}
