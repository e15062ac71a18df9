package org.learningdynamics.spark.dl4j;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.Metric;
import org.learningdynamics.recording.StepRecording;

/**
 * How far the replicas of one round are from each other and what averaging them does.
 *
 * <p>With {@code W} workers, {@code N} probes of a kind and {@code s_wi} the log-probability of
 * probe {@code i}'s response under replica {@code w}: spread {@code = mean_i sqrt(sum_w (s_wi -
 * mean_w s_wi)^2 / (W - 1))}, and jump {@code = mean_i (s_i - mean_w s_wi)} with {@code s_i} under
 * the averaged network. Both in nats; a jump above 0 says that the average is surer of the
 * responses than its parts are on the mean. NaN if a likelihood is.
 */
final class Drift {
    /** Metric of the spread, before the kind. */
    static final String SPREAD = "workers/spread/";

    /** Metric of the jump, before the kind. */
    static final String JUMP = "averaging/jump/";

    private record Response(String kind, int probe) {}

    /** By iteration: the log-probabilities of a response, one a worker. */
    private final TreeMap<Long, Map<Response, List<Double>>> replicas = new TreeMap<>();

    private final int workers;

    Drift(int workers) {
        this.workers = workers;
    }

    void add(StepRecording recording) {
        Map<Response, List<Double>> row =
                replicas.computeIfAbsent(
                        recording.step().iteration(), fresh -> new LinkedHashMap<>());
        for (LikelihoodRow likelihood : recording.likelihoods()) {
            row.computeIfAbsent(of(likelihood), fresh -> new ArrayList<>())
                    .add(likelihood.logProb());
        }
    }

    private static Response of(LikelihoodRow row) {
        return new Response(row.kind(), row.probe());
    }

    /** The spread at every iteration that at least two workers have recorded, by kind. */
    List<Metric> spread() {
        List<Metric> metrics = new ArrayList<>();
        replicas.forEach(
                (iteration, row) -> {
                    Map<String, Mean> means = new TreeMap<>();
                    row.forEach((response, values) -> addDeviation(means, response, values));
                    means.forEach(
                            (kind, mean) ->
                                    metrics.add(new Metric(iteration, SPREAD + kind, mean.get())));
                });
        return metrics;
    }

    private static void addDeviation(
            Map<String, Mean> means, Response response, List<Double> values) {
        if (values.size() > 1) {
            double mean = mean(values);
            double squares = 0;
            for (double value : values) {
                squares += (value - mean) * (value - mean);
            }
            means.computeIfAbsent(response.kind(), fresh -> new Mean())
                    .add(Math.sqrt(squares / (values.size() - 1)));
        }
    }

    /**
     * What averaging did, if all replicas were recorded at the iteration of the averaged network.
     */
    List<Metric> jump(StepRecording averaged) {
        long iteration = averaged.step().iteration();
        Map<Response, List<Double>> before = replicas.getOrDefault(iteration, Map.of());
        Map<String, Mean> means = new TreeMap<>();
        for (LikelihoodRow row : averaged.likelihoods()) {
            List<Double> values = before.getOrDefault(of(row), List.of());
            if (values.size() == workers) {
                means.computeIfAbsent(row.kind(), fresh -> new Mean())
                        .add(row.logProb() - mean(values));
            }
        }
        List<Metric> metrics = new ArrayList<>();
        means.forEach((kind, mean) -> metrics.add(new Metric(iteration, JUMP + kind, mean.get())));
        return metrics;
    }

    private static double mean(List<Double> values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.size();
    }

    /** A running mean. */
    private static final class Mean {
        private double sum;
        private long count;

        void add(double value) {
            sum += value;
            count++;
        }

        double get() {
            return sum / count;
        }
    }
}
