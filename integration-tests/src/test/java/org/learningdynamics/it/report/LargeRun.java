package org.learningdynamics.it.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.StepRow;
import org.learningdynamics.series.LikelihoodTable;
import org.learningdynamics.series.MetricSeries;
import org.learningdynamics.series.RecordedRun;

/** A run in memory with a million likelihood rows: 500 probes, 12 kinds, 167 recordings. */
final class LargeRun {
    static final int PROBES = 500;
    static final int RECORDINGS = 167;
    private static final int KINDS = 12;
    private static final int ITERATIONS = 50_000;

    private LargeRun() {}

    static RecordedRun make() {
        List<ProbeRow> probes = new ArrayList<>();
        List<ResponseRow> responses = new ArrayList<>();
        for (int i = 0; i < PROBES; i++) {
            probes.add(
                    new ProbeRow(i, "digest" + i, "large", "A prompt of fair length. ".repeat(30)));
            for (int k = 0; k < KINDS; k++) {
                String kind = k == 0 ? "chosen" : k == 1 ? "rejected" : "kind_" + k;
                responses.add(new ResponseRow(i, kind, "words of an answer ".repeat(15) + i, 60));
            }
        }
        List<StepRow> steps = new ArrayList<>();
        for (int t = 0; t < RECORDINGS; t++) {
            steps.add(new StepRow(t, 300L * t, 0, 9000L * t, 1, 1e-3, 1, 30, 200));
        }
        return new RecordedRun(
                "large",
                Map.of(),
                probes,
                responses,
                steps,
                metrics(),
                List.of(),
                rows(steps, responses));
    }

    private static LikelihoodTable rows(List<StepRow> steps, List<ResponseRow> responses) {
        List<Long> numbers = steps.stream().map(StepRow::step).toList();
        LikelihoodTable.Builder rows = LikelihoodTable.builder(numbers, responses);
        Random random = new Random(2);
        for (long t : numbers) {
            for (ResponseRow one : responses) {
                double logProb = -50 - 0.02 * t + random.nextGaussian();
                rows.add(
                        new LikelihoodRow(
                                t,
                                one.probe(),
                                one.kind(),
                                logProb,
                                -20 + 0.01 * t,
                                -30,
                                12,
                                0.7,
                                0.6,
                                2,
                                60));
            }
        }
        return rows.build();
    }

    private static List<MetricSeries> metrics() {
        List<MetricSeries> metrics = new ArrayList<>();
        Random random = new Random(3);
        long[] iterations = new long[ITERATIONS];
        for (int i = 0; i < ITERATIONS; i++) {
            iterations[i] = i + 1L;
        }
        for (String name : List.of("loss", "rewards/margins", "grad_norm")) {
            double[] values = random.doubles(ITERATIONS).map(x -> 0.5 + x).toArray();
            metrics.add(new MetricSeries(name, iterations, values));
        }
        return metrics;
    }
}
