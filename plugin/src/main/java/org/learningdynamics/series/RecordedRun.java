package org.learningdynamics.series;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.StepRow;

/**
 * Everything that one run file holds, in memory.
 *
 * @param name a short name for people, unique in a report
 * @param header provenance by key, sorted
 * @param probes the probes
 * @param responses their responses
 * @param steps the recordings, ascending
 * @param metrics the training metrics, sorted by name
 * @param events what happened, in order
 * @param likelihoods the likelihood rows
 */
public record RecordedRun(
        String name,
        Map<String, String> header,
        List<ProbeRow> probes,
        List<ResponseRow> responses,
        List<StepRow> steps,
        List<MetricSeries> metrics,
        List<Event> events,
        LikelihoodTable likelihoods) {
    /**
     * Copies the collections and checks that the table belongs to the steps.
     *
     * @param name a short name for people
     * @param header provenance by key
     * @param probes the probes
     * @param responses their responses
     * @param steps the recordings
     * @param metrics the training metrics
     * @param events what happened
     * @param likelihoods the likelihood rows
     */
    public RecordedRun {
        header = Collections.unmodifiableMap(new TreeMap<>(header));
        probes = List.copyOf(probes);
        responses = List.copyOf(responses);
        steps = List.copyOf(steps);
        metrics = List.copyOf(metrics);
        events = List.copyOf(events);
        if (likelihoods.recordings() != steps.size()) {
            throw new IllegalArgumentException(
                    "likelihoods must have one recording a step, got "
                            + likelihoods.recordings()
                            + " for "
                            + steps.size()
                            + " steps");
        }
    }

    /**
     * The same run under another name.
     *
     * @param other the other name
     * @return the renamed run
     */
    public RecordedRun named(String other) {
        return new RecordedRun(
                other, header, probes, responses, steps, metrics, events, likelihoods);
    }

    /**
     * One metric by name.
     *
     * @param metric the metric's name
     * @return its series, empty if the run did not record it
     */
    public Optional<MetricSeries> metric(String metric) {
        return metrics.stream().filter(series -> series.name().equals(metric)).findFirst();
    }

    /**
     * Whether the run is supervised training, which pushes no response down.
     *
     * @return true if the header's {@code stage} begins with {@code sft} or {@code pretrain}
     */
    public boolean isSupervised() {
        String stage = header.getOrDefault("stage", "");
        return stage.startsWith("sft") || stage.startsWith("pretrain");
    }

    /**
     * The recording that was current at an iteration.
     *
     * @param iteration the host's iteration
     * @return the step of the last recording made at or before it, or the first one's; 0 without
     *     any
     */
    public long stepAt(long iteration) {
        long step = steps.isEmpty() ? 0 : steps.get(0).step();
        for (StepRow row : steps) {
            if (row.iteration() <= iteration) {
                step = row.step();
            }
        }
        return step;
    }

    /**
     * Where a recording stands in the run.
     *
     * @param step a recording's step
     * @return its index in {@link #steps()}
     * @throws IllegalArgumentException if there is no such recording
     */
    public int recordingOf(long step) {
        for (int t = 0; t < steps.size(); t++) {
            if (steps.get(t).step() == step) {
                return t;
            }
        }
        throw new IllegalArgumentException("step must be a recording of " + name + ", got " + step);
    }

    /**
     * The host's iteration at which a recording was made.
     *
     * @param step a recording's step
     * @return the iteration
     * @throws IllegalArgumentException if there is no such recording
     */
    public long iterationOf(long step) {
        return steps.get(recordingOf(step)).iteration();
    }
}
