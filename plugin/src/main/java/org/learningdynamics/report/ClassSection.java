package org.learningdynamics.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.learningdynamics.series.MeanPrediction;
import org.learningdynamics.series.RecordedRun;

/**
 * For each run of a classifier that records every class: the accuracy at each recording and the
 * mean predicted distribution of each true class at those that are drawn. Of many classes those are
 * shown that are mistaken most at the end.
 */
final class ClassSection {
    static final int MAX_CLASSES = 30;
    static final int MAX_VALUES = 40_000;

    private final RecordedRun run;
    private final List<MeanPrediction> predictions = new ArrayList<>();

    private ClassSection(RecordedRun run) {
        this.run = run;
        for (int t = 0; t < run.steps().size(); t++) {
            predictions.add(MeanPrediction.of(run, t));
        }
    }

    static void write(Json json, List<RecordedRun> runs) {
        json.array();
        for (int r = 0; r < runs.size(); r++) {
            if (MeanPrediction.isRecordedBy(runs.get(r)) && !runs.get(r).steps().isEmpty()) {
                json.object().key("run").value(r);
                new ClassSection(runs.get(r)).write(json);
                json.endObject();
            }
        }
        json.endArray();
    }

    private void write(Json json) {
        MeanPrediction last = predictions.get(predictions.size() - 1);
        int[] shown = shown(last);
        int most = Math.max(2, MAX_VALUES / (shown.length * shown.length));
        int[] drawn = Sampling.even(predictions.size(), most, List.of());
        json.key("total").value(last.classes().size()).key("classes");
        json.values(IntStream.of(shown).mapToObj(c -> last.classes().get(c)).toList());
        json.key("x").array();
        run.steps().forEach(step -> json.value(step.iteration()));
        json.endArray().key("accuracy");
        json.values(predictions.stream().mapToDouble(MeanPrediction::accuracy).toArray());
        json.key("at").array();
        IntStream.of(drawn).forEach(json::value);
        json.endArray().key("matrices").array();
        for (int t : drawn) {
            write(json, predictions.get(t), shown);
        }
        json.endArray();
    }

    private static void write(Json json, MeanPrediction prediction, int[] shown) {
        json.array();
        for (int c : shown) {
            json.values(
                    IntStream.of(shown)
                            .mapToDouble(j -> prediction.probabilities()[c][j])
                            .toArray());
        }
        json.endArray();
    }

    /** All classes, or of many those that are predicted worst, in the order of the file. */
    private static int[] shown(MeanPrediction last) {
        return IntStream.range(0, last.classes().size())
                .boxed()
                .sorted(Comparator.comparingDouble(c -> last.probabilities()[c][c]))
                .limit(MAX_CLASSES)
                .sorted()
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
