package org.learningdynamics.series;

import java.util.Locale;
import org.learningdynamics.recording.StepRow;

/** The wording that alarms share. */
final class Sentences {
    private Sentences() {}

    static String format(String sentence, Object... values) {
        return String.format(Locale.ROOT, sentence, values);
    }

    /** A change with its interval, as in {@code -3.21 nats, 95 % interval -4.02 to -2.40}. */
    static String change(Interval interval) {
        if (interval.count() == 0) {
            return "not measured";
        }
        String mean = format("%+.3g nats", interval.mean());
        return interval.count() == 1
                ? mean + ", one probe"
                : mean + format(", 95 %% interval %+.3g to %+.3g", interval.low(), interval.high());
    }

    /** As in {@code from recording 3 (iteration 300) to 9 (iteration 900)}. */
    static String span(RecordedRun run, Range range) {
        StepRow first = run.steps().get(range.first());
        StepRow last = run.steps().get(range.last());
        return format(
                "from recording %d (iteration %d) to %d (iteration %d)",
                first.step(), first.iteration(), last.step(), last.iteration());
    }
}
