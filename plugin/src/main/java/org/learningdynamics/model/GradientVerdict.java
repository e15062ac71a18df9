package org.learningdynamics.model;

/** How an op's gradient compares with central differences in float64; the worst comes last. */
public enum GradientVerdict {
    /** Relative error at most 1e-6. */
    EXACT,
    /** Right in an ordinary range, but value or gradient is not finite where they should be. */
    NOT_FINITE,
    /** Nobody has compared it: a custom or imported op. */
    UNSURVEYED,
    /** Relative error above 1e-6 and at most 1e-2. */
    INEXACT,
    /** The backward pass ends in an exception. */
    THROWS,
    /** Relative error above 1e-2, without any sign of it. */
    WRONG,
    /** The backward pass ends the process. */
    CRASHES
}
