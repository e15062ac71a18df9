package org.learningdynamics.recording;

/**
 * One scalar of one training iteration, such as {@code rewards/margins}. Recorded again for the
 * same iteration and name, the later value stands.
 *
 * @param iteration the host's iteration counter
 * @param name the metric's name
 * @param value its value; NaN is stored as NULL, with an event when the metric turns NaN
 */
public record Metric(long iteration, String name, double value) implements Measurement {
    /**
     * Checks the iteration and the name.
     *
     * @param iteration the host's iteration counter
     * @param name the metric's name
     * @param value its value; NaN is stored as NULL, with an event when the metric turns NaN
     * @throws IllegalArgumentException if a value breaks its rule
     */
    public Metric {
        Checks.atLeast("iteration", 0, iteration);
        Checks.notBlank("name", name);
    }
}
