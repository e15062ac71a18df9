package org.learningdynamics.lm;

/** How a model knows the order of its tokens. */
public enum PositionKind {
    /** Queries and keys turn by angles that grow with the position. */
    ROTARY,
    /** A learnt vector of each position is added to the token's embedding. */
    LEARNED
}
