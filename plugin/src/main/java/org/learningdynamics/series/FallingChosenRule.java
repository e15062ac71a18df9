package org.learningdynamics.series;

import java.util.ArrayList;
import java.util.List;
import org.learningdynamics.recording.Severity;

/**
 * Squeezing and displacement. A window of {@value #WINDOW} consecutive recordings shows squeezing
 * if from its first to its last the chosen responses fall, the rejected fall and the argmax at the
 * chosen responses' positions rises, each change's bootstrap interval over probes excluding 0; it
 * shows displacement if the fall of chosen is certain and it touches no window of squeezing. In a
 * supervised run, where no loss pushes responses down, every certain fall is told as such.
 * Overlapping windows make one alarm.
 */
final class FallingChosenRule implements AlarmRule {
    static final int WINDOW = 5;

    /** Falls of chosen below this (nats) are told, not warned of. */
    static final double SMALL_NATS = 0.1;

    private static final String CHOSEN = "chosen";
    private static final String REJECTED = "rejected";
    private static final String SQUEEZING_ADVICE =
            "Try supervised fine-tuning on the rejected responses too before DPO (extended SFT),"
                    + " stop earlier, lower the learning rate or raise beta, or use preference"
                    + " pairs sampled from the model itself.";
    private static final String DISPLACEMENT_ADVICE =
            "Look for pairs whose chosen and rejected responses are nearly the same and drop them,"
                    + " add a likelihood term on the chosen responses, lower the learning rate or"
                    + " raise beta.";

    private static final String SUPERVISED_ADVICE =
            "Stop earlier, or check whether these responses are like the training examples:"
                    + " supervised training lowers what it does not see.";

    @Override
    public List<Alarm> check(RecordedRun run) {
        LikelihoodTable table = run.likelihoods();
        List<Range> squeezing = new ArrayList<>();
        List<Range> falling = new ArrayList<>();
        for (int t = 0; t + WINDOW <= table.recordings(); t++) {
            Range window = new Range(t, t + WINDOW - 1);
            if (certainly(table, Measure.LOG_PROB, CHOSEN, window, -1)) {
                (isSqueezed(run, window) ? squeezing : falling).add(window);
            }
        }
        falling.removeIf(window -> squeezing.stream().anyMatch(window::overlaps));
        List<Alarm> alarms = new ArrayList<>();
        Range.merge(squeezing).forEach(range -> alarms.add(squeezing(run, range)));
        Range.merge(falling).forEach(range -> alarms.add(displacement(run, range)));
        return alarms;
    }

    /** Without a loss that pushes responses down there is nothing to squeeze. */
    private static boolean isSqueezed(RecordedRun run, Range window) {
        LikelihoodTable table = run.likelihoods();
        return !run.isSupervised()
                && certainly(table, Measure.ARGMAX_LOG_PROB, CHOSEN, window, 1)
                && certainly(table, Measure.LOG_PROB, REJECTED, window, -1);
    }

    /** Resamples only where the mean has the wanted sign. */
    private static boolean certainly(
            LikelihoodTable table, Measure measure, String kind, Range range, int sign) {
        double[] change = table.change(measure, kind, range.first(), range.last());
        if (!(sign * MeanInterval.meanOf(MeanInterval.numbersOf(change)) > 0)) {
            return false;
        }
        Interval interval = MeanInterval.bootstrap(change);
        return sign > 0 ? interval.isAboveZero() : interval.isBelowZero();
    }

    private static Alarm squeezing(RecordedRun run, Range range) {
        return alarm(
                run,
                range,
                Alarm.SQUEEZING,
                "Squeezing %s: chosen falls (%s), rejected falls (%s), argmax rises (%s); nats,"
                        + " 95 %% intervals over %d probes.",
                SQUEEZING_ADVICE);
    }

    /** Without a preference loss nothing pushes responses down, so a fall means something else. */
    private static Alarm displacement(RecordedRun run, Range range) {
        boolean supervised = run.isSupervised();
        Alarm alarm =
                alarm(
                        run,
                        range,
                        Alarm.DISPLACEMENT,
                        (supervised ? "Falling" : "Displacement")
                                + " %s: chosen falls (%s), rejected changes (%s), argmax changes"
                                + " (%s); nats, 95 %% intervals over %d probes.",
                        supervised ? SUPERVISED_ADVICE : DISPLACEMENT_ADVICE);
        return supervised ? alarm.withSeverity(Severity.INFO) : alarm;
    }

    private static Alarm alarm(
            RecordedRun run, Range range, String code, String sentence, String advice) {
        Interval chosen = change(run, Measure.LOG_PROB, CHOSEN, range);
        String message =
                Sentences.format(
                        sentence,
                        Sentences.span(run, range),
                        Sentences.change(chosen),
                        Sentences.change(change(run, Measure.LOG_PROB, REJECTED, range)),
                        Sentences.change(change(run, Measure.ARGMAX_LOG_PROB, CHOSEN, range)),
                        chosen.count());
        Severity severity = chosen.mean() > -SMALL_NATS ? Severity.INFO : Severity.WARNING;
        return new Alarm(
                code,
                severity,
                run.steps().get(range.first()).step(),
                run.steps().get(range.last()).step(),
                message,
                advice);
    }

    private static Interval change(RecordedRun run, Measure measure, String kind, Range range) {
        return MeanInterval.bootstrap(
                run.likelihoods().change(measure, kind, range.first(), range.last()));
    }
}
