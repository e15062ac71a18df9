package org.learningdynamics.series;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds what its owner should look at in a recording: squeezing, displacement, NaN, rewards stuck
 * at 0, a stale reference, a first loss that is not ln 2, predictions not to be trusted.
 */
public final class Alarms {
    private static final List<AlarmRule> RULES =
            List.of(
                    new FallingChosenRule(),
                    new NanRule(),
                    new StuckRewardsRule(),
                    new StaleReferenceRule(),
                    new FirstLossRule());

    private Alarms() {}

    /**
     * The alarms of a run, without those about predictions.
     *
     * @param run the recording
     * @return the alarms, most severe first, then by first step and code
     */
    public static List<Alarm> of(RecordedRun run) {
        return sorted(RULES.stream().flatMap(rule -> rule.check(run).stream()));
    }

    /**
     * All alarms of a run.
     *
     * @param run the recording
     * @param trust how its predicted changes agree with the actual ones
     * @return the alarms, most severe first, then by first step and code
     */
    public static List<Alarm> of(RecordedRun run, TrustSeries trust) {
        return sorted(
                Stream.concat(
                        of(run).stream(), UntrustedPredictionRule.check(run, trust).stream()));
    }

    private static List<Alarm> sorted(Stream<Alarm> alarms) {
        return alarms.sorted(
                        Comparator.comparing(Alarm::severity)
                                .reversed()
                                .thenComparingLong(Alarm::firstStep)
                                .thenComparing(Alarm::code))
                .toList();
    }
}
