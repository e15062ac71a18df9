package org.learningdynamics.export;

import java.time.Instant;

/**
 * What files of the reference do not tell.
 *
 * @param sharedRows whose the rows without a kind are
 * @param iterationsPerRecording parameter updates between two recordings, &gt; 0; the first
 *     recording is at iteration 0
 * @param createdAt start of the run
 */
public record ReferenceOptions(
        SharedRows sharedRows, long iterationsPerRecording, Instant createdAt) {
    /** By layout, a recording an iteration, at the beginning of 1970. */
    public static final ReferenceOptions DEFAULT =
            new ReferenceOptions(SharedRows.BY_LAYOUT, 1, Instant.EPOCH);

    /**
     * Checks the count.
     *
     * @param sharedRows whose the rows without a kind are
     * @param iterationsPerRecording parameter updates between two recordings, &gt; 0
     * @param createdAt start of the run
     * @throws IllegalArgumentException if the count is not positive
     */
    public ReferenceOptions {
        if (iterationsPerRecording <= 0) {
            throw new IllegalArgumentException(
                    "iterationsPerRecording must be > 0, got " + iterationsPerRecording);
        }
    }

    long iteration(long recording) {
        return Math.multiplyExact(recording, iterationsPerRecording);
    }
}
