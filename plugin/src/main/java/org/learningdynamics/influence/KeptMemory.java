package org.learningdynamics.influence;

/** What may be kept of the learnt side from one batch of observed rows to the next. */
final class KeptMemory {
    private long left;

    KeptMemory(long bytes) {
        left = bytes;
    }

    /** Whether there is room for an array, which then counts. */
    boolean take(long bytes) {
        if (bytes > left) {
            return false;
        }
        left -= bytes;
        return true;
    }
}
