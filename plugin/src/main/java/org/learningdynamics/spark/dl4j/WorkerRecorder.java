package org.learningdynamics.spark.dl4j;

import org.learningdynamics.recording.Measurement;
import org.learningdynamics.recording.Recorder;

/**
 * Puts measurements into the recording that goes home. The number of a recording is its iteration,
 * so that equal numbers mean equal moments in the files of all workers, and no two rounds share
 * one; 0 is the network that training starts with. Used by the task's thread only.
 */
final class WorkerRecorder implements Recorder {
    private final WorkerRecording recording;
    private long iteration;

    WorkerRecorder(WorkerRecording recording) {
        this.recording = recording;
        this.iteration = recording.firstIteration();
    }

    /** Tells which update ends now. */
    void next() {
        iteration++;
    }

    @Override
    public long nextStep() {
        return iteration;
    }

    /** The state before the round is that of all workers: the driver has recorded it. */
    @Override
    public long lastIteration() {
        return recording.firstIteration();
    }

    @Override
    public void record(Measurement measurement) {
        recording.add(measurement);
    }

    @Override
    public void flush() {
        // Nothing ever waits.
    }

    @Override
    public void close() {
        // The recording ends with its task.
    }
}
