package org.learningdynamics.it.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.samples.cli.Dynamics;

/** Trainings like the paper's from the command line, interrupted and resumed. */
class ResumeCommandTest {
    private static final int OK = 0;

    @TempDir Path folder;
    private Path pairs;

    private record Outcome(int code, String out, String err) {
        /** What a user reads of a failure. */
        String error() {
            return err.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
        }
    }

    @BeforeEach
    void writePairs() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            lines.append(
                    "{\"prompt\":\"what is %d ?\",\"chosen\":\"it is %d .\",\"rejected\":\"no .\"}\n"
                            .formatted(i, i));
        }
        pairs = Files.writeString(folder.resolve("pairs.jsonl"), lines);
    }

    private Outcome train(String out, Object... more) {
        List<Object> args = new ArrayList<>(List.of("train", "--data", pairs));
        args.addAll(List.of("--out", folder.resolve(out), "--method", "sft,dpo"));
        args.addAll(List.of("--steps", "4,5", "--batch", 4, "--width", 16, "--layers", 1));
        args.addAll(List.of("--heads", 2, "--max-length", 32, "--max-prompt-length", 16));
        args.addAll(List.of("--optimizer", "adamw", "--weight-decay", 0.1, "--warm-up", 2));
        args.addAll(List.of("--accumulate", 2, "--max-grad-norm", 1));
        args.addAll(List.of(more));
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        int code =
                Dynamics.execute(
                        new PrintStream(outBytes, true, StandardCharsets.UTF_8),
                        new PrintStream(errBytes, true, StandardCharsets.UTF_8),
                        args.stream().map(Object::toString).toArray(String[]::new));
        return new Outcome(
                code,
                outBytes.toString(StandardCharsets.UTF_8),
                errBytes.toString(StandardCharsets.UTF_8));
    }

    /** As if the process had ended after the fourth update of the second stage. */
    private void forgetTheEnd() throws IOException {
        Files.delete(folder.resolve("run/2-dpo-states/trained.safetensors"));
    }

    @Test
    void anInterruptedTrainingGoesOnAndEndsInTheSameModel() throws IOException {
        Path cache = folder.resolve("reference.safetensors");
        Object[] options = {"--save-every", 2, "--reference-cache", cache};
        Outcome whole = train("run", options);
        assertEquals(OK, whole.code(), whole.err());
        byte[] model = Files.readAllBytes(folder.resolve("run/model/model.safetensors"));
        RunFileReader dpo = RunFileReader.open(folder.resolve("run/2-dpo.ldyn"));
        assertEquals(5, dpo.metrics("gradient_norm").size());
        forgetTheEnd();
        Outcome resumed = train("run", "--save-every", 2, "--reference-cache", cache, "--resume");
        assertEquals(OK, resumed.code(), resumed.err());
        assertArrayEquals(model, Files.readAllBytes(folder.resolve("run/model/model.safetensors")));
        assertEquals(
                5, RunFileReader.open(folder.resolve("run/2-dpo.ldyn")).metrics("loss").size());
        assertTrue(
                RunFileReader.open(folder.resolve("run/2-dpo.ldyn")).events().stream()
                        .anyMatch(event -> event.code().equals("resumed")));

        forgetTheEnd();
        Outcome other = train("run", "--save-every", 2, "--resume", "--beta", 0.2);
        assertTrue(other.code() != OK);
        assertTrue(other.err().contains("beta must be 0.1 to resume "), other.err());
        Outcome stale = train("second", "--reference-cache", cache, "--seed", 7);
        assertTrue(stale.code() != OK);
        assertTrue(stale.err().contains(" is stale: its "), stale.err());
    }

    @Test
    void whatCannotBeIsSaidInALine() {
        assertError("microBatches must be at most batchSize = 4, got 5", "--accumulate", 5);
        assertError("maxGradientNorm must be > 0, got 0.0", "--max-grad-norm", 0);
        assertError(
                "weightDecay must be 0 but with optimizer adamw, got 0.1",
                "--optimizer",
                "torch_rmsprop");
    }

    private void assertError(String message, Object... option) {
        List<Object> more = new ArrayList<>(List.of(option));
        Outcome outcome = trainOverriding(more);
        assertTrue(outcome.code() != OK);
        assertTrue(outcome.error().contains(message), outcome.err());
    }

    /** An option given twice is an error, so the first is left out. */
    private Outcome trainOverriding(List<Object> more) {
        List<Object> args = new ArrayList<>(List.of("train", "--data", pairs));
        args.addAll(List.of("--out", folder.resolve("bad"), "--method", "sft", "--batch", 4));
        args.addAll(List.of("--weight-decay", 0.1));
        if (!more.contains("--optimizer")) {
            args.addAll(List.of("--optimizer", "adamw"));
        }
        args.addAll(more);
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        int code =
                Dynamics.execute(
                        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                        new PrintStream(errBytes, true, StandardCharsets.UTF_8),
                        args.stream().map(Object::toString).toArray(String[]::new));
        return new Outcome(code, "", errBytes.toString(StandardCharsets.UTF_8));
    }
}
