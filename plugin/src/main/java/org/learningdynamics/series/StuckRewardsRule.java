package org.learningdynamics.series;

import java.util.List;
import java.util.Optional;
import org.learningdynamics.recording.Severity;

/**
 * A reward margin that stays at 0 for at least {@value #MIN_ITERATIONS} iterations in a row after
 * the first, where 0 is right.
 */
final class StuckRewardsRule implements AlarmRule {
    static final int MIN_ITERATIONS = 10;
    static final double ZERO = 1e-9;

    private static final String ADVICE =
            "The policy does not move away from its reference: check that the reference is a"
                    + " frozen copy or precomputed, that the loss reaches trainable parameters, and"
                    + " that the learning rate is not 0 or lost to rounding.";

    @Override
    public List<Alarm> check(RecordedRun run) {
        return run
                .metric("rewards/margins")
                .flatMap(margins -> longest(margins).map(range -> alarm(run, margins, range)))
                .stream()
                .toList();
    }

    private static Optional<Range> longest(MetricSeries margins) {
        double[] values = margins.values();
        Range longest = new Range(0, -1);
        int start = 1;
        for (int i = 1; i < values.length; i++) {
            if (!(Math.abs(values[i]) < ZERO)) {
                start = i + 1;
            } else if (i - start > longest.last() - longest.first()) {
                longest = new Range(start, i);
            }
        }
        int length = longest.last() - longest.first() + 1;
        return length >= MIN_ITERATIONS ? Optional.of(longest) : Optional.empty();
    }

    private static Alarm alarm(RecordedRun run, MetricSeries margins, Range range) {
        long first = margins.iterations()[range.first()];
        long last = margins.iterations()[range.last()];
        String message =
                Sentences.format(
                        "Rewards stuck: rewards/margins is 0 at %d iterations in a row, from %d to"
                                + " %d.",
                        range.last() - range.first() + 1, first, last);
        return new Alarm(
                Alarm.REWARDS_STUCK,
                Severity.WARNING,
                run.stepAt(first),
                run.stepAt(last),
                message,
                ADVICE);
    }
}
