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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.recording.AttributionRow;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.samples.cli.Dynamics;

/** From training with checkpoints to the ranking of the whole data set, as a script would do it. */
class CheckpointCommandTest {
    private static final int OK = 0;
    private static final int USAGE = 2;
    private static final int DATA = 3;
    private static final int PAIRS = 6;

    @TempDir private Path folder;
    private Path pairs = Path.of("");
    private Path probes = Path.of("");

    private record Outcome(int code, String out, String err) {}

    private static Outcome run(List<Object> args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code =
                Dynamics.execute(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        args.stream().map(Object::toString).toArray(String[]::new));
        return new Outcome(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @BeforeEach
    void write() throws IOException {
        StringBuilder learnt = new StringBuilder();
        StringBuilder watched = new StringBuilder();
        for (int i = 0; i < PAIRS; i++) {
            String fields = "\"prompt\":\"what is %d ?\",\"chosen\":\"it is %d .\"".formatted(i, i);
            learnt.append("{" + fields + ",\"rejected\":\"no idea .\"}\n");
            watched.append(i < 2 ? "{" + fields + ",\"other\":\"never .\"}\n" : "");
        }
        pairs = Files.writeString(folder.resolve("pairs.jsonl"), learnt);
        probes = Files.writeString(folder.resolve("probes.jsonl"), watched);
    }

    private Path checkpoints() {
        Path out = folder.resolve("run");
        List<Object> args =
                List.of(
                        "train",
                        "--data",
                        pairs,
                        "--probes",
                        probes,
                        "--out",
                        out,
                        "--method",
                        "dpo",
                        "--steps",
                        4,
                        "--checkpoint-every",
                        2,
                        "--width",
                        16,
                        "--layers",
                        1,
                        "--heads",
                        2,
                        "--batch",
                        4);
        Outcome trained = run(args);
        assertEquals(OK, trained.code(), trained.err());
        return out.resolve("1-dpo-checkpoints");
    }

    private Outcome score(Path file, Path checkpoints, String method, Object... more) {
        List<Object> args =
                new ArrayList<>(
                        List.of(
                                "influence",
                                file,
                                "--kind",
                                "chosen",
                                "--checkpoints",
                                checkpoints,
                                "--data",
                                pairs,
                                "--probes",
                                probes,
                                "--method",
                                method));
        args.addAll(List.of(more));
        return run(args);
    }

    private static List<AttributionRow> rows(Path file) {
        List<AttributionRow> rows = new ArrayList<>();
        RunFileReader.open(file).interactions().forEachAttribution(rows::add);
        return rows;
    }

    @Test
    void ranksTheWholeDataSetAndPrintsItAgainWithoutTheJob() {
        Path checkpoints = checkpoints();
        Path file = folder.resolve("influence.ldyn");
        Outcome scored = score(file, checkpoints, "dpo", "--top", 3, "--block", 4);
        assertEquals(OK, scored.code(), scored.err());
        assertTrue(
                scored.out()
                        .startsWith(
                                "kind chosen, 2 responses; nats; 3 of 3 checkpoints, 6 of 6"
                                        + " examples scored (100.0 %)\n"
                                        + "first order at the checkpoints, exact, layers all\n"),
                scored.out());
        assertTrue(scored.out().contains("raised it most, an occurrence"), scored.out());
        assertTrue(scored.err().contains("blocks of examples"), scored.err());
        assertEquals(PAIRS * 4, rows(file).size());
        Outcome again = run(List.of("influence", file, "--kind", "chosen", "--top", 3));
        assertEquals(scored.out(), again.out(), again.err());
        List<AttributionRow> before = rows(file);
        assertEquals(scored.out(), score(file, checkpoints, "dpo", "--top", 3, "--block", 4).out());
        assertEquals(before, rows(file));
    }

    @Test
    void namesAProjectionAndItsError() {
        Path file = folder.resolve("influence.ldyn");
        Outcome scored =
                score(
                        file,
                        checkpoints(),
                        "dpo",
                        "--project",
                        200,
                        "--layers",
                        "block0/attention",
                        "--cosine");
        assertEquals(OK, scored.code(), scored.err());
        assertTrue(
                scored.out()
                        .contains(
                                "first order at the checkpoints, projected (sparse-signs"
                                        + " dimension=200 seed=42, standard error 0.100 of the"
                                        + " norms), layers block0/attention\n"),
                scored.out());
        assertTrue(scored.out().contains("2 responses; cosines of gradients;"), scored.out());
    }

    @Test
    void saysWhatIsWrongWithTheInput() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        Path file = folder.resolve("influence.ldyn");
        assertRefused(
                DATA,
                empty + ": must hold checkpoints (*.safetensors), has none",
                score(file, empty, "dpo"));
        Path checkpoints = checkpoints();
        assertRefused(
                USAGE,
                "loss must be one of single examples, got kto",
                score(file, checkpoints, "kto"));
        assertRefused(
                USAGE,
                "method sft takes no reference, got one",
                score(file, checkpoints, "sft", "--reference", pairs));
        assertRefused(
                USAGE, "layers must be among [", score(file, checkpoints, "dpo", "--layers", "no"));
        Files.delete(checkpoints.resolve("tokenizer.json"));
        assertRefused(DATA, "must know the tokenizer's 258 ids", score(file, checkpoints, "dpo"));
        assertFalse(Files.exists(file), "a wrong call must leave nothing behind");
        Outcome alone =
                run(List.of("influence", file, "--kind", "chosen", "--checkpoints", checkpoints));
        assertRefused(USAGE, "--data=FILE", alone);
    }

    private static void assertRefused(int code, String problem, Outcome outcome) {
        assertEquals(code, outcome.code(), outcome.err());
        assertTrue(outcome.err().contains(problem), outcome.err());
        assertFalse(outcome.out().contains("raised it most"), outcome.out());
    }
}
