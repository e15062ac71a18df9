package org.learningdynamics.data;

/** What a reader does with a line it cannot use. */
public enum BadLines {
    /** The first bad line ends the reading with a {@link DataException}. */
    FAIL,
    /** Bad lines are left out, counted and reported in {@link Examples#skipped()}. */
    SKIP_AND_COUNT
}
