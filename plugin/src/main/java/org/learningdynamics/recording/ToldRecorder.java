package org.learningdynamics.recording;

import java.util.function.Consumer;

/** Tells somebody of every measurement before it is stored. */
public final class ToldRecorder extends ForwardingRecorder {
    private final Consumer<Measurement> told;

    /**
     * Tells and stores.
     *
     * @param recorder where measurements are stored
     * @param told called by whoever records, before the measurement is queued; must be quick
     */
    public ToldRecorder(Recorder recorder, Consumer<Measurement> told) {
        super(recorder);
        this.told = told;
    }

    @Override
    public void record(Measurement measurement) {
        told.accept(measurement);
        super.record(measurement);
    }
}
