package org.learningdynamics.export;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.learningdynamics.recording.AttributionBlock;
import org.learningdynamics.recording.AttributionRow;
import org.learningdynamics.recording.DistributionRow;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.ExampleResponse;
import org.learningdynamics.recording.ExampleRow;
import org.learningdynamics.recording.FloatMatrix;
import org.learningdynamics.recording.InfluenceBlock;
import org.learningdynamics.recording.InfluenceForm;
import org.learningdynamics.recording.Interactions;
import org.learningdynamics.recording.KernelBlock;
import org.learningdynamics.recording.KernelRow;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.Metric;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResidualRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.ResponseTokens;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.ScoredBlock;
import org.learningdynamics.recording.SelfInfluenceRow;
import org.learningdynamics.recording.Severity;
import org.learningdynamics.recording.ShiftRow;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.StepRow;
import org.learningdynamics.recording.TokenInfluenceRow;
import org.learningdynamics.recording.TokenRow;
import org.learningdynamics.recording.TokenText;

/** Run files with a row or more in every table, and with values that are hard to write. */
final class SampleRuns {
    static final String HOSTILE = "a \"quoted\", text\r\nof 二 lines\u2028\t<b> ";

    private static final double[] HARD = {
        Double.NaN,
        Double.NEGATIVE_INFINITY,
        Double.POSITIVE_INFINITY,
        Double.MIN_VALUE,
        -Double.MAX_VALUE,
        0.1,
        1.0 / 3,
        -1e-300,
        2.0E-3,
        Math.pow(2, -44),
        Math.pow(10, 23),
        Math.PI
    };

    private SampleRuns() {}

    static double hard(long i) {
        return HARD[(int) (i % HARD.length)];
    }

    /** Every table has rows. */
    static Path everything(Path file) {
        try (RunFileRecorder recorder = recorder(file, List.of("chosen", HOSTILE), 2)) {
            recorder.record(new ExampleRow(-5, "digest", HOSTILE));
            recorder.record(new ExampleRow(Long.MAX_VALUE, "", ""));
            for (long step = 0; step < 4; step++) {
                recorder.record(recording(step));
                recorder.record(new Metric(step, "rewards/margins", hard(step)));
                recorder.record(new Metric(step, HOSTILE, hard(step + 4)));
            }
            recorder.record(new AttributionRow(3, 0, "chosen", Double.NaN, 4));
            recorder.record(
                    new AttributionBlock(
                            new ScoredBlock(10, 0),
                            List.of(new AttributionRow(-5, 1, HOSTILE, 1.0 / 3, 1)),
                            List.of(new SelfInfluenceRow(-5, Double.NaN, 2))));
            recorder.record(new TokenText(10, HOSTILE));
            recorder.record(new ResponseTokens(0, "chosen", List.of(10, -3)));
            recorder.record(new ExampleResponse(3, "rejected", HOSTILE));
            recorder.record(new Event(3, Severity.ERROR, "code", HOSTILE));
        }
        return file;
    }

    /** A run with the reference's kinds; nothing is NaN. */
    static Path reference(Path file, int recordings, int probes) {
        try (RunFileRecorder recorder = recorder(file, ReferenceLayout.KINDS, probes)) {
            for (long step = 0; step < recordings; step++) {
                List<LikelihoodRow> rows = new ArrayList<>();
                List<TokenRow> tokens = new ArrayList<>();
                for (int probe = 0; probe < probes; probe++) {
                    for (String kind : ReferenceLayout.KINDS) {
                        rows.add(referenceRow(step, probe, kind));
                        tokens.add(new TokenRow(step, probe, kind, 0, -1, 10 + probe));
                    }
                    tokens.add(new TokenRow(step, probe, "chosen", 1, -1, 20 + probe));
                }
                recorder.record(new StepRecording(step(step), rows, tokens, List.of()));
            }
        }
        return file;
    }

    static LikelihoodRow referenceRow(long step, int probe, String kind) {
        double base = 100 + ReferenceLayout.KINDS.indexOf(kind) + step / 3.0 + probe / 7.0;
        return new LikelihoodRow(
                step, probe, kind, -base, -base / 3, -base * 2, base * 3, 1 / base, 2 / base, 1, 2);
    }

    private static RunFileRecorder recorder(Path file, List<String> kinds, int probes) {
        List<ProbeRow> probeRows = new ArrayList<>();
        List<ResponseRow> responses = new ArrayList<>();
        for (int probe = 0; probe < probes; probe++) {
            probeRows.add(new ProbeRow(probe, "d" + probe, "set", HOSTILE + probe));
            for (String kind : kinds) {
                responses.add(new ResponseRow(probe, kind, probe == 0 ? "" : HOSTILE, 2));
            }
        }
        RunHeader header =
                RunHeader.builder("run " + HOSTILE, Instant.parse("2026-01-02T03:04:05.678Z"))
                        .configuration(Map.of("beta", "0.1"))
                        .entry("note", HOSTILE)
                        .build();
        return RunFileRecorder.builder(file, header).probes(probeRows).responses(responses).build();
    }

    private static StepRow step(long step) {
        double rate = step == 0 ? Double.NaN : 1e-3 / step;
        return new StepRow(step, 10 * step, 1, 1_700_000_000_000L, Double.NaN, rate, 2.5, 1, 3);
    }

    private static StepRecording recording(long step) {
        List<LikelihoodRow> rows = new ArrayList<>();
        List<TokenRow> tokens = new ArrayList<>();
        List<ShiftRow> shifts = new ArrayList<>();
        for (int probe = 0; probe < 2; probe++) {
            for (String kind : List.of("chosen", HOSTILE)) {
                long i = 11 * step + 5L * probe + kind.length();
                rows.add(
                        new LikelihoodRow(
                                step,
                                probe,
                                kind,
                                hard(i),
                                hard(i + 1),
                                hard(i + 2),
                                hard(i + 3),
                                hard(i + 4),
                                hard(i + 5),
                                hard(i + 6),
                                2));
                tokens.add(new TokenRow(step, probe, kind, 0, hard(i), 7));
                shifts.add(new ShiftRow(step, probe, kind, hard(i), 1, 2, 3, 4, Double.NaN, 5));
            }
        }
        List<DistributionRow> distributions =
                List.of(
                        new DistributionRow(step, 0, HOSTILE, 0, 7, hard(step)),
                        new DistributionRow(step, 1, "chosen", 3, 8, Double.NEGATIVE_INFINITY));
        return new StepRecording(
                step(step), rows, tokens, distributions, List.of(), interactions(step, shifts));
    }

    private static Interactions interactions(long step, List<ShiftRow> shifts) {
        FloatMatrix matrix = FloatMatrix.of(1, 4, Float.NaN, Float.MIN_VALUE, -0.1f, 1e30f);
        return new Interactions(
                List.of(
                        new ResidualRow(
                                step, 0, "chosen", 3, Double.NaN, 2, Double.NaN, 4, Double.NaN, 5)),
                List.of(
                        new InfluenceBlock(step, "", "", InfluenceForm.UPDATE, matrix),
                        new InfluenceBlock(step, HOSTILE, "chosen", InfluenceForm.UPDATE, matrix)),
                List.of(new TokenInfluenceRow(step, 0, "chosen", 1, FloatMatrix.of(1, 1, 0.1f))),
                shifts,
                List.of(
                        new KernelRow(step, "trace", -1, "", -1, Double.NaN, Double.NaN),
                        new KernelRow(step, "trace", 0, "chosen", 0, 0.5, 0)),
                List.of(new KernelBlock(step, 0, 0, FloatMatrix.of(0, 0))));
    }
}
