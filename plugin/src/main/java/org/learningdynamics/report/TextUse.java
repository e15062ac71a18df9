package org.learningdynamics.report;

/** Whether a report holds the wording of prompts and responses. */
public enum TextUse {
    /** Prompts and responses are shown, shortened where they are very long. */
    SHOWN,
    /** No wording gets into the page; probes are named by their ids. */
    LEFT_OUT
}
