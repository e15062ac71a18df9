package org.learningdynamics.series;

import java.util.ArrayList;
import java.util.List;

/**
 * How the log-probability of one response kind went over a run: means over probes with t intervals,
 * changes paired by probe.
 *
 * @param kind the response kind
 * @param start at the first recording
 * @param best at the recording with the highest mean
 * @param bestRecording that recording's index
 * @param end at the last recording
 * @param change from start to end
 * @param sinceBest from best to end
 */
public record KindSummary(
        String kind,
        Interval start,
        Interval best,
        int bestRecording,
        Interval end,
        Interval change,
        Interval sinceBest) {
    /**
     * Summarises every kind of a run.
     *
     * @param table the run's likelihoods
     * @return one summary a kind that was measured, in the order of the file
     */
    public static List<KindSummary> of(LikelihoodTable table) {
        List<KindSummary> summaries = new ArrayList<>();
        for (String kind : table.kinds()) {
            KindSeries series = KindSeries.of(table, Measure.LOG_PROB, kind);
            if (!series.means().isEmpty() && series.means().get(series.first()).count() > 0) {
                summaries.add(of(table, series));
            }
        }
        return summaries;
    }

    private static KindSummary of(LikelihoodTable table, KindSeries series) {
        String kind = series.kind();
        int end = series.last();
        int best = series.best();
        double[] sinceBest = table.change(Measure.LOG_PROB, kind, best, end);
        return new KindSummary(
                kind,
                series.means().get(series.first()),
                series.means().get(best),
                best,
                series.means().get(end),
                series.changes().get(end),
                MeanInterval.studentT(sinceBest));
    }
}
