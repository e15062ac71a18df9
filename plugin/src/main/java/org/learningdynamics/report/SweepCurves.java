package org.learningdynamics.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.learningdynamics.recording.StepRow;
import org.learningdynamics.series.Interval;
import org.learningdynamics.series.KindSeries;
import org.learningdynamics.series.Measure;
import org.learningdynamics.series.RecordedRun;
import org.learningdynamics.series.RunLoader;
import org.learningdynamics.sweep.record.ResultRow;
import org.learningdynamics.sweep.record.SweepFile;

/** How the last stages of the best candidates moved responses, one chart a kind of curve. */
final class SweepCurves {
    private static final int MOST_POINTS = 200;
    private static final List<String> WATCHED = List.of("chosen", "label");
    private static final List<String> OTHERS =
            List.of("rejected", "heldout_chosen", "heldout_rejected");

    private SweepCurves() {}

    static void write(Json json, SweepFile sweep, List<ResultRow> best) {
        Map<Integer, RecordedRun> runs = new TreeMap<>();
        List<Integer> missing = new ArrayList<>();
        for (ResultRow row : best) {
            Path file = file(sweep, row);
            if (!row.runs().isEmpty() && Files.isRegularFile(file)) {
                runs.put(row.index(), RunLoader.load(file));
            } else {
                missing.add(row.index());
            }
        }
        json.object().key("missing").array();
        missing.forEach(json::value);
        json.endArray().key("charts").array();
        for (String kind : WATCHED) {
            chart(json, best, runs, Measure.LOG_PROB, kind, kind);
            chart(json, best, runs, Measure.ARGMAX_LOG_PROB, kind, "argmax where " + kind + " is");
        }
        for (String kind : OTHERS) {
            chart(json, best, runs, Measure.LOG_PROB, kind, kind);
        }
        json.endArray().endObject();
    }

    private static Path file(SweepFile sweep, ResultRow row) {
        String last = row.runs().isEmpty() ? "" : row.runs().get(row.runs().size() - 1);
        return sweep.path().resolveSibling(last);
    }

    /** Left out where no candidate has the kind. */
    private static void chart(
            Json json,
            List<ResultRow> best,
            Map<Integer, RecordedRun> runs,
            Measure measure,
            String kind,
            String title) {
        boolean isThere =
                runs.values().stream().anyMatch(run -> run.likelihoods().kinds().contains(kind));
        if (!isThere) {
            return;
        }
        json.object().key("title").value(title).key("lines").array();
        for (ResultRow row : best) {
            RecordedRun run = runs.get(row.index());
            if (run != null && run.likelihoods().kinds().contains(kind)) {
                line(json, row.index(), run, KindSeries.of(run.likelihoods(), measure, kind));
            }
        }
        json.endArray().endObject();
    }

    private static void line(Json json, int index, RecordedRun run, KindSeries series) {
        int[] drawn = Sampling.even(run.steps().size(), MOST_POINTS, List.of());
        json.object().key("candidate").value(index).key("x").array();
        for (int t : drawn) {
            StepRow step = run.steps().get(t);
            json.value(step.iteration());
        }
        json.endArray();
        double[] mean = new double[drawn.length];
        double[] low = new double[drawn.length];
        double[] high = new double[drawn.length];
        for (int i = 0; i < drawn.length; i++) {
            Interval interval = series.changes().get(drawn[i]);
            mean[i] = interval.mean();
            low[i] = interval.low();
            high[i] = interval.high();
        }
        json.key("y").values(mean).key("low").values(low).key("high").values(high).endObject();
    }
}
