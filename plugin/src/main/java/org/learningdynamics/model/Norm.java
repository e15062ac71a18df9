package org.learningdynamics.model;

/**
 * A norm over rows of length d, with {@code c = x − mean(x)} for a layer norm and {@code c = x} for
 * a root-mean-square norm, and {@code r = 1/√(mean(c²) + ε)}:
 *
 * <pre>{@code
 * y  = c · r · g
 * ∂c = r · h − r³ · c · mean(h·c),   h = ∂y · g
 * ∂x = ∂c − mean(∂c) of a layer norm, else ∂c
 * ∂g = Σ_rows c · r · ∂y
 * }</pre>
 *
 * @param isLayer whether the mean is taken off
 * @param epsilon ε, above 0
 */
record Norm(boolean isLayer, double epsilon) {
    /** One row's c; gives r. */
    double centre(float[] x, float[] c, int length) {
        subtractMean(x, c, length);
        return 1 / Math.sqrt(SoftmaxRows.product(c, c, 0, length) / length + epsilon);
    }

    /** One row's c. */
    void subtractMean(float[] x, float[] c, int length) {
        float mean = isLayer ? (float) (SoftmaxRows.sum(x, 0, length) / length) : 0;
        for (int j = 0; j < length; j++) {
            c[j] = x[j] - mean;
        }
    }

    /** One row's y. */
    static void scale(float[] c, float r, float[] gain, float[] y) {
        for (int j = 0; j < gain.length; j++) {
            y[j] = c[j] * r * gain[j];
        }
    }

    /**
     * One row's ∂x.
     *
     * @param c of the row
     * @param r of the row
     * @param gain g
     * @param dy ∂y
     * @param dx is filled
     */
    void gradient(float[] c, double r, float[] gain, float[] dy, float[] dx) {
        int length = gain.length;
        for (int j = 0; j < length; j++) {
            dx[j] = dy[j] * gain[j];
        }
        double along = SoftmaxRows.product(dx, c, 0, length) / length;
        float direct = (float) r;
        float back = (float) (r * r * r * along);
        for (int j = 0; j < length; j++) {
            dx[j] = direct * dx[j] - back * c[j];
        }
        if (isLayer) {
            float mean = (float) (SoftmaxRows.sum(dx, 0, length) / length);
            for (int j = 0; j < length; j++) {
                dx[j] -= mean;
            }
        }
    }
}
