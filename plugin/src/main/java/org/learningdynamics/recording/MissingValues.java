package org.learningdynamics.recording;

import java.util.StringJoiner;

/** Collects the values of one recording that were measured as NaN, for one event. */
final class MissingValues {
    static final String CODE = "nan";

    private static final int NAMED = 5;

    private final StringJoiner named = new StringJoiner(", ");
    private int names;
    private long unnamed;

    void add(String value) {
        add(value, 1);
    }

    /** Adds a thing of which so many values are NaN. */
    private void add(String value, int count) {
        if (names < NAMED) {
            names++;
            named.add(count == 1 ? value : count + " values of " + value);
        } else {
            unnamed += count;
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

    void addNanOf(DistributionRow row) {
        add("distribution at " + row.position(), row.logProb(), row.probe(), row.kind());
    }

    /** A coefficient is NaN where a residual does not tell it. */
    void addNanOf(ResidualRow row) {
        String of = " of position " + row.position() + " " + row.part();
        add("a_norm" + of, row.aNorm());
        add("g_norm" + of, row.gNorm());
        add("grad_norm" + of, row.gradNorm());
    }

    void addNanOf(InfluenceBlock row) {
        String layer = row.layer().isEmpty() ? "all layers" : row.layer();
        int count = row.values().nanCountOfMeasuredColumns();
        if (count > 0) {
            add("influence of " + layer + (row.part().isEmpty() ? "" : " " + row.part()), count);
        }
    }

    void addNanOf(TokenInfluenceRow row) {
        String token = "token " + row.position() + " of probe " + row.probe() + " " + row.kind();
        add("influence on " + token, row.values());
    }

    /** What is unattributed is NaN where influences are no terms of the update. */
    void addNanOf(ShiftRow row) {
        add("predicted", row.predicted(), row.probe(), row.kind());
        add("from_batch", row.fromBatch(), row.probe(), row.kind());
        add("from_history", row.fromHistory(), row.probe(), row.kind());
        add("from_decay", row.fromDecay(), row.probe(), row.kind());
        add("from_statistics", row.fromStatistics(), row.probe(), row.kind());
        add("actual", row.actual(), row.probe(), row.kind());
    }

    void addNanOf(KernelRow row) {
        add("kernel " + row.name(), row.value());
    }

    void addNanOf(KernelBlock row) {
        add("kernel of probe " + row.probe() + " and position " + row.position(), row.values());
    }

    private void add(String name, FloatMatrix values) {
        int count = values.nanCount();
        if (count > 0) {
            add(name, count);
        }
    }

    private void add(String name, double value) {
        if (Double.isNaN(value)) {
            add(name, 1);
        }
    }

    private void add(String column, double value, int probe, String kind) {
        if (Double.isNaN(value)) {
            add(column + " of probe " + probe + " " + kind);
        }
    }

    boolean any() {
        return names > 0;
    }

    Event event(long step) {
        String rest = unnamed > 0 ? " and " + unnamed + " more" : "";
        return new Event(step, Severity.WARNING, CODE, "not a number: " + named + rest);
    }

    /** The event for the first attribution that is NaN. */
    static Event event(AttributionRow row, long lastStep) {
        return new Event(
                lastStep,
                Severity.WARNING,
                CODE,
                "not a number: attribution of example "
                        + row.example()
                        + " to probe "
                        + row.probe()
                        + " "
                        + row.kind()
                        + "; further ones have no event");
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
