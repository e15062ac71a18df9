package org.learningdynamics.listener;

/** Whether single response tokens are recorded beside the sums over a response. */
public enum TokenDetail {
    /** Sums and means only. */
    NONE,
    /** Log-probability and likeliest token at every response token. */
    ALL
}
