package org.learningdynamics.series;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.Metric;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.ShiftRow;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.StepRow;

/** The end of a recording under way, as far as the rules of alarms look back. */
final class AlarmWindow {
    static final int RECORDINGS =
            Math.max(FallingChosenRule.WINDOW, UntrustedPredictionRule.WINDOW);

    private final Map<String, String> header;
    private final Deque<StepRecording> recordings = new ArrayDeque<>();
    private final Map<String, MetricWindow> metrics = new TreeMap<>();

    AlarmWindow(Map<String, String> header) {
        this.header = header;
    }

    /** What a recording shows together with those before it. */
    List<Alarm> add(StepRecording recording) {
        recordings.addLast(recording);
        if (recordings.size() > RECORDINGS) {
            recordings.removeFirst();
        }
        List<ShiftRow> shifts = new ArrayList<>();
        recordings.forEach(kept -> shifts.addAll(kept.interactions().shifts()));
        return Alarms.of(run(true, List.of()), TrustSeries.of(shifts));
    }

    /** What a metric shows, alone if it is NaN, otherwise together with those before it. */
    List<Alarm> add(Metric metric) {
        if (Double.isNaN(metric.value())) {
            long[] iterations = {metric.iteration()};
            double[] values = {metric.value()};
            return Alarms.of(
                    run(false, List.of(new MetricSeries(metric.name(), iterations, values))));
        }
        metrics.computeIfAbsent(metric.name(), MetricWindow::new).add(metric);
        return Alarms.of(run(false, metrics.values().stream().map(MetricWindow::series).toList()));
    }

    private RecordedRun run(boolean withLikelihoods, List<MetricSeries> series) {
        List<StepRow> steps = recordings.stream().map(StepRecording::step).toList();
        List<ResponseRow> responses = withLikelihoods ? responses() : List.of();
        LikelihoodTable.Builder table =
                LikelihoodTable.builder(steps.stream().map(StepRow::step).toList(), responses);
        if (withLikelihoods) {
            recordings.forEach(recording -> recording.likelihoods().forEach(table::add));
        }
        return new RecordedRun(
                "", header, List.of(), responses, steps, series, List.of(), table.build());
    }

    private List<ResponseRow> responses() {
        List<ResponseRow> rows = new ArrayList<>();
        for (StepRecording recording : recordings) {
            for (LikelihoodRow row : recording.likelihoods()) {
                rows.add(new ResponseRow(row.probe(), row.kind(), "", row.tokens()));
            }
        }
        return rows;
    }

    /** A metric's first value and its latest ones. */
    private static final class MetricWindow {
        private static final int LATEST = 2 * StuckRewardsRule.MIN_ITERATIONS;

        private final String name;
        private final List<Metric> kept = new ArrayList<>();

        MetricWindow(String name) {
            this.name = name;
        }

        void add(Metric metric) {
            kept.add(metric);
            if (kept.size() > LATEST) {
                kept.remove(1);
            }
        }

        MetricSeries series() {
            return new MetricSeries(
                    name,
                    kept.stream().mapToLong(Metric::iteration).toArray(),
                    kept.stream().mapToDouble(Metric::value).toArray());
        }
    }
}
