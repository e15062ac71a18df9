package org.learningdynamics.listener;

import org.learningdynamics.recording.Recorder;

/** A small training run on some host, the same each time it is made. */
public interface Training {
    /** A listener attached to it. */
    interface Attached extends AutoCloseable {
        ListenerFailures failures();

        @Override
        void close();
    }

    /** Adds a listener to those the model has. */
    Attached attach(Probes probes, Schedule schedule, Recorder recorder);

    /** Something to watch. */
    Probes probes();

    /** Something that makes the model throw. */
    Probes brokenProbes();

    /** Runs all updates, in two epochs of the same length. */
    void train();

    /** Updates that {@link #train} makes. */
    int updates();

    /** Parameters and updater state. */
    double[] state();

    /** Loss of each update as the host reports it, empty if it reports none. */
    double[] losses();

    /**
     * Log-probability of each response of {@link #probes} by an untouched model that was given the
     * parameters, in the order of its response rows.
     */
    double[] expectedLogProbs();
}
