package org.learningdynamics.sweep;

/** Lets candidates begin only while the estimates of those under way stay below a limit. */
final class MemoryBudget {
    private final long limit;
    private long used;

    MemoryBudget(long limit) {
        this.limit = limit;
    }

    /** Waits until so much is free. */
    synchronized void take(long bytes) throws InterruptedException {
        while (bytes > limit - used) {
            wait();
        }
        used += bytes;
    }

    synchronized void give(long bytes) {
        used -= bytes;
        notifyAll();
    }

    /** Fails for what would never fit. */
    void requireFits(long bytes) {
        if (bytes > limit) {
            throw new CandidateFailed(
                    "memory must be at most "
                            + mebibytes(limit)
                            + " MiB a candidate, needs about "
                            + mebibytes(bytes));
        }
    }

    private static long mebibytes(long bytes) {
        return (bytes + (1L << 20) - 1) >> 20;
    }
}
