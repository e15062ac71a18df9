package org.learningdynamics.sweep.record;

import java.util.Locale;

/** Which values of a score are better. */
public enum Goal {
    /** Higher ones. */
    MAXIMIZE,
    /** Lower ones. */
    MINIMIZE;

    /**
     * Compares two values.
     *
     * @param one a value
     * @param other another value
     * @return whether the first is better; NaN is never better and always worse than a number
     */
    public boolean isBetter(double one, double other) {
        if (Double.isNaN(one) || Double.isNaN(other)) {
            return !Double.isNaN(one) && Double.isNaN(other);
        }
        return this == MAXIMIZE ? one > other : one < other;
    }

    /**
     * The name in files and pages.
     *
     * @return lower case
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
