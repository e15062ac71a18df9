package org.learningdynamics.series;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.learningdynamics.recording.Severity;

/**
 * A sigmoid preference loss that does not start at ln 2, where policy and reference are the same.
 * Checked where the header names the method, the metrics hold the first iteration's loss, and a
 * reference other than the start does not explain it.
 */
final class FirstLossRule implements AlarmRule {
    static final double TOLERANCE = 5e-3;

    private static final double LN_2 = Math.log(2);
    private static final Set<String> SIGMOID_METHODS =
            Set.of("dpo", "cdpo", "robust", "aot", "aot-unpaired", "dpo-norm", "dpop");
    private static final String ADVICE =
            "Policy and reference differ before the first update: check that the reference"
                    + " log-probabilities come from the same weights, tokenizer, truncation and"
                    + " precision, with dropout off.";

    @Override
    public List<Alarm> check(RecordedRun run) {
        boolean sigmoid =
                methods(run)
                        .anyMatch(name -> SIGMOID_METHODS.contains(name.toLowerCase(Locale.ROOT)));
        if (!sigmoid || new StaleReferenceRule().explains(run)) {
            return List.of();
        }
        return run.metric("loss").stream()
                .filter(loss -> loss.size() > 0 && loss.iterations()[0] <= 1)
                .filter(loss -> Math.abs(loss.values()[0] - LN_2) > TOLERANCE)
                .map(loss -> alarm(run, loss))
                .toList();
    }

    private static Stream<String> methods(RecordedRun run) {
        return Stream.of("stage", "method", "loss", "config.method", "config.loss")
                .map(key -> run.header().getOrDefault(key, ""));
    }

    private static Alarm alarm(RecordedRun run, MetricSeries loss) {
        long step = run.stepAt(loss.iterations()[0]);
        String message =
                Sentences.format(
                        "First loss: %.4f nats at iteration %d, not ln 2 = %.4f.",
                        loss.values()[0], loss.iterations()[0], LN_2);
        return new Alarm(Alarm.FIRST_LOSS, Severity.WARNING, step, step, message, ADVICE);
    }
}
