package org.learningdynamics.it.audit;

import java.util.List;
import java.util.Locale;
import org.learningdynamics.model.GradientVerdict;

/**
 * What a case came to.
 *
 * @param verdict the verdict
 * @param usable false if already the forward pass fails
 * @param error worst relative error; NaN if there is no gradient
 * @param ops names of the ops that the call added, in order
 * @param message what was thrown, or where the error is
 */
record Outcome(
        GradientVerdict verdict, boolean usable, double error, List<String> ops, String message) {
    private static final double EXACT = 1e-6;
    private static final double INEXACT = 1e-2;
    private static final int LONGEST = 160;

    static Outcome ofError(double error, List<String> ops, String message) {
        GradientVerdict verdict =
                error <= EXACT
                        ? GradientVerdict.EXACT
                        : error <= INEXACT ? GradientVerdict.INEXACT : GradientVerdict.WRONG;
        return new Outcome(verdict, true, error, ops, message);
    }

    static Outcome unusable(Throwable cause, List<String> ops) {
        Outcome thrown = thrown(cause, ops);
        return new Outcome(thrown.verdict, false, thrown.error, ops, thrown.message);
    }

    static Outcome thrown(Throwable cause, List<String> ops) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getClass().getSimpleName() + ": " + root.getMessage();
        return new Outcome(GradientVerdict.THROWS, true, Double.NaN, ops, message);
    }

    String line() {
        return String.join(
                "\t",
                verdict.name(),
                Boolean.toString(usable),
                String.format(Locale.ROOT, "%.1e", error),
                String.join(",", ops),
                cleaned());
    }

    private String cleaned() {
        String text = message.replaceAll("\\s+", " ").replaceAll("0x[0-9a-f]+", "0x…").strip();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    static Outcome parse(String line) {
        String[] parts = line.split("\t", -1);
        return new Outcome(
                GradientVerdict.valueOf(parts[0]),
                Boolean.parseBoolean(parts[1]),
                Double.parseDouble(parts[2]),
                parts[3].isEmpty() ? List.of() : List.of(parts[3].split(",")),
                parts[4]);
    }
}
