package org.learningdynamics.model;

import org.learningdynamics.measure.HostExp;

/**
 * Activations of the form {@code f(x) = x · σ(u)} with {@code u = x · (linear + cubic · x²)}: SiLU,
 * and both usual approximations of GELU. With {@code e = exp(−u)}, which is held below e⁸⁷,
 *
 * <pre>{@code
 * f(x)  = x / (1 + e)
 * f′(x) = s · (1 + x · u′ · e · s),   s = 1 / (1 + e),   u′ = linear + 3 · cubic · x²
 * }</pre>
 *
 * <p>Errors relative to the value grow with |u|: about {@code 1e-7 · (2 + |u|)}. Both are finite
 * for every finite x; the slope takes |x| above {@value #FAR} for that, where it is 0 or 1.
 *
 * @param linear above 0
 * @param cubic at least 0
 */
record Gate(float linear, float cubic) {
    private static final float FAR = 1e4f;

    /** The form that ND4J's gelu has. */
    static final Gate GELU = new Gate(1.702f, 0);

    static final Gate SILU = new Gate(1, 0);

    /**
     * Values of f.
     *
     * @param x where
     * @param y is filled
     */
    void values(float[] x, float[] y, int count, HostExp exp) {
        exponents(x, y, count);
        exp.apply(y, 0, count);
        share(x, y, count);
    }

    /**
     * Gradients at x.
     *
     * @param x where
     * @param dy gradients at f(x)
     * @param dx is filled
     * @param near of at least the same length, to work in
     */
    void gradients(float[] x, float[] dy, float[] dx, float[] near, int count, HostExp exp) {
        limit(x, near, count);
        exponents(near, dx, count);
        exp.apply(dx, 0, count);
        slopes(near, dy, dx, count);
    }

    private void exponents(float[] x, float[] e, int count) {
        float first = -linear;
        float third = -cubic;
        if (third == 0) { // the square of a large number would be infinite, its product with 0 NaN
            for (int i = 0; i < count; i++) {
                e[i] = first * x[i];
            }
            return;
        }
        for (int i = 0; i < count; i++) {
            e[i] = x[i] * (first + third * x[i] * x[i]);
        }
    }

    private static void share(float[] x, float[] e, int count) {
        for (int i = 0; i < count; i++) {
            e[i] = x[i] / (1 + e[i]);
        }
    }

    private static void limit(float[] x, float[] near, int count) {
        for (int i = 0; i < count; i++) {
            near[i] = Math.min(Math.max(x[i], -FAR), FAR);
        }
    }

    private void slopes(float[] x, float[] dy, float[] e, int count) {
        float first = linear;
        float third = 3 * cubic;
        for (int i = 0; i < count; i++) {
            float s = 1 / (1 + e[i]);
            float rise = x[i] * (first + third * x[i] * x[i]);
            e[i] = dy[i] * s * (1 + rise * (e[i] * s));
        }
    }
}
