package org.learningdynamics.sweep;

/**
 * What a sweep may use; changes nothing about its results.
 *
 * @param workers candidates trained at once, at least 1
 * @param memoryBytes what those under way may take together, by each trainer's estimate
 */
public record Resources(int workers, long memoryBytes) {
    /** One candidate at a time, of any size. */
    public static final Resources DEFAULT = new Resources(1, Long.MAX_VALUE);

    /**
     * Checks the values.
     *
     * @param workers candidates at once
     * @param memoryBytes memory of all together
     * @throws SweepConfigException naming the rule that is broken
     */
    public Resources {
        if (workers < 1) {
            throw new SweepConfigException("workers must be >= 1, got " + workers);
        }
        if (memoryBytes < 1) {
            throw new SweepConfigException("memory must be >= 1 byte, got " + memoryBytes);
        }
    }

    /**
     * The same with another number of workers.
     *
     * @param value at least 1
     * @return new resources
     */
    public Resources withWorkers(int value) {
        return new Resources(value, memoryBytes);
    }
}
