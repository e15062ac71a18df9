package org.learningdynamics.report;

/** How something on the first screen is meant. The worst come first. */
enum Tone {
    /** Something is broken. */
    ERROR,
    /** Something to look at. */
    WARNING,
    /** Worth knowing. */
    INFO,
    /** All is well. */
    GOOD
}
