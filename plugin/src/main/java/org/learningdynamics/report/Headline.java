package org.learningdynamics.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.learningdynamics.recording.Severity;
import org.learningdynamics.series.Alarm;
import org.learningdynamics.series.KindSummary;
import org.learningdynamics.series.MeanPrediction;
import org.learningdynamics.series.RecordedRun;

/**
 * The one sentence to read first.
 *
 * @param tone how it is meant
 * @param text the sentence
 * @param detail a second one in smaller letters, may be empty
 * @param anchor id of the section that shows it
 */
record Headline(Tone tone, String text, String detail, String anchor) {
    private static final List<String> WORST_FIRST =
            List.of(
                    Alarm.NAN,
                    Alarm.STALE_REFERENCE,
                    Alarm.FIRST_LOSS,
                    Alarm.REWARDS_STUCK,
                    Alarm.SQUEEZING,
                    Alarm.DISPLACEMENT,
                    Alarm.UNTRUSTED_PREDICTION);

    /** The highest that {@link #rank} gives. */
    static final int LAST_RANK = WORST_FIRST.size() - 1;

    static Headline of(ReportModel model) {
        return model.runs().stream()
                .flatMap(run -> model.alarms(run).stream())
                .filter(alarm -> alarm.severity() != Severity.INFO)
                .min(Comparator.comparing(Headline::rank))
                .map(alarm -> of(model, alarm))
                .orElseGet(() -> withoutAlarm(model));
    }

    /**
     * How serious an alarm is, 0 the most. Codes without a place of their own come after those that
     * ruin a run.
     */
    static int rank(Alarm alarm) {
        int rank = WORST_FIRST.indexOf(alarm.code());
        return rank >= 0 ? rank : WORST_FIRST.indexOf(Alarm.SQUEEZING);
    }

    private static Headline of(ReportModel model, Alarm worst) {
        List<RecordedRun> runs =
                model.runs().stream().filter(run -> first(model, run, worst).isPresent()).toList();
        List<String> names =
                runs.stream()
                        .map(run -> run.name() + onset(run, first(model, run, worst)))
                        .toList();
        String text = String.format(Locale.ROOT, sentence(worst), Words.list(names), s(names));
        String detail = Falls.tells(worst) ? rising(model, runs) : "";
        return new Headline(RunStory.tone(worst.severity()), text, detail, Anchors.of(worst));
    }

    private static Optional<Alarm> first(ReportModel model, RecordedRun run, Alarm like) {
        return model.alarms(run).stream().filter(alarm -> isSame(alarm, like)).findFirst();
    }

    /** From when on, where that says something. */
    private static String onset(RecordedRun run, Optional<Alarm> found) {
        return found.filter(alarm -> Falls.tells(alarm) || alarm.code().equals(Alarm.NAN))
                .map(alarm -> " (from iteration " + run.iterationOf(alarm.firstStep()) + ")")
                .orElse("");
    }

    /** Which kinds still rise in each run. */
    private static String rising(ReportModel model, List<RecordedRun> runs) {
        List<String> parts = new ArrayList<>();
        for (RecordedRun run : runs) {
            KindMoves moves = model.moves(run);
            List<String> names = moves.rising();
            String of = names.size() + " of " + Words.count(moves.size(), "kind");
            parts.add(
                    "in "
                            + run.name()
                            + (names.isEmpty()
                                    ? " no kind rises"
                                    : " " + of + " still rise (" + Words.list(names) + ")"));
        }
        String text = String.join("; ", parts);
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + ".";
    }

    private static boolean isSame(Alarm one, Alarm other) {
        return one.code().equals(other.code()) && one.severity() != Severity.INFO;
    }

    private static String s(List<String> names) {
        return names.size() == 1 ? "s" : "";
    }

    /** With places for the runs and the verb's ending. */
    private static String sentence(Alarm alarm) {
        return switch (alarm.code()) {
            case Alarm.NAN -> "NaN in %s: everything after it is lost.";
            case Alarm.STALE_REFERENCE ->
                    "%s start%s from another state than the reference: the rewards are not 0.";
            case Alarm.UNTRUSTED_PREDICTION ->
                    "The influences of %s cannot be trusted: predictions miss what happens.";
            case Alarm.FIRST_LOSS ->
                    "%s start%s from another state than the reference: the loss is not ln 2.";
            case Alarm.REWARDS_STUCK ->
                    "The reward margin of %s stays at 0: the policy does not move.";
            case Alarm.SQUEEZING ->
                    "%s squeeze%s: chosen falls with rejected while the likeliest tokens rise.";
            case Alarm.DISPLACEMENT -> "%s lower%s the chosen answers.";
            default -> "%s need%s a look: " + alarm.message().replace("%", "%%");
        };
    }

    private static Headline withoutAlarm(ReportModel model) {
        RecordedRun run = model.runs().get(model.runs().size() - 1);
        KindMoves moves = model.moves(run);
        if (moves.isEmpty() || run.steps().size() < 2) {
            return new Headline(
                    Tone.INFO,
                    "Nothing to tell yet: " + run.name() + " has fewer than two recordings.",
                    "",
                    Anchors.LIKELIHOOD);
        }
        if (MeanPrediction.isRecordedBy(run)) {
            return ofClassifiers(model);
        }
        KindSummary main = moves.main();
        String verb = main.change().mean() >= 0 ? "raises" : "lowers";
        String text =
                String.format(
                        Locale.ROOT,
                        "No alarm. %s %s %s by %s nats a response.",
                        run.name(),
                        verb,
                        main.kind(),
                        Words.level(Math.abs(main.change().mean())));
        return new Headline(Tone.GOOD, text, moves.sentence(), Anchors.LIKELIHOOD);
    }

    private static Headline ofClassifiers(ReportModel model) {
        List<String> ends =
                model.runs().stream()
                        .filter(run -> MeanPrediction.isRecordedBy(run) && !run.steps().isEmpty())
                        .map(Headline::accuracy)
                        .toList();
        String text = "No alarm. At the end " + Words.list(ends) + ".";
        return new Headline(Tone.GOOD, text, "", Anchors.CLASSES);
    }

    private static String accuracy(RecordedRun run) {
        double share = MeanPrediction.of(run, run.steps().size() - 1).accuracy();
        return run.name() + " gets " + Words.percent(share) + " of the probes right";
    }

    void write(Json json) {
        json.object().key("tone").value(Keys.of(tone)).key("text").value(text);
        json.key("detail").value(detail).key("anchor").value(anchor).endObject();
    }
}
