package org.learningdynamics.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.learningdynamics.series.Interval;
import org.learningdynamics.series.MeanInterval;
import org.learningdynamics.series.MeanPrediction;
import org.learningdynamics.series.Measure;
import org.learningdynamics.series.RecordedRun;
import org.learningdynamics.series.RunDifference;

/** How one run of a pair ends compared with the other, paired by probe. */
final class Comparison {
    static final int MAX_PAIRS = 3;

    private final RecordedRun base;
    private final RecordedRun other;
    private final RunDifference difference;
    private final int end;
    private final String main;

    private Comparison(ReportModel model, RunDifference difference) {
        this.difference = difference;
        this.base = difference.base();
        this.other = difference.other();
        this.end = difference.iterations().length - 1;
        KindMoves moves = model.moves(base);
        this.main = moves.isEmpty() ? "" : moves.main().kind();
    }

    static List<Sentence> of(ReportModel model) {
        return DifferenceSection.pairs(model).stream()
                .limit(MAX_PAIRS)
                .map(pair -> new Sentence(new Comparison(model, pair).text(), Anchors.DIFFERENCES))
                .toList();
    }

    private String text() {
        String names = other.name() + " against " + base.name();
        List<String> parts = new ArrayList<>();
        if (difference.probes(main) > 0) {
            parts.add(learnt());
        }
        if (!isClassifier()) {
            parts.add(counts());
        }
        return names + at() + ": " + String.join("; ", parts) + ".";
    }

    /** Kinds that are classes share one probability, so counting them says nothing. */
    private boolean isClassifier() {
        return MeanPrediction.isRecordedBy(base) && MeanPrediction.isRecordedBy(other);
    }

    private String at() {
        int probes = difference.kinds().stream().mapToInt(difference::probes).max().orElse(0);
        return String.format(
                Locale.ROOT,
                " at iteration %d, over %s",
                difference.iterations()[end],
                Words.count(probes, "shared probe"));
    }

    private String learnt() {
        Interval level = level(Measure.LOG_PROB, main);
        Interval change = MeanInterval.studentT(difference.changes(Measure.LOG_PROB, main, end));
        Interval argmax = level(Measure.ARGMAX_LOG_PROB, main);
        return String.format(
                Locale.ROOT,
                "%s ends %s (%s nats); since it began it %s (%s); the likeliest tokens end"
                        + " %s (%s)",
                main,
                compared(level, "likelier", "less likely", "as likely, as far as can be told"),
                Words.change(level),
                compared(change, "rose more or fell less", "rose less or fell more", "moved alike"),
                Words.change(change),
                compared(argmax, "likelier", "less likely", "as likely"),
                Words.change(argmax));
    }

    private static String compared(Interval interval, String above, String below, String open) {
        if (interval.isAboveZero()) {
            return above;
        }
        return interval.isBelowZero() ? below : open;
    }

    private String counts() {
        int higher = 0;
        int lower = 0;
        for (String kind : difference.kinds()) {
            higher += level(Measure.LOG_PROB, kind).isAboveZero() ? 1 : 0;
            lower += level(Measure.LOG_PROB, kind).isBelowZero() ? 1 : 0;
        }
        return String.format(
                Locale.ROOT,
                "%d of %s end likelier, %d less likely",
                higher,
                Words.count(difference.kinds().size(), "kind"),
                lower);
    }

    private Interval level(Measure measure, String kind) {
        return MeanInterval.studentT(difference.levels(measure, kind, end));
    }
}
