package org.learningdynamics.model;

/** How much a {@link AuditFinding} matters to training; the worst comes last. */
public enum AuditSeverity {
    /** Matters at extreme values only. */
    NOTE,
    /** Inexact, not surveyed, or wrong under a condition that the graph alone does not decide. */
    WARNING,
    /** Training goes wrong without a sign, or cannot begin. */
    ERROR;

    static AuditSeverity of(GradientVerdict verdict, boolean certain) {
        return switch (verdict) {
            case EXACT, NOT_FINITE -> NOTE;
            case UNSURVEYED, INEXACT -> WARNING;
            case THROWS, WRONG, CRASHES -> certain ? ERROR : WARNING;
        };
    }
}
