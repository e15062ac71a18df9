package org.learningdynamics.sweep;

/** Ends a candidate's training early; it is scored as it is. */
final class CandidateStopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CandidateStopped(String reason) {
        super(reason);
    }
}
