package org.learningdynamics.series;

/**
 * What a series of signed changes adds up to.
 *
 * @param sum sum of the smoothed series: the bar
 * @param variance variance of the smoothed series (divided by n): the bar's error
 */
public record AccumulatedInfluence(double sum, double variance) {
    /**
     * Sums a series after smoothing it with {@link Ema#DEFAULT_DECAY}. NaN values before the first
     * number are left out.
     *
     * @param series such as {@link LowerBound#signDelta} // [n]
     * @return sum and variance; sum 0 and variance NaN for an empty series
     */
    public static AccumulatedInfluence of(double... series) {
        double[] smoothed = MeanInterval.numbersOf(Ema.smooth(series));
        double mean = MeanInterval.meanOf(smoothed);
        double sum = 0;
        double squares = 0;
        for (double value : smoothed) {
            sum += value;
            squares += (value - mean) * (value - mean);
        }
        return new AccumulatedInfluence(sum, squares / smoothed.length);
    }
}
