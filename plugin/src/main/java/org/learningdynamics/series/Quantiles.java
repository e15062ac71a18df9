package org.learningdynamics.series;

import java.util.Arrays;

/** Quantiles by linear interpolation between order statistics (type 7, as R and NumPy do). */
public final class Quantiles {
    private Quantiles() {}

    /**
     * Quantiles of values; NaN values are left out.
     *
     * @param values one value a probe, in any order; not changed // [n]
     * @param probabilities the wanted quantiles, each in [0, 1]
     * @return one quantile a probability, NaN where no value is left
     * @throws IllegalArgumentException if a probability is outside [0, 1]
     */
    public static double[] of(double[] values, double... probabilities) {
        double[] sorted = MeanInterval.numbersOf(values).clone();
        Arrays.sort(sorted);
        double[] quantiles = new double[probabilities.length];
        for (int i = 0; i < quantiles.length; i++) {
            quantiles[i] = ofSorted(sorted, probabilities[i]);
        }
        return quantiles;
    }

    static double ofSorted(double[] sorted, double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("probability must be in [0, 1], got " + probability);
        }
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double position = probability * (sorted.length - 1);
        int below = (int) position;
        if (below == position) {
            return sorted[below];
        }
        return sorted[below] + (position - below) * (sorted[below + 1] - sorted[below]);
    }
}
