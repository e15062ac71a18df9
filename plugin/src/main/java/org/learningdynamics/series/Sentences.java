package org.learningdynamics.series;

import java.util.Locale;
import org.learningdynamics.recording.StepRow;

/** The wording that alarms share. */
final class Sentences {
    private Sentences() {}

    static String format(String sentence, Object... values) {
        return String.format(Locale.ROOT, sentence, values);
    }

    /** A change with its interval, as in {@code -3.21 [-4.02, -2.40]}. */
    static String change(Interval interval) {
        if (interval.count() == 0) {
            return "not measured";
        }
        String mean = format("%+.3g", interval.mean());
        return interval.count() == 1
                ? mean
                : mean + format(" [%+.3g, %+.3g]", interval.low(), interval.high());
    }

    /** As in {@code from iteration 300 to 900 (recordings 3 to 9)}. */
    static String span(RecordedRun run, Range range) {
        StepRow first = run.steps().get(range.first());
        StepRow last = run.steps().get(range.last());
        return format(
                "from iteration %d to %d (recordings %d to %d)",
                first.iteration(), last.iteration(), first.step(), last.step());
    }
}
