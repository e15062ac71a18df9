package org.learningdynamics.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.learningdynamics.series.MeanPrediction;
import org.learningdynamics.series.RecordedRun;

/** What a classifier learnt and which classes it takes for each other. */
final class ClassStory {
    private ClassStory() {}

    static List<Sentence> of(RecordedRun run) {
        MeanPrediction first = MeanPrediction.of(run, 0);
        MeanPrediction last = MeanPrediction.of(run, run.steps().size() - 1);
        List<Sentence> sentences = new ArrayList<>();
        sentences.add(new Sentence(accuracy(first, last), Anchors.CLASSES));
        int[] pair = strongest(last);
        if (!Double.isNaN(last.pull(pair[0], pair[1]))) {
            sentences.add(new Sentence(pull(last, pair), Anchors.CLASSES));
        }
        return sentences;
    }

    private static String accuracy(MeanPrediction first, MeanPrediction last) {
        return String.format(
                Locale.ROOT,
                "It gets %s of the probes right, %s at the start.",
                Words.percent(last.accuracy()),
                Words.percent(first.accuracy()));
    }

    private static String pull(MeanPrediction prediction, int[] pair) {
        String any =
                Double.isNaN(prediction.meanPull())
                        ? ""
                        : ", " + Words.level(prediction.meanPull()) + " for any two classes";
        return String.format(
                Locale.ROOT,
                "%s and %s are taken for each other most: mean probability %s on the other%s.",
                prediction.classes().get(pair[0]),
                prediction.classes().get(pair[1]),
                Words.level(prediction.pull(pair[0], pair[1])),
                any);
    }

    /** The pair of classes with the highest pull, the first of several; NaN is lowest. */
    private static int[] strongest(MeanPrediction prediction) {
        int[] best = {0, 1};
        double most = Double.NEGATIVE_INFINITY;
        for (int a = 0; a < prediction.classes().size(); a++) {
            for (int b = a + 1; b < prediction.classes().size(); b++) {
                if (prediction.pull(a, b) > most) {
                    most = prediction.pull(a, b);
                    best = new int[] {a, b};
                }
            }
        }
        return best;
    }
}
