package org.learningdynamics.recording;

import java.util.List;
import java.util.Optional;

/**
 * Takes measurements from a training thread and stores them in the background.
 *
 * <p>{@link #record} may be called from any thread and never throws because of the storage: what is
 * lost is counted and logged once.
 */
public interface Recorder extends AutoCloseable {
    /**
     * Hands out the number of the next recording; a reopened run goes on after its last committed
     * one. Every call gives a new number, so that two recordings under way never share one; a
     * number that is not used leaves a gap, which does no harm.
     *
     * @return the step to give to the next {@link StepRecording}
     */
    long nextStep();

    /**
     * Tells where a continued run stands, so that its last state is not recorded twice.
     *
     * @return the iteration of the last recording, −1 if there is none
     */
    long lastIteration();

    /**
     * Tells where the run comes from.
     *
     * @return the run's header, empty if this recorder knows none
     */
    default Optional<RunHeader> header() {
        return Optional.empty();
    }

    /**
     * Tells which tokens a continued run reads the probabilities of for good.
     *
     * @return the distributions at the run's first recording, empty if there are none yet
     */
    default List<DistributionRow> firstDistributions() {
        return List.of();
    }

    /**
     * Queues a measurement.
     *
     * @param measurement what to store
     */
    void record(Measurement measurement);

    /** Waits until everything queued so far is committed or counted as lost. */
    void flush();

    /** Flushes, finishes the file and stops the background thread; does nothing when repeated. */
    @Override
    void close();
}
