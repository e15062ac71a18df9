package org.learningdynamics.listener;

/**
 * What becomes of an update's gradients before the updater takes them.
 *
 * @param norm L2 norm of all gradients together, before clipping
 * @param factor what each is multiplied by: 1 where they are left alone
 */
public record UpdateClipping(double norm, double factor) {
    /** The metric under which listeners record {@link #norm} for every update that is clipped. */
    public static final String NORM_METRIC = "gradient_norm";

    /** PyTorch's constant beside the norm. */
    private static final double EPSILON = 1e-6;

    /**
     * The clipping by global norm of PyTorch's {@code clip_grad_norm_}: {@code factor = min(1, max
     * / (norm + 1e-6))}. A norm that is no number makes the factor no number, an infinite one makes
     * it 0, which turns the infinite gradients into NaN.
     *
     * @param norm L2 norm of all gradients together
     * @param max largest norm that is left alone, above 0
     * @return norm and factor
     */
    public static UpdateClipping byNorm(double norm, double max) {
        if (!(max > 0)) {
            throw new IllegalArgumentException("max must be > 0, got " + max);
        }
        return new UpdateClipping(norm, Math.min(1, max / (norm + EPSILON)));
    }

    /**
     * Gradients that are left alone.
     *
     * @param norm L2 norm of all gradients together
     * @return factor 1
     */
    public static UpdateClipping none(double norm) {
        return new UpdateClipping(norm, 1);
    }
}
