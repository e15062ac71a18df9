package org.learningdynamics.series;

import java.util.ArrayList;
import java.util.List;
import org.learningdynamics.recording.Severity;

/**
 * NaN in a recorded log-probability or a training metric. What an imported run says was never
 * measured is none.
 */
final class NanRule implements AlarmRule {
    private static final String ADVICE =
            "Lower the learning rate, clip the gradient, and look at the first iteration named"
                    + " here: everything after it is lost.";

    @Override
    public List<Alarm> check(RecordedRun run) {
        List<Alarm> alarms = new ArrayList<>();
        for (String kind : run.likelihoods().kinds()) {
            if (isMeasured(run, kind)) {
                checkKind(run, kind, alarms);
            }
        }
        for (MetricSeries metric : run.metrics()) {
            checkMetric(run, metric, alarms);
        }
        return alarms;
    }

    private static boolean isMeasured(RecordedRun run, String kind) {
        String absent = run.header().getOrDefault("not_measured.likelihood." + kind, "");
        return !List.of(absent.split(" ")).contains("log_prob");
    }

    private static void checkKind(RecordedRun run, String kind, List<Alarm> alarms) {
        LikelihoodTable table = run.likelihoods();
        int first = -1;
        int last = -1;
        int rows = 0;
        for (int t = 0; t < table.recordings(); t++) {
            int found = nanRows(table, kind, t);
            if (found > 0) {
                first = first < 0 ? t : first;
                last = t;
                rows += found;
            }
        }
        if (rows > 0) {
            String message =
                    Sentences.format(
                            "NaN: %d log-probabilities of %s are NaN, %s.",
                            rows, kind, Sentences.span(run, new Range(first, last)));
            long firstStep = run.steps().get(first).step();
            long lastStep = run.steps().get(last).step();
            alarms.add(alarm(firstStep, lastStep, message));
        }
    }

    private static int nanRows(LikelihoodTable table, String kind, int recording) {
        double[] values = table.values(Measure.LOG_PROB, kind, recording);
        int rows = 0;
        for (int i = 0; i < values.length; i++) {
            rows += Double.isNaN(values[i]) && table.has(kind, recording, i) ? 1 : 0;
        }
        return rows;
    }

    private static void checkMetric(RecordedRun run, MetricSeries metric, List<Alarm> alarms) {
        long[] iterations = metric.iterations();
        double[] values = metric.values();
        long first = -1;
        long last = -1;
        int count = 0;
        for (int i = 0; i < values.length; i++) {
            if (Double.isNaN(values[i])) {
                first = count == 0 ? iterations[i] : first;
                last = iterations[i];
                count++;
            }
        }
        if (count > 0) {
            String message =
                    Sentences.format(
                            "NaN: metric %s is NaN at %d of %d iterations, from %d to %d.",
                            metric.name(), count, values.length, first, last);
            alarms.add(alarm(run.stepAt(first), run.stepAt(last), message));
        }
    }

    private static Alarm alarm(long firstStep, long lastStep, String message) {
        return new Alarm(Alarm.NAN, Severity.ERROR, firstStep, lastStep, message, ADVICE);
    }
}
