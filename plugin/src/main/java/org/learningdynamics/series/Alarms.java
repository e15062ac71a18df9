package org.learningdynamics.series;

import java.util.Comparator;
import java.util.List;

/**
 * Finds what its owner should look at in a recording: squeezing, displacement, NaN, rewards stuck
 * at 0, a first loss that is not ln 2.
 */
public final class Alarms {
    private static final List<AlarmRule> RULES =
            List.of(
                    new FallingChosenRule(),
                    new NanRule(),
                    new StuckRewardsRule(),
                    new FirstLossRule());

    private Alarms() {}

    /**
     * All alarms of a run.
     *
     * @param run the recording
     * @return the alarms, most severe first, then by first step and code
     */
    public static List<Alarm> of(RecordedRun run) {
        return RULES.stream()
                .flatMap(rule -> rule.check(run).stream())
                .sorted(
                        Comparator.comparing(Alarm::severity)
                                .reversed()
                                .thenComparingLong(Alarm::firstStep)
                                .thenComparing(Alarm::code))
                .toList();
    }
}
