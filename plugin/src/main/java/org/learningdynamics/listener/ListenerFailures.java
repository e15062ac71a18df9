package org.learningdynamics.listener;

/**
 * What a listener could not do so far; training went on each time, and the first of each sort was
 * logged with its cause.
 *
 * @param probeBatches batches of probes that gave no measures
 * @param recorderCalls calls of the recorder that threw
 * @param callbacks host callbacks that failed elsewhere
 */
public record ListenerFailures(long probeBatches, long recorderCalls, long callbacks) {
    /**
     * All failures.
     *
     * @return the sum
     */
    public long total() {
        return probeBatches + recorderCalls + callbacks;
    }
}
