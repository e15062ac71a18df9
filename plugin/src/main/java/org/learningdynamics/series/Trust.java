package org.learningdynamics.series;

import java.util.Arrays;

/**
 * How far the first-order prediction of changes can be trusted: predicted against actual changes
 * {@code p, a} of n responses.
 *
 * <ul>
 *   <li>{@code spearman}: Pearson's correlation of the ranks of p and a, ties sharing their mean
 *       rank. Blind to scale.
 *   <li>{@code rSquared = 1 − Σ(a − p)² / Σ(a − ā)²}, of the line {@code a = p}, which is not
 *       fitted: 1 is perfect, below 0 is worse than foretelling the mean.
 *   <li>{@code slope}: of the least-squares line {@code a ≈ intercept + slope·p}; 1 if the scale is
 *       right.
 *   <li>{@code slopeThroughOrigin = Σ a·p / Σ p²}: of the line without intercept.
 *   <li>{@code remainder = ‖a − p‖₂ / ‖a‖₂}: what the first order leaves, relative to what
 *       happened.
 * </ul>
 *
 * <p>Responses with a NaN or infinite change are left out. NaN is what is undefined: everything
 * without a row, the correlation and the slopes where a side does not vary, R² where a does not.
 * Costs n·log n.
 *
 * @param spearman rank correlation, in [−1, 1]
 * @param rSquared share of the actual changes' variance that the prediction explains, ≤ 1
 * @param slope slope with intercept
 * @param slopeThroughOrigin slope without intercept
 * @param remainder relative remainder, ≥ 0
 * @param rows number of responses behind it
 */
public record Trust(
        double spearman,
        double rSquared,
        double slope,
        double slopeThroughOrigin,
        double remainder,
        int rows) {
    /**
     * Compares changes.
     *
     * @param predicted predicted changes (nats) // [n]
     * @param actual actual changes (nats) // [n]
     * @return the figures
     * @throws IllegalArgumentException if the lengths differ
     */
    public static Trust of(double[] predicted, double[] actual) {
        if (predicted.length != actual.length) {
            throw new IllegalArgumentException(
                    "predicted and actual must have the same length, got "
                            + predicted.length
                            + " and "
                            + actual.length);
        }
        double[] p = new double[predicted.length];
        double[] a = new double[actual.length];
        int rows = 0;
        for (int i = 0; i < p.length; i++) {
            if (Double.isFinite(predicted[i]) && Double.isFinite(actual[i])) {
                p[rows] = predicted[i];
                a[rows++] = actual[i];
            }
        }
        return ofNumbers(Arrays.copyOf(p, rows), Arrays.copyOf(a, rows));
    }

    private static Trust ofNumbers(double[] p, double[] a) {
        double mean = MeanInterval.meanOf(a);
        double missed = 0;
        double varied = 0;
        double ap = 0;
        double pp = 0;
        double aa = 0;
        for (int i = 0; i < p.length; i++) {
            missed += (a[i] - p[i]) * (a[i] - p[i]);
            varied += (a[i] - mean) * (a[i] - mean);
            ap += a[i] * p[i];
            pp += p[i] * p[i];
            aa += a[i] * a[i];
        }
        return new Trust(
                Ranks.correlation(p, a),
                varied > 0 ? 1 - missed / varied : Double.NaN,
                LinearFit.of(p, a).slope(),
                ap / pp,
                aa > 0 ? Math.sqrt(missed / aa) : Double.NaN,
                p.length);
    }
}
