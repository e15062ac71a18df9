package org.learningdynamics.series;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.StepRow;

/**
 * Runs whose numbers are formulas: each kind's value at a recording and probe is given by a
 * function.
 */
public final class SyntheticRun {
    /** A value by recording and probe. */
    @FunctionalInterface
    public interface Values {
        /** The value at recording {@code t} of probe {@code i}. */
        double at(int t, int i);
    }

    private final String name;
    private final int recordings;
    private final int probes;
    private final Map<String, Values> logProbs = new LinkedHashMap<>();
    private final Map<String, String> header = new TreeMap<>();
    private final List<MetricSeries> metrics = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private Values argmax = (t, i) -> -20 - i * 0.1;
    private int promptSeed;

    private SyntheticRun(String name, int recordings, int probes) {
        this.name = name;
        this.recordings = recordings;
        this.probes = probes;
    }

    /** A run with recordings every 100 iterations. */
    public static SyntheticRun of(String name, int recordings, int probes) {
        return new SyntheticRun(name, recordings, probes);
    }

    /** Adds a kind. */
    public SyntheticRun kind(String kind, Values logProb) {
        logProbs.put(kind, logProb);
        return this;
    }

    /** Replaces the argmax log-probability of every kind. */
    public SyntheticRun argmax(Values values) {
        argmax = values;
        return this;
    }

    /** Adds provenance. */
    public SyntheticRun header(String key, String value) {
        header.put(key, value);
        return this;
    }

    /** Adds a metric at iterations 1, 2, …. */
    public SyntheticRun metric(String metric, double... values) {
        long[] iterations = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            iterations[i] = i + 1L;
        }
        metrics.add(new MetricSeries(metric, iterations, values));
        return this;
    }

    /** Adds an event. */
    public SyntheticRun event(Event event) {
        events.add(event);
        return this;
    }

    /** Makes the probes other ones. */
    public SyntheticRun otherProbes() {
        promptSeed = 1000;
        return this;
    }

    /** A small fixed disturbance that differs between probes and recordings, within ±1. */
    public static double noise(int t, int i) {
        return Math.sin(12.9898 * (t + 1) + 78.233 * (i + 1));
    }

    /** The run. */
    public RecordedRun build() {
        return new RecordedRun(
                name, header, probeRows(), responses(), steps(), metrics, events, table());
    }

    /** The probes. */
    public List<ProbeRow> probeRows() {
        List<ProbeRow> rows = new ArrayList<>();
        for (int i = 0; i < probes; i++) {
            int id = i + promptSeed;
            rows.add(new ProbeRow(id, "digest" + id, "synthetic", "prompt " + id));
        }
        return rows;
    }

    /** The responses. */
    public List<ResponseRow> responses() {
        List<ResponseRow> rows = new ArrayList<>();
        for (String kind : logProbs.keySet()) {
            for (int i = 0; i < probes; i++) {
                rows.add(new ResponseRow(i + promptSeed, kind, kind + " text " + i, 7));
            }
        }
        return rows;
    }

    /** The recordings. */
    public List<StepRow> steps() {
        List<StepRow> rows = new ArrayList<>();
        for (int t = 0; t < recordings; t++) {
            double loss = t == 0 ? Double.NaN : 1.0 / t;
            rows.add(new StepRow(t, 100L * t, 0, 1000L * t, loss, 1e-3, 0.5, 20, t == 0 ? 30 : 10));
        }
        return rows;
    }

    /** The likelihood rows of one recording. */
    public List<LikelihoodRow> likelihoods(int t) {
        List<LikelihoodRow> rows = new ArrayList<>();
        logProbs.forEach(
                (kind, logProb) -> {
                    for (int i = 0; i < probes; i++) {
                        rows.add(
                                new LikelihoodRow(
                                        t,
                                        i + promptSeed,
                                        kind,
                                        logProb.at(t, i),
                                        argmax.at(t, i),
                                        -30 - 0.5 * t - i * 0.1,
                                        10 + 0.1 * t + 0.01 * i,
                                        0.8 - 0.01 * t + 0.001 * i,
                                        0.6 - 0.02 * t + 0.001 * i,
                                        2 - 0.05 * t + 0.001 * i,
                                        7));
                    }
                });
        return rows;
    }

    private LikelihoodTable table() {
        List<Long> stepNumbers = steps().stream().map(StepRow::step).toList();
        LikelihoodTable.Builder builder = LikelihoodTable.builder(stepNumbers, responses());
        for (int t = 0; t < recordings; t++) {
            likelihoods(t).forEach(builder::add);
        }
        return builder.build();
    }
}
