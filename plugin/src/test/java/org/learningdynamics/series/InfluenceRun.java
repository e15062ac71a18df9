package org.learningdynamics.series;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.learningdynamics.recording.ExampleRow;
import org.learningdynamics.recording.FloatMatrix;
import org.learningdynamics.recording.InfluenceBlock;
import org.learningdynamics.recording.InfluenceForm;
import org.learningdynamics.recording.Interactions;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResidualRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.ShiftRow;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.StepRow;

/** Writes runs with influences that follow from step, example and response. */
final class InfluenceRun {
    static final int PROBES = 3;
    static final int RESPONSES = 6;
    static final int BATCH = 2;
    static final int ITERATIONS_A_STEP = 10;

    private InfluenceRun() {}

    /** Step 0 without interactions, then steps with batches of two of the examples in turn. */
    static void write(Path path, int steps, int examples) {
        try (RunFileRecorder recorder = recorder(path)) {
            for (int example = 0; example < examples + 1; example++) {
                recorder.record(new ExampleRow(100 + example, "d", "prompt " + example));
            }
            recorder.record(recording(0, Interactions.NONE));
            for (int step = 1; step <= steps; step++) {
                recorder.record(
                        recording(step, interactions(step, examples, InfluenceForm.UPDATE)));
            }
        }
    }

    static RunFileRecorder recorder(Path path) {
        List<ProbeRow> probes = new ArrayList<>();
        List<ResponseRow> responses = new ArrayList<>();
        for (int probe = 0; probe < PROBES; probe++) {
            probes.add(new ProbeRow(probe, "d" + probe, "set", "prompt"));
            // In the other order than the columns' one.
            responses.add(new ResponseRow(probe, "rejected", "no", 2));
            responses.add(new ResponseRow(probe, "chosen", "yes", 2));
        }
        return RunFileRecorder.builder(path, RunHeader.builder("run", Instant.EPOCH).build())
                .probes(probes)
                .responses(responses)
                .build();
    }

    static StepRecording recording(long step, Interactions interactions) {
        long iteration = step * ITERATIONS_A_STEP;
        return new StepRecording(
                new StepRow(step, iteration, 0, step, 0.5, 0.1, 1, 1, 1),
                List.of(),
                List.of(),
                List.of(),
                interactions);
    }

    /** The id of the example at a place of a batch. */
    static long example(long step, int position, int examples) {
        return 100 + (step * BATCH + position) % examples;
    }

    /** Column {@code o} is of probe {@code o / 2}, chosen if even. */
    static float influence(long step, long example, int o, double scale) {
        return (float) (scale * Math.sin(1.7 * example + 0.9 * o + 0.31 * step));
    }

    static double predicted(long step, int o) {
        return Math.sin(step + 2.1 * o);
    }

    static double actual(long step, int o) {
        return 0.9 * predicted(step, o) + 0.1 * Math.cos(3.0 * step + o);
    }

    static Interactions interactions(long step, int examples, InfluenceForm form) {
        List<ResidualRow> residuals = new ArrayList<>();
        for (int position = 0; position < BATCH; position++) {
            long example = example(step, position, examples);
            for (String part : List.of("chosen", "rejected")) {
                double self = part.equals("chosen") ? 0.5 : 0.25;
                residuals.add(new ResidualRow(step, position, part, example, -1, 2, 1, 3, self, 2));
            }
        }
        List<ShiftRow> shifts = new ArrayList<>();
        for (int o = 0; o < RESPONSES; o++) {
            String kind = o % 2 == 0 ? "chosen" : "rejected";
            double p = predicted(step, o);
            shifts.add(new ShiftRow(step, o / 2, kind, p, p, 0, 0, 0, 0, actual(step, o)));
        }
        return new Interactions(
                residuals,
                List.of(
                        block(step, examples, "", "", form, 1),
                        block(step, examples, "", "chosen", form, 3),
                        block(step, examples, "head", "", form, -2)),
                List.of(),
                shifts,
                List.of(),
                List.of());
    }

    private static InfluenceBlock block(
            long step, int examples, String layer, String part, InfluenceForm form, double scale) {
        float[] values = new float[BATCH * RESPONSES];
        for (int i = 0; i < values.length; i++) {
            long example = example(step, i / RESPONSES, examples);
            values[i] = influence(step, example, i % RESPONSES, scale);
        }
        return new InfluenceBlock(
                step, layer, part, form, FloatMatrix.of(BATCH, RESPONSES, values));
    }
}
