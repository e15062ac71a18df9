package org.learningdynamics.recording;

import java.util.List;
import java.util.Optional;

/** Hands everything on to another recorder; the base of those that do something besides. */
public abstract class ForwardingRecorder implements Recorder {
    private final Recorder recorder;

    /**
     * Forwards.
     *
     * @param recorder where everything goes; closed with this one
     */
    protected ForwardingRecorder(Recorder recorder) {
        this.recorder = recorder;
    }

    /**
     * Where everything goes.
     *
     * @return the other recorder
     */
    protected final Recorder recorder() {
        return recorder;
    }

    @Override
    public long nextStep() {
        return recorder.nextStep();
    }

    @Override
    public long lastIteration() {
        return recorder.lastIteration();
    }

    @Override
    public Optional<RunHeader> header() {
        return recorder.header();
    }

    @Override
    public List<DistributionRow> firstDistributions() {
        return recorder.firstDistributions();
    }

    @Override
    public void record(Measurement measurement) {
        recorder.record(measurement);
    }

    @Override
    public void flush() {
        recorder.flush();
    }

    @Override
    public void close() {
        recorder.close();
    }
}
