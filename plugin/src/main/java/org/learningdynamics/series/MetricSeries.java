package org.learningdynamics.series;

/**
 * One training metric over its iterations.
 *
 * @param name the metric's name, such as {@code rewards/margins}
 * @param iterations the host's iterations, ascending // [n]
 * @param values one value an iteration; NaN where a NaN was measured // [n]
 */
public record MetricSeries(String name, long[] iterations, double[] values) {
    /**
     * Checks the lengths and copies the arrays.
     *
     * @param name the metric's name
     * @param iterations the host's iterations
     * @param values one value an iteration
     */
    public MetricSeries {
        if (iterations.length != values.length) {
            throw new IllegalArgumentException(
                    "iterations and values must have the same length, got "
                            + iterations.length
                            + " and "
                            + values.length);
        }
        iterations = iterations.clone();
        values = values.clone();
    }

    /**
     * The number of iterations.
     *
     * @return n
     */
    public int size() {
        return values.length;
    }
}
