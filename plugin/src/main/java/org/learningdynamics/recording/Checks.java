package org.learningdynamics.recording;

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

    static void sameStep(String rows, long step, long value) {
        if (step != value) {
            throw new IllegalArgumentException(
                    rows + " of a recording must be of its step " + step + ", got " + value);
        }
    }
}
