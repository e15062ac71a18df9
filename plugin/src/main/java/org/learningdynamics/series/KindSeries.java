package org.learningdynamics.series;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One measure of one response kind over the recordings: the mean over probes with its spread.
 *
 * @param measure the measure
 * @param kind the response kind
 * @param means mean over probes at each recording with its t interval // [recordings]
 * @param changes mean over probes of the change since the first recording that has the kind, with
 *     its t interval (paired by probe, so much tighter than {@code means}) // [recordings]
 */
public record KindSeries(
        Measure measure, String kind, List<Interval> means, List<Interval> changes) {
    /**
     * Copies the lists.
     *
     * @param measure the measure
     * @param kind the response kind
     * @param means mean over probes at each recording with its t interval [recordings]
     * @param changes mean over probes of the change since the first recording that has the kind
     */
    public KindSeries {
        means = List.copyOf(means);
        changes = List.copyOf(changes);
    }

    /**
     * Computes the series; NaN values are left out probe by probe.
     *
     * @param table the likelihoods
     * @param measure the measure
     * @param kind the response kind
     * @return the series
     */
    public static KindSeries of(LikelihoodTable table, Measure measure, String kind) {
        List<Interval> means = new ArrayList<>();
        for (int t = 0; t < table.recordings(); t++) {
            means.add(MeanInterval.studentT(table.values(measure, kind, t)));
        }
        int first = firstMeasured(means);
        List<Interval> changes = new ArrayList<>();
        for (int t = 0; t < table.recordings(); t++) {
            changes.add(MeanInterval.studentT(table.change(measure, kind, first, t)));
        }
        return new KindSeries(measure, kind, means, changes);
    }

    private static int firstMeasured(List<Interval> means) {
        for (int t = 0; t < means.size(); t++) {
            if (means.get(t).count() > 0) {
                return t;
            }
        }
        return 0;
    }

    /**
     * The first recording with a value.
     *
     * @return its index, or 0 if there is none
     */
    public int first() {
        return firstMeasured(means);
    }

    /**
     * The last recording with a value.
     *
     * @return its index, or 0 if there is none
     */
    public int last() {
        List<Interval> backwards = new ArrayList<>(means);
        Collections.reverse(backwards);
        int fromEnd = firstMeasured(backwards);
        return means.isEmpty() || means.get(means.size() - 1 - fromEnd).count() == 0
                ? 0
                : means.size() - 1 - fromEnd;
    }

    /**
     * The recording with the highest mean; the first of several.
     *
     * @return its index, or 0 if there is none
     */
    public int best() {
        int best = first();
        for (int t = best; t < means.size(); t++) {
            if (means.get(t).mean() > means.get(best).mean()) {
                best = t;
            }
        }
        return best;
    }
}
