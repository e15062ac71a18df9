package org.learningdynamics.report;

import java.util.Locale;
import org.learningdynamics.series.Alarm;
import org.learningdynamics.series.Interval;
import org.learningdynamics.series.MeanInterval;
import org.learningdynamics.series.Measure;
import org.learningdynamics.series.RecordedRun;

/** The sentence on a fall of chosen: from when to when, how far, and what the likeliest did. */
final class Falls {
    private static final String CHOSEN = "chosen";

    private final RecordedRun run;
    private final Alarm alarm;

    private Falls(RecordedRun run, Alarm alarm) {
        this.run = run;
        this.alarm = alarm;
    }

    static boolean tells(Alarm alarm) {
        return alarm.code().equals(Alarm.SQUEEZING) || alarm.code().equals(Alarm.DISPLACEMENT);
    }

    static Sentence of(RecordedRun run, Alarm alarm) {
        return new Falls(run, alarm).sentence();
    }

    private Sentence sentence() {
        boolean squeezing = alarm.code().equals(Alarm.SQUEEZING);
        Interval argmax = change(Measure.ARGMAX_LOG_PROB, CHOSEN);
        String text =
                String.format(
                        Locale.ROOT,
                        "From iteration %d to %d %s lowers chosen (%s nats)%s, while the likeliest"
                                + " tokens at its positions %s (%s): %s.",
                        run.iterationOf(alarm.firstStep()),
                        run.iterationOf(alarm.lastStep()),
                        run.name(),
                        Words.change(change(Measure.LOG_PROB, CHOSEN)),
                        squeezing ? " and rejected (" + rejected() + ")" : "",
                        verb(argmax),
                        Words.change(argmax),
                        word(squeezing));
        return new Sentence(text, Anchors.of(alarm));
    }

    private String word(boolean squeezing) {
        if (squeezing) {
            return "squeezing";
        }
        return run.isSupervised() ? "it unlearns what it was not shown" : "displacement";
    }

    private String rejected() {
        return Words.change(change(Measure.LOG_PROB, "rejected"));
    }

    private static String verb(Interval change) {
        if (change.isAboveZero()) {
            return "rise";
        }
        return change.isBelowZero() ? "fall too" : "do not certainly move";
    }

    private Interval change(Measure measure, String kind) {
        int from = recording(alarm.firstStep());
        int to = recording(alarm.lastStep());
        return MeanInterval.bootstrap(run.likelihoods().change(measure, kind, from, to));
    }

    private int recording(long step) {
        return run.recordingOf(step);
    }
}
