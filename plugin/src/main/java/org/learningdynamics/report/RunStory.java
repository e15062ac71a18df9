package org.learningdynamics.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.Severity;
import org.learningdynamics.series.Alarm;
import org.learningdynamics.series.Interval;
import org.learningdynamics.series.KindSummary;
import org.learningdynamics.series.LikelihoodTable;
import org.learningdynamics.series.MeanInterval;
import org.learningdynamics.series.MeanPrediction;
import org.learningdynamics.series.Measure;
import org.learningdynamics.series.RecordedRun;

/** What one run did, in a few sentences, the most serious first. */
final class RunStory {
    static final int MAX_ALARMS = 3;

    private final RecordedRun run;
    private final List<Alarm> alarms;
    private final KindMoves moves;
    private final List<Sentence> sentences = new ArrayList<>();

    RunStory(RecordedRun run, ReportModel model) {
        this.run = run;
        this.alarms =
                model.alarms(run).stream()
                        .sorted(
                                Comparator.comparing(Alarm::severity)
                                        .reversed()
                                        .thenComparing(Headline::rank))
                        .toList();
        this.moves = model.moves(run);
        tell();
    }

    List<Sentence> sentences() {
        return List.copyOf(sentences);
    }

    Tone tone() {
        if (!isComparable()) {
            return Tone.INFO;
        }
        return alarms.stream()
                .map(alarm -> tone(alarm.severity()))
                .min(Tone::compareTo)
                .orElse(Tone.GOOD);
    }

    static Tone tone(Severity severity) {
        return switch (severity) {
            case ERROR -> Tone.ERROR;
            case WARNING -> Tone.WARNING;
            case INFO -> Tone.INFO;
        };
    }

    /** One or two words for what is most serious. */
    String badge() {
        if (!isComparable()) {
            return "nothing to compare";
        }
        return alarms.isEmpty() ? "no alarm" : badge(alarms.get(0));
    }

    private String badge(Alarm alarm) {
        return switch (alarm.code()) {
            case Alarm.NAN -> "NaN";
            case Alarm.REWARDS_STUCK -> "rewards stuck";
            case Alarm.FIRST_LOSS -> "wrong first loss";
            case Alarm.UNTRUSTED_PREDICTION -> "predictions fail";
            case Alarm.DISPLACEMENT -> run.isSupervised() ? "falling" : alarm.code();
            default -> alarm.code().replace('_', ' ');
        };
    }

    private boolean isComparable() {
        return !moves.isEmpty() && run.steps().size() > 1;
    }

    private void tell() {
        alarms.stream().limit(MAX_ALARMS).forEach(this::add);
        if (!isComparable()) {
            add("Fewer than two recordings with likelihoods: nothing to compare.");
            return;
        }
        if (alarms.stream().noneMatch(Falls::tells)) {
            add(learnt());
        }
        if (MeanPrediction.isRecordedBy(run)) {
            sentences.addAll(ClassStory.of(run));
        } else {
            add(moves.sentence());
            addMargin();
        }
        addWarnings();
    }

    private void add(Alarm alarm) {
        sentences.add(
                Falls.tells(alarm)
                        ? Falls.of(run, alarm)
                        : new Sentence(alarm.message(), Anchors.of(alarm)));
    }

    private void add(String text) {
        sentences.add(new Sentence(text, Anchors.LIKELIHOOD));
    }

    /** The change of what is learnt, and whether it was better on the way. */
    private String learnt() {
        KindSummary main = moves.main();
        Interval change = main.change();
        String what = main.kind() + " (" + Words.change(change) + " nats)";
        if (change.isAboveZero()) {
            return run.name() + " raises " + what + bestAt(main);
        }
        return change.isBelowZero()
                ? run.name() + " lowers " + what + bestAt(main)
                : run.name() + " does not certainly move " + what + ".";
    }

    private String bestAt(KindSummary main) {
        if (!main.sinceBest().isBelowZero()) {
            return main.bestRecording() == run.steps().size() - 1
                    ? "; it is highest at the end."
                    : ".";
        }
        return String.format(
                Locale.ROOT,
                "; it was highest at iteration %d and changed by %s since.",
                run.steps().get(main.bestRecording()).iteration(),
                Words.change(main.sinceBest()));
    }

    private void addMargin() {
        if (run.isSupervised()) {
            moves.alongside().ifPresent(this::add);
            return;
        }
        double[] before = margins(0);
        double[] after = margins(run.steps().size() - 1);
        double[] gained = after.clone();
        Arrays.setAll(gained, i -> after[i] - before[i]);
        Interval gain = MeanInterval.studentT(gained);
        if (gain.count() > 0) {
            add(
                    String.format(
                            Locale.ROOT,
                            "Chosen minus rejected goes from %s to %s (%s).",
                            Words.signed(MeanInterval.studentT(before).mean()),
                            Words.signed(MeanInterval.studentT(after).mean()),
                            Words.change(gain)));
        }
    }

    private double[] margins(int recording) {
        LikelihoodTable table = run.likelihoods();
        if (!Arrays.equals(table.probes("chosen"), table.probes("rejected"))) {
            return new double[0];
        }
        double[] margins = table.values(Measure.LOG_PROB, "chosen", recording);
        double[] rejected = table.values(Measure.LOG_PROB, "rejected", recording);
        Arrays.setAll(margins, i -> margins[i] - rejected[i]);
        return margins;
    }

    private void addWarnings() {
        List<Event> serious =
                run.events().stream().filter(event -> event.severity() != Severity.INFO).toList();
        if (!serious.isEmpty()) {
            sentences.add(
                    new Sentence(
                            Words.count(serious.size(), "warning")
                                    + " recorded, the first: "
                                    + serious.get(0).message()
                                    + ".",
                            Anchors.EVENTS));
        }
    }

    void write(Json json) {
        json.object().key("run").value(run.name()).key("tone").value(Keys.of(tone()));
        json.key("badge").value(badge()).key("sentences").array();
        sentences.forEach(sentence -> sentence.write(json));
        json.endArray().endObject();
    }
}
