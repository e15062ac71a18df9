package org.learningdynamics.lm;

/** Where the matrix that turns the last hidden state into logits comes from. */
public enum HeadKind {
    /** The transposed token embedding. */
    TIED,
    /** A parameter of its own. */
    UNTIED
}
