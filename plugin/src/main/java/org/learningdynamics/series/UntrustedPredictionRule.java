package org.learningdynamics.series;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.learningdynamics.recording.Severity;
import org.learningdynamics.recording.StepRow;

/**
 * Predictions that do not tell what happens. A window of {@value #WINDOW} consecutive recordings
 * with predicted and actual changes of at least {@value #MIN_ROWS} responses is untrustworthy if
 * the median of Spearman's correlation is below {@value #MIN_SPEARMAN} or the median slope lies
 * outside [{@value #MIN_SLOPE}, {@value #MAX_SLOPE}]. Overlapping windows make one alarm.
 */
final class UntrustedPredictionRule {
    static final int WINDOW = 5;
    static final int MIN_ROWS = 8;
    static final double MIN_SPEARMAN = 0.5;
    static final double MIN_SLOPE = 0.5;
    static final double MAX_SLOPE = 2;

    private static final String ADVICE =
            "Do not rank examples by these recordings' influences. Steps this large are not linear:"
                    + " lower the learning rate or clip the gradient; or, if the changes are below"
                    + " the rounding of the log-probabilities, raise it or watch longer intervals.";

    private UntrustedPredictionRule() {}

    static List<Alarm> check(RecordedRun run, TrustSeries trust) {
        List<TrustSeries.AtStep> steps =
                trust.steps().stream().filter(at -> at.trust().rows() >= MIN_ROWS).toList();
        List<Range> bad = new ArrayList<>();
        for (int t = 0; t + WINDOW <= steps.size(); t++) {
            if (isUntrustworthy(steps.subList(t, t + WINDOW))) {
                bad.add(new Range(t, t + WINDOW - 1));
            }
        }
        Map<Long, Long> iterations = new HashMap<>();
        for (StepRow row : run.steps()) {
            iterations.put(row.step(), row.iteration());
        }
        return Range.merge(bad).stream()
                .map(range -> alarm(steps.subList(range.first(), range.last() + 1), iterations))
                .toList();
    }

    private static boolean isUntrustworthy(List<TrustSeries.AtStep> window) {
        double slope = median(window, Trust::slope);
        return median(window, Trust::spearman) < MIN_SPEARMAN
                || slope < MIN_SLOPE
                || slope > MAX_SLOPE;
    }

    private static double median(List<TrustSeries.AtStep> steps, ToDoubleFunction<Trust> figure) {
        double[] values =
                steps.stream().mapToDouble(at -> figure.applyAsDouble(at.trust())).toArray();
        return Quantiles.of(values, 0.5)[0];
    }

    private static Alarm alarm(List<TrustSeries.AtStep> steps, Map<Long, Long> iterations) {
        long first = steps.get(0).step();
        long last = steps.get(steps.size() - 1).step();
        String message =
                Sentences.format(
                        "Untrustworthy prediction from iteration %d to %d (recordings %d to %d):"
                                + " of predicted and actual changes the median Spearman"
                                + " correlation is %.2f, slope %.2f, relative remainder %.2f.",
                        iterations.getOrDefault(first, first),
                        iterations.getOrDefault(last, last),
                        first,
                        last,
                        median(steps, Trust::spearman),
                        median(steps, Trust::slope),
                        median(steps, Trust::remainder));
        return new Alarm(
                Alarm.UNTRUSTED_PREDICTION, Severity.WARNING, first, last, message, ADVICE);
    }
}
