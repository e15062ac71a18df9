package org.learningdynamics.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.Measurement;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.Severity;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.StepRow;
import org.learningdynamics.series.Alarm;
import org.learningdynamics.series.Alarms;
import org.learningdynamics.series.LikelihoodTable;
import org.learningdynamics.series.RecordedRun;

/**
 * Watches one stage of one candidate: given every measurement, it is asked after every update
 * whether the candidate goes on. What it decides depends on the recording alone, never on the
 * clock.
 */
public final class StageWatch implements Consumer<Measurement> {
    private final String stage;
    private final String kind;
    private final Optional<StoppingRules> rules;
    private final List<double[]> earlier;
    private final List<StepRecording> recordings = new ArrayList<>();
    private int checked;

    StageWatch(String stage, String kind, Optional<StoppingRules> rules, List<double[]> earlier) {
        this.stage = stage;
        this.kind = kind;
        this.rules = rules;
        this.earlier = List.copyOf(earlier);
    }

    /**
     * Takes what is recorded; called by the recording thread while training waits.
     *
     * @param measurement anything; only the likelihoods of recordings are kept
     */
    @Override
    public synchronized void accept(Measurement measurement) {
        if (measurement instanceof StepRecording recording) {
            recordings.add(
                    new StepRecording(
                            recording.step(), recording.likelihoods(), List.of(), List.of()));
        }
    }

    /**
     * Decides whether training goes on, by throwing if not. What it throws is for the sweep to
     * catch.
     *
     * @param update updates done
     * @param loss the loss of the last one
     */
    public synchronized void check(long update, double loss) {
        if (!Double.isFinite(loss)) {
            throw new CandidateFailed(
                    "the loss of update " + update + " of " + stage + " is " + loss);
        }
        if (recordings.size() > checked) {
            checked = recordings.size();
            requireNumbers();
            rules.ifPresent(this::apply);
        }
    }

    private void requireNumbers() {
        StepRecording last = recordings.get(checked - 1);
        for (LikelihoodRow row : last.likelihoods()) {
            if (Double.isNaN(row.logProb())) {
                throw new CandidateFailed(
                        "a log-probability of "
                                + row.kind()
                                + " is NaN after update "
                                + last.step().iteration()
                                + " of "
                                + stage);
            }
        }
    }

    private void apply(StoppingRules all) {
        RecordedRun run = run();
        long update = run.steps().get(checked - 1).iteration();
        if (all.squeezing()) {
            Alarms.of(run).stream()
                    .filter(
                            a ->
                                    a.code().equals(Alarm.SQUEEZING)
                                            && a.severity() == Severity.WARNING)
                    .findFirst()
                    .ifPresent(alarm -> stop(update, alarm.message()));
        }
        if (all.patience().isPresent() || all.median().isPresent()) {
            double[] curve = all.curve().curve(run, kind);
            all.patience().ifPresent(most -> requireProgress(curve, most, all.curve(), update));
            all.median()
                    .filter(rule -> rule.stops(curve, earlier, all.curve().goal()))
                    .ifPresent(
                            rule ->
                                    stop(
                                            update,
                                            "Median: "
                                                    + all.curve().label()
                                                    + " is worse than the median of earlier"
                                                    + " candidates."));
        }
    }

    private void requireProgress(double[] curve, int most, Score score, long update) {
        int best = 0;
        for (int t = 1; t < curve.length; t++) {
            best = score.goal().isBetter(curve[t], curve[best]) ? t : best;
        }
        if (curve.length - 1 - best >= most) {
            stop(
                    update,
                    "No progress: "
                            + score.label()
                            + " has not been better for "
                            + most
                            + " recordings.");
        }
    }

    private void stop(long update, String reason) {
        throw new CandidateStopped("after update " + update + " of " + stage + ": " + reason);
    }

    /** What is recorded so far, without texts. */
    private RecordedRun run() {
        List<StepRow> steps = recordings.stream().map(StepRecording::step).toList();
        List<ResponseRow> responses =
                recordings.get(0).likelihoods().stream()
                        .map(row -> new ResponseRow(row.probe(), row.kind(), "", row.tokens()))
                        .toList();
        LikelihoodTable.Builder table =
                LikelihoodTable.builder(steps.stream().map(StepRow::step).toList(), responses);
        recordings.forEach(recording -> recording.likelihoods().forEach(table::add));
        return new RecordedRun(
                stage,
                Map.of("stage", stage),
                List.of(),
                responses,
                steps,
                List.of(),
                List.of(),
                table.build());
    }
}
