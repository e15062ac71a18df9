package org.learningdynamics.report;

import org.learningdynamics.series.Interval;
import org.learningdynamics.series.MeanInterval;
import org.learningdynamics.series.Quantiles;

/** Mean over probes with its t interval and the middle 80 % of probes, point by point. */
final class Curves {
    private final double[] mean;
    private final double[] low;
    private final double[] high;
    private final double[] tenth;
    private final double[] ninetieth;

    Curves(int points) {
        mean = new double[points];
        low = new double[points];
        high = new double[points];
        tenth = new double[points];
        ninetieth = new double[points];
    }

    void set(int point, double[] values) {
        Interval interval = MeanInterval.studentT(values);
        mean[point] = interval.mean();
        low[point] = interval.low();
        high[point] = interval.high();
        double[] quantiles = Quantiles.of(values, 0.1, 0.9);
        tenth[point] = quantiles[0];
        ninetieth[point] = quantiles[1];
    }

    /** Writes keys and values into an open object. */
    void write(Json json, boolean withQuantiles) {
        json.key("mean").values(mean).key("low").values(low).key("high").values(high);
        if (withQuantiles) {
            json.key("q10").values(tenth).key("q90").values(ninetieth);
        }
    }
}
