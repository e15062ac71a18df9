package org.learningdynamics.report;

import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.learningdynamics.series.Ema;
import org.learningdynamics.series.MetricSeries;
import org.learningdynamics.series.RecordedRun;

/** The training metrics: each iteration's value and its moving average, thinned for drawing. */
final class MetricSection {
    static final int MAX_POINTS = 400;

    private static final List<String> FIRST =
            List.of(
                    "loss",
                    "rewards/margins",
                    "rewards/chosen",
                    "rewards/rejected",
                    "rewards/accuracies",
                    "logps/chosen",
                    "logps/rejected",
                    "grad_norm",
                    "learning_rate");

    private MetricSection() {}

    static void write(Json json, List<RecordedRun> runs) {
        TreeSet<String> names = new TreeSet<>(order());
        runs.forEach(run -> run.metrics().forEach(metric -> names.add(metric.name())));
        json.array();
        for (String name : names) {
            json.object().key("name").value(name).key("runs").array();
            for (int r = 0; r < runs.size(); r++) {
                int number = r;
                runs.get(r).metric(name).ifPresent(metric -> write(json, number, metric));
            }
            json.endArray().endObject();
        }
        json.endArray();
    }

    private static Comparator<String> order() {
        return Comparator.<String>comparingInt(
                        name -> FIRST.contains(name) ? FIRST.indexOf(name) : FIRST.size())
                .thenComparing(Comparator.naturalOrder());
    }

    private static void write(Json json, int run, MetricSeries metric) {
        int[] drawn = Sampling.extremes(metric.values(), MAX_POINTS);
        long[] iterations = metric.iterations();
        json.object().key("run").value(run).key("count").value(metric.size()).key("x").array();
        for (int i : drawn) {
            json.value(iterations[i]);
        }
        json.endArray().key("y").values(Sampling.at(metric.values(), drawn));
        json.key("smooth").values(Sampling.at(Ema.smooth(metric.values()), drawn)).endObject();
    }
}
