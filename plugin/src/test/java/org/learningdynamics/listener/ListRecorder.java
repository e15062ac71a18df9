package org.learningdynamics.listener;

import java.util.ArrayList;
import java.util.List;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.Measurement;
import org.learningdynamics.recording.Metric;
import org.learningdynamics.recording.Recorder;
import org.learningdynamics.recording.StepRecording;

/** Keeps what it is given. */
public final class ListRecorder implements Recorder {
    private final List<Measurement> measurements = new ArrayList<>();
    private long step;
    private boolean closed;

    @Override
    public synchronized long nextStep() {
        return step++;
    }

    @Override
    public synchronized long lastIteration() {
        List<Long> iterations = iterations();
        return iterations.isEmpty() ? -1 : iterations.get(iterations.size() - 1);
    }

    @Override
    public synchronized void record(Measurement measurement) {
        measurements.add(measurement);
    }

    @Override
    public void flush() {
        // Nothing is ever waiting.
    }

    @Override
    public void close() {
        closed = true;
    }

    public boolean isClosed() {
        return closed;
    }

    public synchronized List<StepRecording> steps() {
        return only(StepRecording.class);
    }

    public synchronized List<Event> events() {
        return only(Event.class);
    }

    public List<Long> iterations() {
        return steps().stream().map(s -> s.step().iteration()).toList();
    }

    public synchronized List<Metric> metrics(String name) {
        return only(Metric.class).stream().filter(m -> m.name().equals(name)).toList();
    }

    public List<Double> metricValues(String name) {
        return metrics(name).stream().map(Metric::value).toList();
    }

    /** The last recording's row. */
    public LikelihoodRow last(int probe, String kind) {
        List<StepRecording> steps = steps();
        return steps.get(steps.size() - 1).likelihoods().stream()
                .filter(r -> r.probe() == probe && r.kind().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private <T extends Measurement> List<T> only(Class<T> type) {
        return measurements.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
