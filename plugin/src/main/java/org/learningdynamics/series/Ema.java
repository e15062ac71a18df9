package org.learningdynamics.series;

/** Exponential moving average of a series. */
public final class Ema {
    /** The weight of the past that the paper's figures use. */
    public static final double DEFAULT_DECAY = 0.9;

    private Ema() {}

    /**
     * Smooths with {@link #DEFAULT_DECAY}.
     *
     * @param values the series // [n]
     * @return the smoothed series // [n]
     */
    public static double[] smooth(double... values) {
        return smooth(values, DEFAULT_DECAY);
    }

    /**
     * Smooths a series: {@code s_i = decay·s_{i−1} + (1 − decay)·x_i}, {@code s_0 = x_0}. A NaN
     * value repeats the last smoothed one; NaN only until the first number.
     *
     * @param values the series // [n]
     * @param decay weight of the past, in [0, 1)
     * @return the smoothed series // [n]
     * @throws IllegalArgumentException if {@code decay} is outside [0, 1)
     */
    public static double[] smooth(double[] values, double decay) {
        if (!(decay >= 0 && decay < 1)) {
            throw new IllegalArgumentException("decay must be in [0, 1), got " + decay);
        }
        double[] smoothed = new double[values.length];
        double last = Double.NaN;
        for (int i = 0; i < values.length; i++) {
            double value = values[i];
            if (!Double.isNaN(value)) {
                last = Double.isNaN(last) ? value : decay * last + (1 - decay) * value;
            }
            smoothed[i] = last;
        }
        return smoothed;
    }
}
