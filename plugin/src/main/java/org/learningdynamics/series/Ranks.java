package org.learningdynamics.series;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Ranks of values and the correlation of two rankings. */
final class Ranks {
    private Ranks() {}

    /** Ranks from 1 in ascending order; equal values share the mean of their ranks. */
    static double[] of(double[] values) {
        int[] order =
                IntStream.range(0, values.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> values[i] + 0.0))
                        .mapToInt(Integer::intValue)
                        .toArray();
        double[] ranks = new double[values.length];
        int from = 0;
        while (from < order.length) {
            int to = from + 1;
            while (to < order.length && values[order[to]] == values[order[from]]) {
                to++;
            }
            for (int i = from; i < to; i++) {
                ranks[order[i]] = (from + to + 1) / 2.0;
            }
            from = to;
        }
        return ranks;
    }

    /** Spearman's correlation: Pearson's of the ranks; NaN where one side is constant. */
    static double correlation(double[] x, double[] y) {
        double[] rankX = of(x);
        double[] rankY = of(y);
        double mean = (x.length + 1) / 2.0;
        double xx = 0;
        double xy = 0;
        double yy = 0;
        for (int i = 0; i < x.length; i++) {
            xx += (rankX[i] - mean) * (rankX[i] - mean);
            xy += (rankX[i] - mean) * (rankY[i] - mean);
            yy += (rankY[i] - mean) * (rankY[i] - mean);
        }
        return xy / Math.sqrt(xx * yy);
    }
}
