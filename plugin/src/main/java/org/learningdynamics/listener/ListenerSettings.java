package org.learningdynamics.listener;

import java.time.InstantSource;
import org.learningdynamics.recording.Recorder;

/**
 * What both listeners are told.
 *
 * @param probes what is watched
 * @param schedule when
 * @param recorder where it goes
 * @param ownership who closes the recorder
 * @param tokens whether single tokens are recorded
 * @param firstIteration updates done before the listener was attached
 * @param clock wall clock
 */
record ListenerSettings(
        Probes probes,
        Schedule schedule,
        Recorder recorder,
        Ownership ownership,
        TokenDetail tokens,
        long firstIteration,
        InstantSource clock) {
    /** Who closes the recorder. */
    enum Ownership {
        /** The user who brought it. */
        USER,
        /** The listener that opened it. */
        LISTENER
    }
}
