package org.learningdynamics.recording;

import java.util.StringJoiner;

/** Collects the values of one recording that were measured as NaN, for one event. */
final class MissingValues {
    static final String CODE = "nan";

    private static final int NAMED = 5;

    private final StringJoiner named = new StringJoiner(", ");
    private int count;

    void add(String value) {
        if (count++ < NAMED) {
            named.add(value);
        }
    }

    void addNanOf(LikelihoodRow row) {
        add("log_prob", row.logProb(), row.probe(), row.kind());
        add("argmax_log_prob", row.argmaxLogProb(), row.probe(), row.kind());
        add("rest_log_prob", row.restLogProb(), row.probe(), row.kind());
        add("peakiness", row.peakiness(), row.probe(), row.kind());
        add("gap", row.gap(), row.probe(), row.kind());
        add("energy", row.energy(), row.probe(), row.kind());
        add("entropy", row.entropy(), row.probe(), row.kind());
    }

    void addNanOf(TokenRow row) {
        if (Double.isNaN(row.logProb())) {
            add("token " + row.position() + " of probe " + row.probe() + " " + row.kind());
        }
    }

    private void add(String column, double value, int probe, String kind) {
        if (Double.isNaN(value)) {
            add(column + " of probe " + probe + " " + kind);
        }
    }

    boolean any() {
        return count > 0;
    }

    Event event(long step) {
        String rest = count > NAMED ? " and " + (count - NAMED) + " more" : "";
        return new Event(step, Severity.WARNING, CODE, "not a number: " + named + rest);
    }

    /** The event for a metric that turns NaN; it is not repeated while the metric stays so. */
    static Event event(Metric metric, long lastStep) {
        return new Event(
                lastStep,
                Severity.WARNING,
                CODE,
                "not a number: metric "
                        + metric.name()
                        + " from iteration "
                        + metric.iteration()
                        + " on");
    }
}
