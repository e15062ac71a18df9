package org.learningdynamics.lm;

/** How a hidden state is brought to unit size before a layer reads it. */
public enum NormKind {
    /** {@code x / √(mean(x²) + ε) ∘ g}. */
    RMS,
    /** {@code (x − mean(x)) / √(var(x) + ε) ∘ g + b}, the variance over all d values. */
    LAYER
}
