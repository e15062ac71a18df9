package org.learningdynamics.recording;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what was stored and what was not; logs the first loss of each sort. */
final class Tally {
    private static final Logger LOG = LoggerFactory.getLogger(RunFileRecorder.class);

    private final String file;
    private long committed;
    private long committedRows;
    private long lastStep;
    private Losses losses = new Losses(0, 0, "");
    private Losses reported = losses;

    Tally(String file, long lastStep) {
        this.file = file;
        this.lastStep = lastStep;
    }

    synchronized void committed(long measurements, long rows, long step) {
        committed += measurements;
        committedRows += rows;
        lastStep = Math.max(lastStep, step);
    }

    synchronized void dropped(String why) {
        if (losses.dropped() == 0) {
            LOG.warn("{}: a measurement was dropped: {}; more are only counted", file, why);
        }
        losses = new Losses(losses.dropped() + 1, losses.lost(), losses.failure());
    }

    synchronized void lost(long measurements, String why, @Nullable Throwable cause) {
        String failure = losses.failure();
        if (failure.isEmpty()) {
            failure = why;
            LOG.error(
                    "{}: {} measurements lost: {}; training goes on, more are only counted",
                    file,
                    measurements,
                    why,
                    cause);
        }
        losses = new Losses(losses.dropped(), losses.lost() + measurements, failure);
    }

    synchronized Losses losses() {
        return losses;
    }

    /** What no event tells yet. */
    synchronized Losses unreported() {
        return new Losses(
                losses.dropped() - reported.dropped(),
                losses.lost() - reported.lost(),
                losses.failure());
    }

    /** Notes that an event tells these losses. */
    synchronized void reported(Losses told) {
        reported =
                new Losses(
                        reported.dropped() + told.dropped(),
                        reported.lost() + told.lost(),
                        told.failure());
    }

    synchronized long lastStep() {
        return lastStep;
    }

    synchronized RecorderStats stats(long queuedRows) {
        return new RecorderStats(
                committed,
                committedRows,
                losses.dropped(),
                losses.lost(),
                queuedRows,
                lastStep,
                losses.failure());
    }

    /** How many measurements are not in the file, and why. */
    record Losses(long dropped, long lost, String failure) {
        boolean none() {
            return dropped + lost == 0;
        }

        @Override
        public String toString() {
            return dropped
                    + " measurements dropped and "
                    + lost
                    + " lost"
                    + (failure.isEmpty() ? "" : "; first failure: " + failure);
        }
    }
}
