package org.learningdynamics.model;

import java.util.List;
import java.util.Objects;

/**
 * An op of a graph whose gradient is not to be relied on.
 *
 * @param op name of the op in the graph
 * @param type name of its kind, such as {@code gather}
 * @param inputs names of its input variables
 * @param verdict what the survey found
 * @param severity how much it matters
 * @param condition when the verdict applies
 * @param certain true if the condition holds; false if the graph does not tell
 * @param remedy what to do instead, a sentence
 */
public record AuditFinding(
        String op,
        String type,
        List<String> inputs,
        GradientVerdict verdict,
        AuditSeverity severity,
        GraphCondition condition,
        boolean certain,
        String remedy) {
    /**
     * Copies the inputs.
     *
     * @param op name of the op in the graph
     * @param type name of its kind
     * @param inputs names of its input variables
     * @param verdict what the survey found
     * @param severity how much it matters
     * @param condition when the verdict applies
     * @param certain whether the condition is known to hold
     * @param remedy what to do instead
     */
    public AuditFinding {
        inputs = List.copyOf(inputs);
        Objects.requireNonNull(verdict, "verdict");
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(condition, "condition");
    }

    /**
     * The finding in a sentence or two.
     *
     * @return such as {@code gather_1 (gather of table, ids): the gradient is wrong without any
     *     sign. Remedy …}
     */
    public String sentence() {
        String when =
                condition == GraphCondition.ALWAYS
                        ? ""
                        : (certain ? ", because " : ", if ") + condition.description();
        return op
                + " ("
                + type
                + " of "
                + String.join(", ", inputs)
                + "): "
                + words(verdict)
                + when
                + "."
                + (remedy.isEmpty() ? "" : " " + remedy);
    }

    private static String words(GradientVerdict verdict) {
        return switch (verdict) {
            case EXACT -> "the gradient is right";
            case NOT_FINITE -> "value or gradient is infinite or NaN";
            case UNSURVEYED -> "the gradient of this op was never compared with differences";
            case INEXACT -> "the gradient is off by up to a hundredth";
            case THROWS -> "there is no gradient, the backward pass throws";
            case WRONG -> "the gradient is wrong without any sign";
            case CRASHES -> "the backward pass kills the process";
        };
    }
}
