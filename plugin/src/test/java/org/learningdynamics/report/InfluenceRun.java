package org.learningdynamics.report;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
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
 * Run files with influences of pairs drawn from a seed, and what was drawn, to compare a page with:
 * three probes with the kinds chosen and rejected, layers {@code block} and {@code head}, numbers
 * about the kernel at every recording.
 */
final class InfluenceRun {
    static final List<String> KINDS = List.of("chosen", "rejected");
    static final List<String> LAYERS = List.of("block", "head");
    static final int PROBES = 3;
    static final int RESPONSES = 6;

    final List<Map<String, FloatMatrix>> matrices = new ArrayList<>();
    final List<ResidualRow> residuals = new ArrayList<>();
    final List<ShiftRow> shifts = new ArrayList<>();
    final List<KernelRow> kernel = new ArrayList<>();

    private final Random random = new Random(11);
    private final int batch;

    InfluenceRun(int batch) {
        this.batch = batch;
    }

    Path write(Path file, int recordings) {
        List<ProbeRow> probes = new ArrayList<>();
        List<ResponseRow> responses = new ArrayList<>();
        for (int probe = 0; probe < PROBES; probe++) {
            probes.add(new ProbeRow(probe, "d" + probe, "set", "question " + probe));
            for (String kind : KINDS) {
                responses.add(new ResponseRow(probe, kind, "text of " + kind, 1));
            }
        }
        try (RunFileRecorder recorder =
                RunFileRecorder.builder(file, RunHeader.builder("run", Instant.EPOCH).build())
                        .probes(probes)
                        .responses(responses)
                        .build()) {
            for (int example = 0; example < 2 * batch; example++) {
                recorder.record(new ExampleRow(example, "e", "learn " + example));
                recorder.record(new ExampleResponse(example, "chosen", "good " + example));
                recorder.record(new ExampleResponse(example, "rejected", "bad " + example));
            }
            recorder.record(recording(0, Interactions.NONE));
            for (int r = 1; r <= recordings; r++) {
                recorder.record(recording(r, interactions(r)));
            }
        }
        return file;
    }

    private static StepRecording recording(int r, Interactions interactions) {
        List<LikelihoodRow> rows = new ArrayList<>();
        for (int o = 0; o < RESPONSES; o++) {
            rows.add(new LikelihoodRow(r, o / 2, kind(o), -5 - r, -1, -2, 3, 1, 0.5, 2, 1));
        }
        StepRow step = new StepRow(r, 10L * r, 0, r, 0.5, 0.1, 1, 10, 1);
        return new StepRecording(step, rows, List.of(), List.of(), interactions);
    }

    static String kind(int response) {
        return KINDS.get(response % 2);
    }

    /** The id of the example at a place of a recording's batch. */
    long example(int r, int position) {
        return (position + r) % (2L * batch);
    }

    private Interactions interactions(int r) {
        List<ResidualRow> pull = new ArrayList<>();
        for (int position = 0; position < batch; position++) {
            for (String part : KINDS) {
                long id = example(r, position);
                pull.add(
                        new ResidualRow(
                                r, position, part, id, next(), next() + 9, next() + 9, 1, 0.5, 4));
            }
        }
        List<ShiftRow> moved = new ArrayList<>();
        List<KernelRow> numbers = new ArrayList<>();
        for (int o = 0; o < RESPONSES; o++) {
            moved.add(new ShiftRow(r, o / 2, kind(o), next(), 1, 2, 3, 4, 5, next()));
            for (int row = 0; row < 2 * batch; row++) {
                numbers.add(
                        new KernelRow(r, "trace", o / 2, kind(o), row, next(), Math.abs(next())));
            }
        }
        numbers.add(new KernelRow(r, "alignment", -1, "", -1, 1 - 0.1 * (r - 1), 0));
        residuals.addAll(pull);
        shifts.addAll(moved);
        kernel.addAll(numbers);
        return new Interactions(pull, blocks(r), List.of(), moved, numbers, List.of());
    }

    private List<InfluenceBlock> blocks(int r) {
        Map<String, FloatMatrix> drawn = new LinkedHashMap<>();
        List<InfluenceBlock> blocks = new ArrayList<>();
        for (String layer : List.of("", "block", "head")) {
            for (String part : List.of("", "chosen", "rejected")) {
                float[] values = new float[batch * RESPONSES];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) next();
                }
                FloatMatrix matrix = FloatMatrix.of(batch, RESPONSES, values);
                drawn.put(layer + "/" + part, matrix);
                blocks.add(new InfluenceBlock(r, layer, part, InfluenceForm.UPDATE, matrix));
            }
        }
        matrices.add(drawn);
        return blocks;
    }

    private double next() {
        return random.nextGaussian();
    }
}
