package org.learningdynamics.listener;

import java.time.InstantSource;
import java.util.Optional;
import org.learningdynamics.recording.Recorder;

/**
 * What both listeners are told.
 *
 * @param probes what is watched
 * @param schedule when
 * @param recorder where it goes
 * @param ownership who closes the recorder
 * @param tokens whether single tokens are recorded
 * @param distributions how much of the distributions at single positions is recorded
 * @param firstIteration updates done before the listener was attached
 * @param clock wall clock
 */
record ListenerSettings(
        Probes probes,
        Schedule schedule,
        Recorder recorder,
        Ownership ownership,
        TokenDetail tokens,
        Optional<DistributionOptions> distributions,
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
