package org.learningdynamics.loss;

/** Checks of numbers, with messages of the form "name, rule, value". */
final class Arguments {
    private Arguments() {}

    static void requireFinite(String name, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(name + " must be finite, got " + value);
        }
    }

    static void requireTokens(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be >= 1, got " + value);
        }
    }

    static void requirePositive(String name, double value) {
        if (!(value > 0)) {
            throw new IllegalArgumentException(name + " must be > 0, got " + value);
        }
        requireFinite(name, value);
    }

    static void requireNotNegative(String name, double value) {
        if (!(value >= 0)) {
            throw new IllegalArgumentException(name + " must be >= 0, got " + value);
        }
        requireFinite(name, value);
    }

    static void requireAtMostOne(String name, double value) {
        if (!(value <= 1)) {
            throw new IllegalArgumentException(name + " must be <= 1, got " + value);
        }
    }

    static void requireBeta(double beta) {
        requirePositive(LossParameters.BETA, beta);
    }

    static void requireLabelSmoothing(double labelSmoothing) {
        if (!(labelSmoothing >= 0 && labelSmoothing < .5)) {
            throw new IllegalArgumentException(
                    "label_smoothing must be in [0, 0.5), got " + labelSmoothing);
        }
    }
}
