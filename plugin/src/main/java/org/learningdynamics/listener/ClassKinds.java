package org.learningdynamics.listener;

/** Which classes of a probe are recorded. */
public enum ClassKinds {
    /** The probe's own label, as kind {@value ClassProbes#LABEL}. */
    LABEL,
    /** The label, and every class as a kind of its own that is named as the class. */
    EVERY_CLASS
}
