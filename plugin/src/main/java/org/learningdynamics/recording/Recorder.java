package org.learningdynamics.recording;

/**
 * Takes measurements from a training thread and stores them in the background.
 *
 * <p>{@link #record} may be called from any thread and never throws because of the storage: what is
 * lost is counted and logged once.
 */
public interface Recorder extends AutoCloseable {
    /**
     * The number of the next recording; a reopened run goes on after its last committed one.
     *
     * @return the step to give to the next {@link StepRecording}
     */
    long nextStep();

    /**
     * Queues a measurement.
     *
     * @param measurement what to store
     */
    void record(Measurement measurement);

    /** Waits until everything queued so far is committed. */
    void flush();

    /** Flushes, finishes the file and stops the background thread. */
    @Override
    void close();
}
