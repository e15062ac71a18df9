package org.learningdynamics.recording;

import java.util.List;

/** Rules that the records of a run share; messages say name, rule and value. */
final class Checks {
    private Checks() {}

    static void atLeast(String name, long least, long value) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be >= " + least + ", got " + value);
        }
    }

    static void notBlank(String name, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(name + " must not be blank, got \"" + value + "\"");
        }
    }

    static void blankOnlyIfEmpty(String name, String value) {
        if (!value.isEmpty()) {
            notBlank(name, value);
        }
    }

    static void oneOf(String name, List<String> allowed, String value) {
        if (!allowed.contains(value)) {
            throw new IllegalArgumentException(
                    name + " must be one of " + allowed + ", got \"" + value + "\"");
        }
    }

    static void sameStep(String rows, long step, long value) {
        if (step != value) {
            throw new IllegalArgumentException(
                    rows + " of a recording must be of its step " + step + ", got " + value);
        }
    }
}
