package org.learningdynamics.lm.template;

/** No value. */
enum Absent {
    /** The value none. */
    NONE
}
