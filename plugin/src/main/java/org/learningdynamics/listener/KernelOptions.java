package org.learningdynamics.listener;

/**
 * How the kernel {@code K = ∇z(x_o)·∇z(x_u)ᵀ} between probes and learnt examples is measured.
 *
 * <p>With up to {@link #MAX_EXACT_CLASSES} classes and one position a row, whole blocks {@code [V,
 * V]} are recorded with trace and Frobenius norm: V passes over the probes and V over the batch.
 * Otherwise both are estimated from random signs: {@code 2·draws} passes over each.
 *
 * @param draws random directions a side, at least 2
 * @param every how many recordings apart the kernel is measured, at least 1
 * @param seed of the random signs
 */
public record KernelOptions(int draws, int every, long seed) {
    /** Most classes for which whole blocks are measured. */
    public static final int MAX_EXACT_CLASSES = 32;

    /** Largest standard error of an estimate that is recorded, as a share of its value. */
    public static final double MAX_RELATIVE_ERROR = 0.2;

    /**
     * Checks.
     *
     * @param draws random directions a side, at least 2
     * @param every how many recordings apart, at least 1
     * @param seed of the random signs
     * @throws IllegalArgumentException if a value is too small
     */
    public KernelOptions {
        if (draws < 2) {
            throw new IllegalArgumentException("draws must be >= 2, got " + draws);
        }
        if (every < 1) {
            throw new IllegalArgumentException("every must be >= 1, got " + every);
        }
    }

    /**
     * Eight draws at every fifth recording.
     *
     * @return the options
     */
    public static KernelOptions defaults() {
        return new KernelOptions(8, 5, 1);
    }
}
