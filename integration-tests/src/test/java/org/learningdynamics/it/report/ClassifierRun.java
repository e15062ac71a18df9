package org.learningdynamics.it.report;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.Metric;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.Recorder;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.StepRow;

/** A classifier that learns three classes, of which two look alike, made from formulas. */
final class ClassifierRun {
    static final int RECORDINGS = 6;
    private static final List<String> CLASSES = List.of("cat", "dog", "eel");
    private static final int PROBES = 12;

    private ClassifierRun() {}

    static Path write(Path file) {
        RunHeader header =
                RunHeader.builder("pets", Instant.parse("2026-01-02T03:04:05Z"))
                        .stage("classifier")
                        .build();
        List<ProbeRow> probes = new ArrayList<>();
        List<ResponseRow> responses = new ArrayList<>();
        for (int i = 0; i < PROBES; i++) {
            probes.add(new ProbeRow(i, String.format("%064x", i), "images", "image " + i));
            responses.add(new ResponseRow(i, "label", CLASSES.get(i % 3), 1));
            for (String name : CLASSES) {
                responses.add(new ResponseRow(i, name, name, 1));
            }
        }
        try (Recorder recorder =
                RunFileRecorder.builder(file, header).probes(probes).responses(responses).build()) {
            for (int t = 0; t < RECORDINGS; t++) {
                recorder.record(recording(t, responses));
                adapt(recorder, 50L * (t + 1));
            }
            recorder.flush();
        }
        return file;
    }

    private static StepRecording recording(int t, List<ResponseRow> responses) {
        StepRow step = new StepRow(t, 50L * t, 0, 1000L * t, 1, 0.1, 1, 5, 1);
        List<LikelihoodRow> rows = new ArrayList<>();
        responses.forEach(response -> rows.add(row(t, response)));
        return new StepRecording(step, rows, List.of(), List.of());
    }

    /** From a third for every class to .7 for the right one; cat and dog share what is left. */
    private static double[] distribution(int t, int label) {
        double part = (double) t / (RECORDINGS - 1);
        double[][] end = {{.7, .25, .05}, {.25, .7, .05}, {.1, .1, .8}};
        double[] p = new double[3];
        for (int j = 0; j < 3; j++) {
            p[j] = (1 - part) / 3 + part * end[label][j];
        }
        return p;
    }

    private static LikelihoodRow row(int t, ResponseRow response) {
        int label = response.probe() % 3;
        double[] p = distribution(t, label);
        int kind = response.kind().equals("label") ? label : CLASSES.indexOf(response.kind());
        double best = p[label];
        double square = p[0] * p[0] + p[1] * p[1] + p[2] * p[2];
        return new LikelihoodRow(
                t,
                response.probe(),
                response.kind(),
                Math.log(p[kind]),
                Math.log(best),
                Math.log(1 - best),
                Math.sqrt(3 * square + 1),
                Math.sqrt(square - 2 * p[kind] + 1),
                1 - p[kind],
                1,
                1);
    }

    private static void adapt(Recorder recorder, long iteration) {
        for (String what : List.of("features", "logits")) {
            for (String lag : List.of("lag1", "lag50")) {
                double value = 1.0 / iteration + lag.length();
                recorder.record(new Metric(iteration, "adaptation/" + what + "/dot/" + lag, value));
            }
        }
    }
}
