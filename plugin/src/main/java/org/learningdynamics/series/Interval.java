package org.learningdynamics.series;

/**
 * A mean with its 95 % interval.
 *
 * @param mean the mean, NaN if {@code count} is 0
 * @param low lower end, NaN if {@code count} is below 2
 * @param high upper end, NaN if {@code count} is below 2
 * @param count number of values (probes) behind it
 */
public record Interval(double mean, double low, double high, int count) {
    /**
     * Checks the order of the ends.
     *
     * @param mean the mean
     * @param low lower end
     * @param high upper end
     * @param count number of values (probes) behind it
     */
    public Interval {
        if (count < 0) {
            throw new IllegalArgumentException("count must be >= 0, got " + count);
        }
        if (low > high) {
            throw new IllegalArgumentException("low must be <= high, got " + low + " > " + high);
        }
    }

    /**
     * Whether the whole interval lies above 0.
     *
     * @return true if the mean is certainly positive; false where there is no interval
     */
    public boolean isAboveZero() {
        return low > 0;
    }

    /**
     * Whether the whole interval lies below 0.
     *
     * @return true if the mean is certainly negative; false where there is no interval
     */
    public boolean isBelowZero() {
        return high < 0;
    }

    /**
     * Whether the interval excludes 0.
     *
     * @return true if the mean's sign is certain; false where there is no interval
     */
    public boolean excludesZero() {
        return isAboveZero() || isBelowZero();
    }
}
