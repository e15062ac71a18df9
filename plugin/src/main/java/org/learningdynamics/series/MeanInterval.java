package org.learningdynamics.series;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * 95 % intervals of a mean over probes. NaN values are left out, and {@link Interval#count()} says
 * how many were used.
 */
public final class MeanInterval {
    /** Resamples of {@link #bootstrap(double[])}. */
    public static final int DEFAULT_RESAMPLES = 1000;

    /** Seed of {@link #bootstrap(double[])}. */
    public static final long DEFAULT_SEED = 20250424L;

    private MeanInterval() {}

    /**
     * Student's t interval: {@code mean ± t(0.975, n−1)·s/√n} with {@code s} the sample's standard
     * deviation. Exact for normal values; linear in n.
     *
     * @param values one value a probe // [n]
     * @return the mean and its interval
     */
    public static Interval studentT(double... values) {
        double[] kept = numbersOf(values);
        int n = kept.length;
        double mean = meanOf(kept);
        if (n < 2) {
            return new Interval(mean, Double.NaN, Double.NaN, n);
        }
        double squares = 0;
        for (double value : kept) {
            squares += (value - mean) * (value - mean);
        }
        double half = StudentT.quantile975(n - 1) * Math.sqrt(squares / (n - 1) / n);
        return new Interval(mean, mean - half, mean + half, n);
    }

    /**
     * Percentile bootstrap with {@link #DEFAULT_RESAMPLES} resamples and {@link #DEFAULT_SEED}.
     *
     * @param values one value a probe // [n]
     * @return the mean and its interval
     */
    public static Interval bootstrap(double... values) {
        return bootstrap(values, DEFAULT_RESAMPLES, DEFAULT_SEED);
    }

    /**
     * Percentile bootstrap: the 2.5 % and 97.5 % quantiles of the means of {@code resamples} draws
     * with replacement. Assumes nothing about the values' distribution; the same seed gives the
     * same interval; costs {@code resamples·n}.
     *
     * @param values one value a probe // [n]
     * @param resamples how many draws
     * @param seed seed of the draws
     * @return the mean and its interval
     * @throws IllegalArgumentException if {@code resamples} is below 40
     */
    public static Interval bootstrap(double[] values, int resamples, long seed) {
        if (resamples < 40) {
            throw new IllegalArgumentException("resamples must be >= 40, got " + resamples);
        }
        double[] kept = numbersOf(values);
        double mean = meanOf(kept);
        if (kept.length < 2) {
            return new Interval(mean, Double.NaN, Double.NaN, kept.length);
        }
        double[] means = resampledMeans(kept, resamples, new SplittableRandom(seed));
        Arrays.sort(means);
        double low = Quantiles.ofSorted(means, 0.025);
        return new Interval(mean, low, Quantiles.ofSorted(means, 0.975), kept.length);
    }

    private static double[] resampledMeans(
            double[] values, int resamples, SplittableRandom random) {
        double[] means = new double[resamples];
        for (int r = 0; r < resamples; r++) {
            double sum = 0;
            for (int i = 0; i < values.length; i++) {
                sum += values[random.nextInt(values.length)];
            }
            means[r] = sum / values.length;
        }
        return means;
    }

    static double meanOf(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    /** The values that are numbers; −∞ stays, so that it is seen. */
    static double[] numbersOf(double[] values) {
        int count = 0;
        for (double value : values) {
            count += Double.isNaN(value) ? 0 : 1;
        }
        if (count == values.length) {
            return values;
        }
        double[] kept = new double[count];
        int next = 0;
        for (double value : values) {
            if (!Double.isNaN(value)) {
                kept[next++] = value;
            }
        }
        return kept;
    }
}
