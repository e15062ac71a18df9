package org.learningdynamics.it.report;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.learningdynamics.recording.ExampleResponse;
import org.learningdynamics.recording.ExampleRow;
import org.learningdynamics.recording.FloatMatrix;
import org.learningdynamics.recording.InfluenceBlock;
import org.learningdynamics.recording.InfluenceForm;
import org.learningdynamics.recording.Interactions;
import org.learningdynamics.recording.KernelRow;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResidualRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.ShiftRow;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.StepRow;

/**
 * Run files of four probes with two kinds whose influences follow a formula: example {@code i}
 * moves response {@code o} by {@code (i − 13) / 2 + o − r / 6}, with r the number of the recording,
 * a quarter of it through the embedding and the rest through the head, twice as much through its
 * chosen response and as much against it through its rejected one.
 */
final class InfluenceRuns {
    private static final int PROBES = 4;
    private static final int RESPONSES = 2 * PROBES;
    private static final int BATCH = 3;
    private static final int LEARNT = 7;

    private InfluenceRuns() {}

    static Path write(Path path, int recordings, String hostile) {
        try (RunFileRecorder recorder = recorder(path, hostile)) {
            for (int example = 10; example < 19; example++) {
                recorder.record(new ExampleRow(example, "d", "learn example " + example + hostile));
                recorder.record(new ExampleResponse(example, "chosen", "good " + hostile));
                recorder.record(new ExampleResponse(example, "rejected", "bad"));
            }
            recorder.record(recording(0, Interactions.NONE));
            for (int r = 1; r <= recordings; r++) {
                recorder.record(recording(r, interactions(r)));
            }
        }
        return path;
    }

    private static RunFileRecorder recorder(Path path, String hostile) {
        List<ProbeRow> probes = new ArrayList<>();
        List<ResponseRow> responses = new ArrayList<>();
        for (int probe = 0; probe < PROBES; probe++) {
            probes.add(new ProbeRow(probe, "d" + probe, "set", "question " + probe + hostile));
            responses.add(new ResponseRow(probe, "chosen", "yes", 1));
            responses.add(new ResponseRow(probe, "rejected", "no", 1));
        }
        return RunFileRecorder.builder(path, RunHeader.builder("influence", Instant.EPOCH).build())
                .probes(probes)
                .responses(responses)
                .build();
    }

    private static String kind(int response) {
        return response % 2 == 0 ? "chosen" : "rejected";
    }

    private static StepRecording recording(int r, Interactions interactions) {
        List<LikelihoodRow> rows = new ArrayList<>();
        for (int o = 0; o < RESPONSES; o++) {
            rows.add(new LikelihoodRow(r, o / 2, kind(o), -5 - o - r, -1, -2, 3, 1, 0.5, 2, 4));
        }
        return new StepRecording(
                new StepRow(r, 10L * r, 0, r, 0.5, 0.1, 1, 10, 1),
                rows,
                List.of(),
                List.of(),
                interactions);
    }

    private static int example(int r, int position) {
        return 10 + ((r - 1) * BATCH + position) % LEARNT;
    }

    private static Interactions interactions(int r) {
        List<ResidualRow> residuals = new ArrayList<>();
        for (int position = 0; position < BATCH; position++) {
            for (String part : List.of("chosen", "rejected")) {
                int example = example(r, position);
                residuals.add(new ResidualRow(r, position, part, example, -1, 2, 1, 3, 0.5, 2));
            }
        }
        List<ShiftRow> shifts = new ArrayList<>();
        for (int o = 0; o < RESPONSES; o++) {
            double predicted = o - r;
            shifts.add(
                    new ShiftRow(
                            r, o / 2, kind(o), predicted, predicted, 0, 0, 0, 0, predicted / 2));
        }
        return new Interactions(
                residuals,
                List.of(
                        block(r, "", "", 1),
                        block(r, "", "chosen", 2),
                        block(r, "", "rejected", -1),
                        block(r, "embedding", "", 0.25f),
                        block(r, "head", "", 0.75f)),
                List.of(),
                shifts,
                r % 2 == 0 ? kernel(r) : List.of(),
                List.of());
    }

    private static List<KernelRow> kernel(int r) {
        List<KernelRow> rows = new ArrayList<>();
        rows.add(new KernelRow(r, "alignment", KernelRow.NONE, "", KernelRow.NONE, 1, 0));
        for (int o = 0; o < RESPONSES; o++) {
            for (int row = 0; row < 2 * BATCH; row++) {
                rows.add(new KernelRow(r, "trace", o / 2, kind(o), row, 100 + o * row, 5));
            }
        }
        return rows;
    }

    private static InfluenceBlock block(int r, String layer, String part, float scale) {
        float[] values = new float[BATCH * RESPONSES];
        for (int i = 0; i < values.length; i++) {
            int example = example(r, i / RESPONSES);
            values[i] = scale * ((example - 13) / 2f + i % RESPONSES - r / 6f);
        }
        return new InfluenceBlock(
                r, layer, part, InfluenceForm.UPDATE, FloatMatrix.of(BATCH, RESPONSES, values));
    }
}
