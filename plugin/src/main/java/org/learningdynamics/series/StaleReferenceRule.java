package org.learningdynamics.series;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.learningdynamics.recording.Severity;

/**
 * Rewards that are not 0 before the first update, where policy and reference should still be the
 * same: {@code rewards/chosen} or {@code rewards/rejected} at the first iteration, β times the
 * log-ratio, beyond {@value #TOLERANCE}. Not checked where the header says {@code config.reference
 * = given}: a reference other than the start was asked for.
 */
final class StaleReferenceRule implements AlarmRule {
    static final double TOLERANCE = 5e-3;

    private static final List<String> REWARDS = List.of("rewards/chosen", "rewards/rejected");
    private static final String ADVICE =
            "The reference is not the model that training starts from, so rewards, margins and"
                    + " the loss measure another distance: compute its log-probabilities anew from"
                    + " the starting weights, with the same tokenizer, truncation, precision and"
                    + " dropout off; or say that another reference is meant.";

    @Override
    public List<Alarm> check(RecordedRun run) {
        if (isGiven(run)) {
            return List.of();
        }
        List<MetricSeries> off =
                REWARDS.stream()
                        .flatMap(name -> run.metric(name).stream())
                        .filter(StaleReferenceRule::startsOff)
                        .toList();
        return off.isEmpty() ? List.of() : List.of(alarm(run, off));
    }

    /** Whether policy and reference differ at the start, as asked for or not. */
    boolean explains(RecordedRun run) {
        return isGiven(run) || !check(run).isEmpty();
    }

    private static boolean isGiven(RecordedRun run) {
        return "given".equals(run.header().get("config.reference"));
    }

    private static boolean startsOff(MetricSeries rewards) {
        return first(rewards).filter(value -> Math.abs(value) > TOLERANCE).isPresent();
    }

    private static Optional<Double> first(MetricSeries series) {
        return Stream.of(series)
                .filter(s -> s.size() > 0 && s.iterations()[0] <= 1)
                .map(s -> s.values()[0])
                .findFirst();
    }

    private static Alarm alarm(RecordedRun run, List<MetricSeries> off) {
        MetricSeries rewards = off.get(0);
        long iteration = rewards.iterations()[0];
        long step = run.stepAt(iteration);
        String message =
                Sentences.format(
                        "Stale reference: %s is %+.4f at iteration %d, before anything was learnt,"
                                + " not 0.",
                        rewards.name(), rewards.values()[0], iteration);
        return new Alarm(Alarm.STALE_REFERENCE, Severity.WARNING, step, step, message, ADVICE);
    }
}
