package org.learningdynamics.recording;

import java.util.ArrayList;
import java.util.List;

/** A recorder that keeps everything in memory, for tests of whoever records. */
public final class CollectingRecorder implements Recorder {
    private final List<Measurement> measurements = new ArrayList<>();
    private long nextStep;
    private boolean closed;

    @Override
    public synchronized long nextStep() {
        return nextStep++;
    }

    @Override
    public synchronized long lastIteration() {
        return steps().stream().mapToLong(step -> step.step().iteration()).max().orElse(-1);
    }

    @Override
    public synchronized void record(Measurement measurement) {
        if (closed) {
            throw new IllegalStateException("recorder must be open, got " + measurement);
        }
        measurements.add(measurement);
    }

    @Override
    public void flush() {}

    @Override
    public synchronized void close() {
        closed = true;
    }

    /** Whether {@link #close} was called. */
    public synchronized boolean closed() {
        return closed;
    }

    /** Everything recorded, in order. */
    public synchronized List<Measurement> measurements() {
        return List.copyOf(measurements);
    }

    /** The recordings among it. */
    public List<StepRecording> steps() {
        return only(StepRecording.class);
    }

    /** The metrics among it. */
    public List<Metric> metrics() {
        return only(Metric.class);
    }

    /** The events among it, those inside recordings too. */
    public List<Event> events() {
        List<Event> events = new ArrayList<>();
        for (Measurement measurement : measurements()) {
            if (measurement instanceof Event event) {
                events.add(event);
            } else if (measurement instanceof StepRecording recording) {
                events.addAll(recording.events());
            }
        }
        return events;
    }

    private <T extends Measurement> List<T> only(Class<T> type) {
        return measurements().stream().filter(type::isInstance).map(type::cast).toList();
    }
}
