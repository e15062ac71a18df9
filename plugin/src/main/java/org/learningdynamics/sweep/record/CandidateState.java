package org.learningdynamics.sweep.record;

import java.util.Locale;

/** How a candidate ended. */
public enum CandidateState {
    /** Trained to its end and scored. */
    DONE,
    /** Stopped early by a rule on its own recording, and scored as it was then. */
    STOPPED,
    /** Could not be trained or scored; the cause says why. */
    FAILED;

    /**
     * The name in files and pages.
     *
     * @return lower case
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
