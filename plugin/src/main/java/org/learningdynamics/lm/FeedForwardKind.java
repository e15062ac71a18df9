package org.learningdynamics.lm;

/** Form of a feed-forward layer with the nonlinearity f. */
public enum FeedForwardKind {
    /** {@code f(x·W₁)·W₂}. */
    PLAIN,
    /** {@code (f(x·W_gate) ∘ (x·W₁))·W₂}; with SWISH this is SwiGLU. */
    GATED
}
