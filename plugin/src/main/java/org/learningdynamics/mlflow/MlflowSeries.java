package org.learningdynamics.mlflow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.StepRow;
import org.learningdynamics.series.Measure;
import org.learningdynamics.series.MetricSeries;
import org.learningdynamics.series.RecordedRun;
import org.mlflow.api.proto.Service.Metric;

/**
 * Recordings as MLflow's metrics, with the host's iteration as step: training metrics under their
 * names; the mean over probes of each measure of each kind as {@code log_prob/chosen}; the loss and
 * the cost of recordings as {@code recording/loss} and {@code recording/overhead_ms}. What was not
 * measured is left out.
 */
final class MlflowSeries {
    private MlflowSeries() {}

    /** All of a run. */
    static List<Metric> of(RecordedRun run) {
        List<Metric> metrics = new ArrayList<>();
        for (MetricSeries series : run.metrics()) {
            addAll(run, series, metrics);
        }
        for (int t = 0; t < run.steps().size(); t++) {
            StepRow step = run.steps().get(t);
            addStep(step, metrics);
            for (String kind : run.likelihoods().kinds()) {
                for (Measure measure : Measure.values()) {
                    double[] values = run.likelihoods().values(measure, kind, t);
                    addMean(step, measure, kind, values, metrics);
                }
            }
        }
        return metrics;
    }

    /** The values of a training metric, at the times of the recordings before them. */
    private static void addAll(RecordedRun run, MetricSeries series, List<Metric> metrics) {
        long[] iterations = series.iterations();
        double[] values = series.values();
        int at = 0;
        for (int i = 0; i < values.length; i++) {
            while (at + 1 < run.steps().size()
                    && run.steps().get(at + 1).iteration() <= iterations[i]) {
                at++;
            }
            long time = run.steps().isEmpty() ? 0 : run.steps().get(at).timeMillis();
            metrics.add(MlflowNames.metric(series.name(), values[i], iterations[i], time));
        }
    }

    /** One recording as it comes. */
    static List<Metric> of(StepRow step, List<LikelihoodRow> rows) {
        List<Metric> metrics = new ArrayList<>();
        addStep(step, metrics);
        Map<String, List<LikelihoodRow>> kinds = new LinkedHashMap<>();
        rows.forEach(row -> kinds.computeIfAbsent(row.kind(), k -> new ArrayList<>()).add(row));
        kinds.forEach(
                (kind, own) -> {
                    for (Measure measure : Measure.values()) {
                        double[] values = own.stream().mapToDouble(measure::of).toArray();
                        addMean(step, measure, kind, values, metrics);
                    }
                });
        return metrics;
    }

    private static void addStep(StepRow step, List<Metric> metrics) {
        add("recording/loss", step.loss(), step, metrics);
        add("recording/overhead_ms", step.overheadMillis(), step, metrics);
    }

    private static void addMean(
            StepRow step, Measure measure, String kind, double[] values, List<Metric> metrics) {
        double mean =
                Arrays.stream(values)
                        .filter(value -> !Double.isNaN(value))
                        .average()
                        .orElse(Double.NaN);
        add(measure.column() + "/" + kind, mean, step, metrics);
    }

    private static void add(String name, double value, StepRow step, List<Metric> metrics) {
        if (!Double.isNaN(value)) {
            metrics.add(MlflowNames.metric(name, value, step.iteration(), step.timeMillis()));
        }
    }
}
