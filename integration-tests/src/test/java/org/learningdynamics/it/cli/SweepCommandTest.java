package org.learningdynamics.it.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.samples.cli.Dynamics;
import org.learningdynamics.sweep.record.CandidateState;
import org.learningdynamics.sweep.record.ResultRow;
import org.learningdynamics.sweep.record.SweepFile;

/** Sweeps from the command line, by the configuration that docs/sweeps.md shows. */
class SweepCommandTest {
    private static final Path DOCUMENT = Path.of("../docs/sweeps.md");

    @TempDir private Path folder;

    private record Outcome(int code, String out, String err) {}

    private static Outcome run(Object... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code =
                Dynamics.execute(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        java.util.Arrays.stream(args).map(Object::toString).toArray(String[]::new));
        return new Outcome(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** The first JSON block of the document. */
    static String documented() throws IOException {
        String text = Files.readString(DOCUMENT);
        int from = text.indexOf("```json\n") + 8;
        return text.substring(from, text.indexOf("```", from));
    }

    @BeforeEach
    void writePairs() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 24; i++) {
            lines.append(
                    "{\"prompt\":\"what is %d ?\",\"chosen\":\"it is %d .\",\"rejected\":\"no .\"}\n"
                            .formatted(i, i));
        }
        Files.writeString(folder.resolve("pairs.jsonl"), lines);
    }

    private Path config(String text) throws IOException {
        return Files.writeString(folder.resolve("config.json"), text);
    }

    @Test
    void runsTheDocumentedExampleAndGoesOnWithWiderLimits() throws IOException {
        // As documented, but smaller: the numbers of updates and of candidates.
        String small =
                documented()
                        .replaceFirst("\"steps\": \\d+", "\"steps\": 4")
                        .replaceFirst("\"width\": \\d+", "\"width\": 16")
                        .replaceFirst("\"max_candidates\": \\d+", "\"max_candidates\": 1")
                        .replaceFirst("\"values\": \\[0, .*\\]", "\"values\": [0, 2]");
        Path out = folder.resolve("out");
        Outcome first = run("sweep", config(small), "--out", out);
        assertEquals(0, first.code(), first.err());
        assertEquals(1, SweepFile.read(out).results().size());
        String more = small.replace("\"max_candidates\": 1", "\"max_candidates\": 2");
        Outcome second = run("sweep", config(more), "--out", out, "--workers", 2);
        assertEquals(0, second.code(), second.err());
        SweepFile file = SweepFile.read(out);
        assertEquals(2, file.results().size());
        for (ResultRow row : file.results()) {
            assertEquals(CandidateState.DONE, row.state(), row.cause());
        }
        String best = "best " + file.best().orElseThrow().index() + ": preference_accuracy";
        assertTrue(second.err().contains(best), second.err());
        assertTrue(second.out().contains("2 candidates, 2 scored"), second.out());
        assertTrue(Files.exists(out.resolve(file.results().get(0).runs().get(0))));
        String page = Files.readString(out.resolve("report.html"));
        Outcome drawn = run("report", out, "--out", folder.resolve("again.html"));
        assertEquals(0, drawn.code(), drawn.err());
        assertEquals(page, Files.readString(folder.resolve("again.html")));
    }

    @Test
    void whatIsWrongHasALineAndAnExitCode() throws IOException {
        String text = documented();
        Map<String, String> wrong =
                Map.of(
                        text.replace("\"seed\"", "\"sead\""), "config.json:3: sead: ",
                        text.replace("BooleanSpace", "Runtime"), "@class must be one of [",
                        text.replace("\"pairs\"", "\"pears\""), "unknown key \"pears\"",
                        text.replace("pairs.jsonl", "none.jsonl"), "none.jsonl",
                        text.replace("\"preference_accuracy\"", "\"oracle_win_rate\""),
                                "scores must be among [");
        for (Map.Entry<String, String> one : wrong.entrySet()) {
            Outcome outcome = run("sweep", config(one.getKey()), "--out", folder.resolve("wrong"));
            assertEquals(
                    outcome.err().contains("none.jsonl") ? 3 : 2, outcome.code(), outcome.err());
            assertTrue(outcome.err().contains(one.getValue()), outcome.err());
        }
    }

    @Test
    void refusesToMixTwoSweepsInOneFolder() throws IOException {
        Path out = Files.createDirectory(folder.resolve("out"));
        Files.writeString(
                out.resolve("sweep.jsonl"),
                "{\"record\":\"sweep\",\"format\":1,\"name\":\"n\",\"identity\":\"other\","
                        + "\"library_version\":\"1\",\"created_at\":\"2026-01-01T00:00:00Z\","
                        + "\"parameters\":[],\"scores\":[{\"name\":\"a\",\"goal\":\"maximize\","
                        + "\"unit\":\"\"}],\"configuration\":\"\"}\n");
        Outcome outcome = run("sweep", config(documented()), "--out", out);
        assertEquals(3, outcome.code(), outcome.err());
        assertTrue(outcome.err().contains("give another folder"), outcome.err());
        assertEquals(List.of(), SweepFile.read(out).results());
    }
}
