package org.learningdynamics.series;

/** What examples are ranked by. */
public enum AttributionOrder {
    /**
     * Influence for each occurrence in a recorded batch; fair where only some updates are recorded.
     */
    OCCURRENCE,
    /** Influence added up over recordings. */
    TOTAL;

    double of(AttributedExample example) {
        return this == TOTAL ? example.total() : example.perOccurrence();
    }
}
