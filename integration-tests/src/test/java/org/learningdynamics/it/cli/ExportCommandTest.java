package org.learningdynamics.it.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.StepRow;
import org.learningdynamics.samples.cli.Dynamics;

/** The verbs {@code export} and {@code import} as a script would call them. */
class ExportCommandTest {
    private static final int OK = 0;
    private static final int USAGE = 2;
    private static final int DATA = 3;
    private static final List<String> KINDS =
            List.of(
                    "chosen",
                    "chosen_initial",
                    "chosen_gptsemantic",
                    "chosen_gptformat",
                    "rejected",
                    "reject_gptsemantic",
                    "reject_gptformat",
                    "irr_train",
                    "irr_test",
                    "irr_hum",
                    "random_permute",
                    "random_nonhum");

    @TempDir private Path folder;
    private Path run;

    private record Outcome(int code, String out, String err) {}

    private static Outcome run(Object... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code =
                Dynamics.execute(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Stream.of(args).map(Object::toString).toArray(String[]::new));
        return new Outcome(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @BeforeEach
    void record() throws IOException {
        folder = folder.toRealPath();
        run = folder.resolve("run.ldyn");
        List<ResponseRow> responses = new ArrayList<>();
        KINDS.forEach(kind -> responses.add(new ResponseRow(0, kind, "text of " + kind, 4)));
        RunHeader header = RunHeader.builder("run", Instant.parse("2026-01-02T03:04:05Z")).build();
        try (RunFileRecorder recorder =
                RunFileRecorder.builder(run, header)
                        .probes(List.of(new ProbeRow(0, "digest", "set", "prompt")))
                        .responses(responses)
                        .build()) {
            for (int step = 0; step < 3; step++) {
                recorder.record(recording(step));
            }
        }
    }

    private static StepRecording recording(int step) {
        List<LikelihoodRow> rows = new ArrayList<>();
        for (String kind : KINDS) {
            double base = kind.length() + step / 3.0;
            rows.add(
                    new LikelihoodRow(
                            step, 0, kind, -2 * base, -base, -base, 9 * base, 0.5, 0.25, 1, 4));
        }
        StepRow row = new StepRow(step, 10L * step, 0, 1L, 0.5, 1e-3, 2, 3, 4);
        return new StepRecording(row, rows, List.of(), List.of());
    }

    @Test
    void aRunGoesOutAndComesBackTheSame() throws IOException {
        for (String format : List.of("csv", "jsonl")) {
            Path out = folder.resolve(format);
            Outcome exported = run("export", run, "--format", format, "--out", out);
            assertEquals(OK, exported.code(), exported.err());
            List<String> files = exported.out().lines().toList();
            assertEquals(5, files.size(), exported.out());
            assertTrue(files.contains(out.resolve("likelihood." + format).toString()));
            Path again = folder.resolve(format + ".ldyn");
            Outcome imported = run("import", out, "--out", again);
            assertEquals(OK, imported.code(), imported.err());
            assertEquals(again + "\n", imported.out());
            RunFileReader first = RunFileReader.open(run);
            RunFileReader second = RunFileReader.open(again);
            assertEquals(first.header(), second.header());
            assertEquals(first.steps(), second.steps());
            assertEquals(first.likelihoods(RowFilter.ALL), second.likelihoods(RowFilter.ALL));
        }
    }

    @Test
    void theReferencesFilesAreWrittenReadAndDrawn() throws IOException {
        Path out = folder.resolve("reference");
        assertEquals(OK, run("export", run, "--format", "reference", "--out", out).code());
        Path array = out.resolve("logp_npy_all_chosen.npy");
        assertEquals(128 + 3 * 28 * 8, Files.size(array));
        for (Path file : List.of(array, out.resolve("prob_train_metrics.json"))) {
            Path again = folder.resolve(file.getFileName() + ".ldyn");
            Outcome imported =
                    run(
                            "import",
                            file,
                            "--out",
                            again,
                            "--shared-rows",
                            "of_chosen",
                            "--iterations-per-recording",
                            10);
            assertEquals(OK, imported.code(), imported.err());
            assertEquals(20, RunFileReader.open(again).steps().get(2).iteration());
            Path page = folder.resolve(file.getFileName() + ".html");
            Outcome report = run("report", again, "--out", page);
            assertEquals(OK, report.code(), report.err());
            assertTrue(Files.readString(page).contains("chosen_gptsemantic"));
        }
    }

    @Test
    void arraysAreWritten() {
        Outcome exported = run("export", run, "--format", "npy", "--out", folder.resolve("npy"));
        assertEquals(OK, exported.code(), exported.err());
        assertTrue(exported.out().contains("likelihood.log_prob.npy"), exported.out());
    }

    @Test
    void errorsAreOneLineAndHaveTheirCodes() throws IOException {
        Path out = Files.createDirectory(folder.resolve("there"));
        Outcome there = run("export", run, "--format", "csv", "--out", out);
        assertEquals(DATA, there.code());
        assertEquals("dynamics: " + out + ": exists already; give a new folder\n", there.err());
        Outcome none = run("export", folder.resolve("no"), "--format", "csv", "--out", "x");
        assertEquals(DATA, none.code(), none.err());
        assertEquals(USAGE, run("export", run, "--format", "xml", "--out", "x").code());
        Path bad = Files.writeString(folder.resolve("header.csv"), "key,value\r\nrun\r\n");
        Outcome refused = run("import", bad, "--out", folder.resolve("new.ldyn"));
        assertEquals(DATA, refused.code());
        assertTrue(
                refused.err()
                        .endsWith("dynamics: " + bad + ":2: record must have 2 fields, got 1\n"),
                refused.err());
        assertFalse(Files.exists(folder.resolve("new.ldyn")));
        Outcome missing = run("import", folder.resolve("no.npy"), "--out", "x.ldyn");
        assertEquals(DATA, missing.code());
        assertTrue(missing.err().endsWith("no.npy: no such file\n"), missing.err());
    }
}
