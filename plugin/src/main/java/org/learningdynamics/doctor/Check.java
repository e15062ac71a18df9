package org.learningdynamics.doctor;

/**
 * One thing that was looked at.
 *
 * @param name what was looked at, such as {@code memory}
 * @param outcome how it stands
 * @param observed what was found, with units
 * @param advice what to do about it, empty where there is nothing to do
 */
public record Check(String name, Outcome outcome, String observed, String advice) {
    /** How a check came out. */
    public enum Outcome {
        /** Nothing to do. */
        OK,
        /** It works; it could work better. */
        ADVICE,
        /** Something will fail. */
        PROBLEM
    }

    static Check ok(String name, String observed) {
        return new Check(name, Outcome.OK, observed, "");
    }

    static Check advice(String name, String observed, String advice) {
        return new Check(name, Outcome.ADVICE, observed, advice);
    }

    static Check problem(String name, String observed, String advice) {
        return new Check(name, Outcome.PROBLEM, observed, advice);
    }

    @Override
    public String toString() {
        String line = String.format("%-8s %-22s %s", outcome, name, observed);
        return advice.isEmpty() ? line : line + "\n" + " ".repeat(32) + advice;
    }
}
