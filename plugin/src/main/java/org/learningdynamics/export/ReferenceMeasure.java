package org.learningdynamics.export;

import org.learningdynamics.recording.RunTable;

/** What the reference records of a response, and where it stands in a likelihood row. */
enum ReferenceMeasure {
    LOG_PROB("log_prob"),
    ARGMAX("argmax_log_prob"),
    REST("rest_log_prob"),
    PEAKINESS("peakiness"),
    GAP("gap"),
    ENERGY("energy");

    private final String column;

    ReferenceMeasure(String column) {
        this.column = column;
    }

    String column() {
        return column;
    }

    /** The index of the column in a likelihood row. */
    int index() {
        for (int i = 0; i < RunTable.LIKELIHOOD.columns().size(); i++) {
            if (RunTable.LIKELIHOOD.columns().get(i).name().equals(column)) {
                return i;
            }
        }
        throw new IllegalStateException("likelihood has no column " + column);
    }
}
