package org.learningdynamics.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.learningdynamics.recording.Severity;
import org.learningdynamics.series.Alarm;
import org.learningdynamics.series.Interval;
import org.learningdynamics.series.KindSummary;
import org.learningdynamics.series.LikelihoodTable;
import org.learningdynamics.series.MeanInterval;
import org.learningdynamics.series.Measure;
import org.learningdynamics.series.RecordedRun;

/** What to do next, from what the runs show. */
final class Actions {
    /** Recordings that an alarm about falling responses needs. */
    static final int WINDOW = 5;

    /** Share of training time from which recording is called expensive. */
    static final double EXPENSIVE = 0.1;

    private final ReportModel model;
    private final List<Sentence> actions = new ArrayList<>();

    private Actions(ReportModel model) {
        this.model = model;
    }

    static List<Sentence> of(ReportModel model) {
        Actions actions = new Actions(model);
        actions.addAdvice();
        model.runs().forEach(actions::addBest);
        model.runs().forEach(actions::addRising);
        model.runs().forEach(actions::addRecordings);
        actions.addCost();
        return actions.actions;
    }

    /** The alarms' advice, each once, with the runs that it is for, the most serious first. */
    private void addAdvice() {
        Map<String, List<String>> runs = new LinkedHashMap<>();
        Map<String, String> anchors = new LinkedHashMap<>();
        for (int rank = 0; rank <= Headline.LAST_RANK; rank++) {
            for (RecordedRun run : model.runs()) {
                for (Alarm alarm : model.alarms(run)) {
                    if (alarm.severity() != Severity.INFO && Headline.rank(alarm) == rank) {
                        runs.computeIfAbsent(alarm.advice(), advice -> new ArrayList<>())
                                .add(run.name());
                        anchors.putIfAbsent(alarm.advice(), Anchors.of(alarm));
                    }
                }
            }
        }
        runs.forEach(
                (advice, names) ->
                        add(
                                Words.list(names.stream().distinct().toList())
                                        + ": "
                                        + Words.uncapitalised(advice),
                                anchors.getOrDefault(advice, Anchors.LIKELIHOOD)));
    }

    private void add(String text, String anchor) {
        actions.add(new Sentence(text, anchor));
    }

    /** The recording at which what is learnt was highest, if that was long certain. */
    private void addBest(RecordedRun run) {
        KindMoves moves = model.moves(run);
        if (moves.isEmpty() || !moves.main().sinceBest().isBelowZero()) {
            return;
        }
        KindSummary main = moves.main();
        String since = Words.change(main.sinceBest());
        String text =
                main.bestRecording() == 0
                        ? "no recorded state keeps %s as likely as at its start (%s nats since); read"
                                + " generated answers before you prefer its end."
                        : "take the state of iteration "
                                + run.steps().get(main.bestRecording()).iteration()
                                + ", where %s was highest (%s nats since), or stop there.";
        add(
                run.name() + ": " + String.format(Locale.ROOT, text, main.kind(), since),
                Anchors.LIKELIHOOD);
    }

    /** A run whose last quarter still certainly raises what is learnt, without an alarm. */
    private void addRising(RecordedRun run) {
        KindMoves moves = model.moves(run);
        LikelihoodTable table = run.likelihoods();
        if (moves.isEmpty() || table.recordings() < WINDOW || isContinued(run)) {
            return;
        }
        String kind = moves.main().kind();
        int last = table.recordings() - 1;
        int from = last - Math.max(1, last / 4);
        Interval change = MeanInterval.studentT(table.change(Measure.LOG_PROB, kind, from, last));
        if (change.isAboveZero() && change.mean() > 0.02 * moves.main().change().mean()) {
            String text =
                    String.format(
                            Locale.ROOT,
                            "%s: %s still rises at the end (%s nats since iteration %d); more"
                                    + " updates may help.",
                            run.name(),
                            kind,
                            Words.change(change),
                            run.steps().get(from).iteration());
            actions.add(new Sentence(text, Anchors.LIKELIHOOD));
        }
    }

    private boolean isContinued(RecordedRun run) {
        return model.sequences().stream()
                .anyMatch(
                        sequence ->
                                sequence.runs().contains(run)
                                        && sequence.runs().indexOf(run) + 1
                                                < sequence.runs().size());
    }

    private void addRecordings(RecordedRun run) {
        int recordings = run.steps().size();
        if (recordings < WINDOW) {
            String text =
                    String.format(
                            Locale.ROOT,
                            "%s: record at least %d times, got %d; squeezing cannot be told from"
                                    + " fewer.",
                            run.name(),
                            WINDOW,
                            recordings);
            actions.add(new Sentence(text, Anchors.OVERHEAD));
        }
    }

    private void addCost() {
        List<String> runs =
                model.runs().stream()
                        .filter(run -> Overhead.of(run).share() > EXPENSIVE)
                        .map(run -> run.name() + " " + Words.percent(Overhead.of(run).share()))
                        .toList();
        if (!runs.isEmpty()) {
            actions.add(
                    new Sentence(
                            "Record less often or fewer probes: recording took much of the training"
                                    + " time ("
                                    + String.join(", ", runs)
                                    + ").",
                            Anchors.OVERHEAD));
        }
    }
}
