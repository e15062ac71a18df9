package org.learningdynamics.train;

/** When log-probabilities under the reference model are computed. */
public enum ReferenceMode {
    /** Once for every example, before the first update; the reference's parameters may go. */
    PRECOMPUTED,
    /** For every batch, under the reference as it is then; a forward pass more an update. */
    LIVE
}
