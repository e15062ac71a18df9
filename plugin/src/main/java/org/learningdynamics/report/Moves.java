package org.learningdynamics.report;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.learningdynamics.recording.StepRow;
import org.learningdynamics.series.Interval;
import org.learningdynamics.series.KindSummary;
import org.learningdynamics.series.LikelihoodTable;
import org.learningdynamics.series.MeanInterval;
import org.learningdynamics.series.Measure;
import org.learningdynamics.series.RecordedRun;

/** One sentence on what a run moved. */
final class Moves {
    private static final String CHOSEN = "chosen";

    private Moves() {}

    static Finding finding(RecordedRun run) {
        List<KindSummary> kinds = KindSummary.of(run.likelihoods());
        if (kinds.isEmpty() || run.steps().size() < 2) {
            return Finding.info(
                    run.name(),
                    "fewer than two recordings with likelihoods, nothing to compare.",
                    Findings.CURVES);
        }
        String text = directions(kinds) + chosen(run, kinds) + margin(run) + extremes(kinds);
        return Finding.info(run.name(), text, Findings.CURVES);
    }

    private static String directions(List<KindSummary> kinds) {
        long rise = count(kinds, kind -> kind.change().isAboveZero());
        long fall = count(kinds, kind -> kind.change().isBelowZero());
        long open = kinds.size() - rise - fall;
        return String.format(
                Locale.ROOT,
                "%d of %s rise, %d fall%s.",
                rise,
                Words.count(kinds.size(), "kind"),
                fall,
                open == 0 ? "" : ", " + open + " cannot be told from no change");
    }

    private static long count(List<KindSummary> kinds, Predicate<KindSummary> wanted) {
        return kinds.stream().filter(wanted).count();
    }

    private static String chosen(RecordedRun run, List<KindSummary> kinds) {
        Optional<KindSummary> found =
                kinds.stream().filter(kind -> kind.kind().equals(CHOSEN)).findFirst();
        if (found.isEmpty()) {
            return "";
        }
        KindSummary chosen = found.get();
        StepRow best = run.steps().get(chosen.bestRecording());
        String since =
                chosen.sinceBest().isBelowZero()
                        ? String.format(
                                Locale.ROOT,
                                ", best at iteration %d and since then %s",
                                best.iteration(),
                                Words.change(chosen.sinceBest()))
                        : ", at its best at the end";
        return " Chosen " + Words.change(chosen.change()) + " nats" + since + ".";
    }

    private static String margin(RecordedRun run) {
        LikelihoodTable table = run.likelihoods();
        Interval before = margin(table, 0);
        Interval after = margin(table, table.recordings() - 1);
        return before.count() == 0 || after.count() == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        " Chosen minus rejected from %s to %s.",
                        Words.signed(before.mean()),
                        Words.signed(after.mean()));
    }

    private static Interval margin(LikelihoodTable table, int recording) {
        if (!Arrays.equals(table.probes(CHOSEN), table.probes("rejected"))) {
            return MeanInterval.studentT();
        }
        double[] margin = table.values(Measure.LOG_PROB, CHOSEN, recording);
        double[] rejected = table.values(Measure.LOG_PROB, "rejected", recording);
        for (int i = 0; i < margin.length; i++) {
            margin[i] -= rejected[i];
        }
        return MeanInterval.studentT(margin);
    }

    private static String extremes(List<KindSummary> kinds) {
        if (kinds.size() == 1) {
            return "";
        }
        Comparator<KindSummary> byChange = Comparator.comparingDouble(kind -> kind.change().mean());
        KindSummary top = kinds.stream().max(byChange).orElseThrow();
        KindSummary bottom = kinds.stream().min(byChange).orElseThrow();
        return String.format(
                Locale.ROOT,
                " Highest: %s %s; lowest: %s %s.",
                top.kind(),
                Words.signed(top.change().mean()),
                bottom.kind(),
                Words.signed(bottom.change().mean()));
    }
}
