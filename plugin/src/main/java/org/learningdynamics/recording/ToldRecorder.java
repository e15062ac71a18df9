package org.learningdynamics.recording;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * Tells somebody of every measurement before it is stored.
 *
 * @param file where measurements are stored
 * @param told called by whoever records, before the measurement is queued; must be quick
 */
public record ToldRecorder(Recorder file, Consumer<Measurement> told) implements Recorder {
    @Override
    public long nextStep() {
        return file.nextStep();
    }

    @Override
    public long lastIteration() {
        return file.lastIteration();
    }

    @Override
    public Optional<RunHeader> header() {
        return file.header();
    }

    @Override
    public void record(Measurement measurement) {
        told.accept(measurement);
        file.record(measurement);
    }

    @Override
    public void flush() {
        file.flush();
    }

    @Override
    public void close() {
        file.close();
    }
}
