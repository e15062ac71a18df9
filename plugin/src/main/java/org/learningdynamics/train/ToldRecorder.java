package org.learningdynamics.train;

import java.util.function.Consumer;
import org.learningdynamics.recording.Measurement;
import org.learningdynamics.recording.Recorder;

/** Tells somebody of every measurement before it is stored. */
record ToldRecorder(Recorder file, Consumer<Measurement> told) implements Recorder {
    @Override
    public long nextStep() {
        return file.nextStep();
    }

    @Override
    public long lastIteration() {
        return file.lastIteration();
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
