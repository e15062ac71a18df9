package org.learningdynamics.it.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
import org.learningdynamics.samples.cli.Dynamics;

/** The verb {@code influence} as a script would call it. */
class InfluenceCommandTest {
    private static final int OK = 0;
    private static final int USAGE = 2;
    private static final int DATA = 3;

    @TempDir private Path folder;

    private record Outcome(int code, String out, String err) {}

    private static Outcome run(Object... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String[] texts = new String[args.length];
        for (int i = 0; i < args.length; i++) {
            texts[i] = args[i].toString();
        }
        int code =
                Dynamics.execute(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        texts);
        return new Outcome(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /**
     * Two recorded updates of ten; example 11 is learnt twice. Columns: chosen and rejected of
     * probe 0, then of probe 1.
     */
    private Path recorded() {
        Path path = folder.resolve("run.ldyn");
        try (RunFileRecorder recorder = recorder(path)) {
            recorder.record(new ExampleRow(11, "d", "how \"far\",\n\tis it ?"));
            recorder.record(new ExampleRow(12, "d", "a long way ".repeat(9)));
            recorder.record(new ExampleRow(13, "d", "never learnt"));
            recorder.record(step(1, 5, 11, 12, 0.5f, 0.25f, 1, 1, -2, -0.5f, -1, -1));
            recorder.record(step(2, 10, 11, 14, 0.25f, 0.25f, 0.5f, 0, 1.5f, 0, 1.5f, 0));
        }
        return path;
    }

    private static RunFileRecorder recorder(Path path) {
        List<ProbeRow> probes = new ArrayList<>();
        List<ResponseRow> responses = new ArrayList<>();
        for (int probe = 0; probe < 2; probe++) {
            probes.add(new ProbeRow(probe, "d" + probe, "set", "p"));
            responses.add(new ResponseRow(probe, "chosen", "yes", 1));
            responses.add(new ResponseRow(probe, "rejected", "no", 1));
        }
        return RunFileRecorder.builder(path, RunHeader.builder("run", Instant.EPOCH).build())
                .probes(probes)
                .responses(responses)
                .build();
    }

    private static StepRecording step(
            long step, long iteration, long first, long second, float... values) {
        List<ShiftRow> shifts = new ArrayList<>();
        for (int o = 0; o < 4; o++) {
            String kind = o % 2 == 0 ? "chosen" : "rejected";
            shifts.add(new ShiftRow(step, o / 2, kind, o + step, o, 0, 0, 0, 0, 0.5 * o));
        }
        InfluenceBlock block =
                new InfluenceBlock(
                        step, "", "", InfluenceForm.UPDATE, FloatMatrix.of(2, 4, values));
        InfluenceBlock head =
                new InfluenceBlock(
                        step, "head", "", InfluenceForm.UPDATE, FloatMatrix.of(2, 4, new float[8]));
        Interactions interactions =
                new Interactions(
                        List.of(
                                new ResidualRow(step, 0, "response", first, -1, 1, 1, 1, 0.75, 3),
                                new ResidualRow(step, 1, "response", second, -1, 1, 1, 1, 0.5, 3)),
                        List.of(block, head),
                        List.of(),
                        shifts,
                        List.of(),
                        List.of());
        return new StepRecording(
                new StepRow(step, iteration, 0, 0, 0.5, 0.1, 1, 1, 1),
                List.of(),
                List.of(),
                List.of(),
                interactions);
    }

    @Test
    void ranksExamplesByInfluenceAnOccurrence() {
        Outcome ranked = run("influence", recorded(), "--kind", "chosen");
        assertEquals(OK, ranked.code(), ranked.err());
        assertEquals(
                """
                kind chosen, 2 responses; nats; 2 of 10 updates recorded (20.0 %), 3 examples seen, 3 known
                predicted against actual changes over 2 recordings: median Spearman 1.000, slope 0.500, R2 -17.000, remainder 2.482

                raised it most, an occurrence:
                rank     example         total  occurrences  per occurrence  prompt
                   1          14         1.500            1           1.500
                   2          11         1.125            2          0.5625  how "far", is it ?

                lowered it most, an occurrence:
                rank     example         total  occurrences  per occurrence  prompt
                   1          12        -1.500            1          -1.500  a long way a long way a long way a long way a long way a lo…
                """,
                ranked.out());
    }

    @Test
    void looksAtOneProbeAndOneLayer() {
        Path path = recorded();
        Outcome one = run("influence", path, "--kind", "rejected", "--probe", 1, "--by", "total");
        assertEquals(OK, one.code(), one.err());
        assertTrue(one.out().startsWith("kind rejected, probes [1], 1 responses;"), one.out());
        assertTrue(one.out().contains("raised it most, in total:"), one.out());
        assertTrue(one.out().contains("   1          11         1.000"), one.out());
        Outcome head = run("influence", path, "--kind", "chosen", "--layer", "head");
        assertTrue(head.out().contains("raised it most, an occurrence: none"), head.out());
        Outcome top = run("influence", path, "--kind", "chosen", "--top", 1);
        assertFalse(top.out().contains("how"), top.out());
    }

    @Test
    void writesCommaSeparatedValuesAloneToStandardOutput() {
        Outcome csv = run("influence", recorded(), "--kind", "chosen", "--format", "csv");
        assertEquals(OK, csv.code(), csv.err());
        assertEquals(
                "effect,rank,example,total,occurrences,per_occurrence,self_influence,prompt\n"
                        + "raised,1,14,1.5,1,1.5,0.5,\"\"\n"
                        + "raised,2,11,1.125,2,0.5625,1.5,\"how \"\"far\"\",\n\tis it ?\"\n"
                        + "lowered,1,12,-1.5,1,-1.5,0.5,\""
                        + "a long way ".repeat(9)
                        + "\"\n",
                csv.out());
        assertTrue(csv.err().contains("2 of 10 updates recorded"), csv.err());
        assertTrue(csv.err().contains("median Spearman"), csv.err());
    }

    @Test
    void saysWhatARunLacks() {
        Path empty = folder.resolve("empty.ldyn");
        recorder(empty).close();
        Outcome refused = run("influence", empty, "--kind", "chosen");
        assertEquals(DATA, refused.code(), refused.err());
        assertTrue(
                refused.err()
                        .contains(
                                "empty.ldyn: holds no influences; train again with --influence, or"
                                        + " with a listener that is built with"
                                        + " influence(InfluenceOptions)"),
                refused.err());
        assertEquals("", refused.out());
    }

    @Test
    void refusesWhatIsNotInTheRun() {
        Path path = recorded();
        refuses("kind must be one of [chosen, rejected], got other", path, "--kind", "other");
        refuses(
                "probe must be a probe of the run with kind chosen, got 7",
                path,
                "--kind",
                "chosen",
                "--probe",
                7);
        refuses(
                "probe must be \"all\" or a probe's id, got x",
                path,
                "--kind",
                "chosen",
                "--probe",
                "x");
        refuses(
                "layer must be one that the run recorded, [head], or be left out, got \"tail\"",
                path,
                "--kind",
                "chosen",
                "--layer",
                "tail");
        refuses(
                "part must be one that the run recorded, [], or be left out, got \"rejected\"",
                path,
                "--kind",
                "chosen",
                "--part",
                "rejected");
        refuses("top must be >= 1, got 0", path, "--kind", "chosen", "--top", 0);
    }

    private static void refuses(String problem, Object... args) {
        List<Object> all = new ArrayList<>(List.of("influence"));
        all.addAll(List.of(args));
        Outcome refused = run(all.toArray());
        assertEquals(USAGE, refused.code(), refused.err());
        assertTrue(refused.err().contains(problem), refused.err());
    }
}
