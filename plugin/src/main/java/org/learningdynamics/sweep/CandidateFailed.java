package org.learningdynamics.sweep;

/** A candidate that came to nothing, for a reason that is known. */
final class CandidateFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CandidateFailed(String reason) {
        super(reason);
    }
}
