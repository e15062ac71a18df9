package org.learningdynamics.recording;

import java.util.ArrayList;
import java.util.List;

/** Interactions of a batch of two pairs with the responses of {@link SampleRun}. */
final class SampleInteractions {
    private SampleInteractions() {}

    static StepRecording recording(long step, long iteration) {
        StepRecording plain = SampleRun.recording(step, iteration);
        return new StepRecording(
                plain.step(),
                plain.likelihoods(),
                plain.tokens(),
                plain.distributions(),
                plain.events(),
                of(step));
    }

    /** Values follow from the step; every table has rows. */
    static Interactions of(long step) {
        return new Interactions(
                residuals(step),
                List.of(
                        new InfluenceBlock(step, "", "", InfluenceForm.UPDATE, matrix(step, 2, 6)),
                        new InfluenceBlock(
                                step, "", "chosen", InfluenceForm.UPDATE, matrix(step + 1, 2, 6)),
                        new InfluenceBlock(
                                step, "head", "", InfluenceForm.UPDATE, matrix(step + 2, 2, 6))),
                List.of(new TokenInfluenceRow(step, 7, "chosen", 1, matrix(step, 1, 2))),
                shifts(step),
                List.of(
                        new KernelRow(step, "alignment", -1, "", -1, 0.5 + step, 0),
                        new KernelRow(step, "trace", 7, "chosen", 1, 12.5, 0.25)),
                List.of(new KernelBlock(step, 7, 0, matrix(step, 3, 3))));
    }

    static Interactions onlyShifts(long step) {
        return new Interactions(
                List.of(), List.of(), List.of(), shifts(step), List.of(), List.of());
    }

    private static List<ResidualRow> residuals(long step) {
        List<ResidualRow> rows = new ArrayList<>();
        for (int position = 0; position < 2; position++) {
            for (String part : List.of("chosen", "rejected")) {
                double sign = part.equals("chosen") ? -1 : 1;
                rows.add(
                        new ResidualRow(
                                step,
                                position,
                                part,
                                70 + position,
                                sign * (0.5 + step),
                                2,
                                3,
                                4,
                                -0.125 * sign,
                                5));
            }
        }
        return rows;
    }

    private static List<ShiftRow> shifts(long step) {
        List<ShiftRow> rows = new ArrayList<>();
        for (ProbeRow probe : SampleRun.probes()) {
            for (String kind : SampleRun.KINDS.stream().sorted().toList()) {
                double predicted = 0.25 * probe.probe() + kind.length() + step;
                rows.add(
                        new ShiftRow(
                                step,
                                probe.probe(),
                                kind,
                                predicted,
                                predicted - 0.5,
                                0.375,
                                0.125,
                                0,
                                1e-9,
                                1.25 * predicted));
            }
        }
        return rows;
    }

    /** The values 10 · row + column + offset / 4. */
    static FloatMatrix matrix(long offset, int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = 10 * (i / columns) + i % columns + offset / 4f;
        }
        return FloatMatrix.of(rows, columns, values);
    }
}
