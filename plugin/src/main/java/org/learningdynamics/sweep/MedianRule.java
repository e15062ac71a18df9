package org.learningdynamics.sweep;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.learningdynamics.series.Quantiles;
import org.learningdynamics.sweep.record.Goal;

/**
 * Median stopping (Golovin et al., <i>Google Vizier</i>, KDD 2017, §3.2.1): at recording t a
 * candidate is stopped if its best value so far is worse than the median over earlier candidates of
 * their mean value over the recordings 0 … t. Only candidates that came as far are counted, and
 * only candidates of earlier rounds, so that the decision does not depend on who happens to be
 * faster. The recording before the first update says nothing and is left out, t = 0 too.
 *
 * @param after recordings after the first update before a candidate can be stopped, at least 1
 * @param candidates how many earlier candidates there must be, at least 1
 */
public record MedianRule(int after, int candidates) implements Serializable {
    /** {@link #after} if nothing else is said. */
    public static final int DEFAULT_AFTER = 3;

    /** {@link #candidates} if nothing else is said. */
    public static final int DEFAULT_CANDIDATES = 4;

    /**
     * Checks the values.
     *
     * @param after recordings before a candidate can be stopped
     * @param candidates how many earlier candidates there must be
     * @throws SweepConfigException naming the rule that is broken
     */
    public MedianRule {
        if (after < 1) {
            throw new SweepConfigException("stop.median.after must be >= 1, got " + after);
        }
        if (candidates < 1) {
            throw new SweepConfigException(
                    "stop.median.candidates must be >= 1, got " + candidates);
        }
    }

    /**
     * Decides at the last recording of a curve.
     *
     * @param curve the candidate's values so far; NaN is skipped // [t + 1]
     * @param earlier whole curves of earlier candidates
     * @param goal which values are better
     * @return whether it is stopped
     */
    boolean stops(double[] curve, List<double[]> earlier, Goal goal) {
        int last = curve.length - 1;
        double[] means =
                earlier.stream()
                        .filter(other -> other.length > last)
                        .mapToDouble(other -> Score.mean(Arrays.copyOfRange(other, 1, last + 1)))
                        .filter(mean -> !Double.isNaN(mean))
                        .toArray();
        if (last < after || means.length < candidates) {
            return false;
        }
        double best = Double.NaN;
        for (int t = 1; t <= last; t++) {
            best = goal.isBetter(curve[t], best) ? curve[t] : best;
        }
        return goal.isBetter(Quantiles.of(means, 0.5)[0], best);
    }
}
