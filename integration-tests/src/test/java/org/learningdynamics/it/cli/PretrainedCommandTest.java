package org.learningdynamics.it.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.lm.pretrained.PretrainedModel;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.samples.cli.Dynamics;
import org.nd4j.linalg.api.buffer.DataType;

/** {@code dynamics train --model DIR} on checkpoints as Python's libraries write them. */
class PretrainedCommandTest {
    private static final int OK = 0;
    private static final int USAGE = 2;
    private static final int DATA = 3;

    @TempDir Path folder;

    private record Outcome(int code, String out, String err) {}

    private static Outcome run(Object... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String[] texts = Arrays.stream(args).map(Object::toString).toArray(String[]::new);
        int code =
                Dynamics.execute(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        texts);
        return new Outcome(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private Path pairs() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            lines.append(
                    "{\"prompt\":\"what is %d?\",\"chosen\":\"%d\",\"rejected\":\"none\"}\n"
                            .formatted(i, i));
        }
        return Files.writeString(folder.resolve("pairs.jsonl"), lines);
    }

    private Outcome train(Path model, Path data, Object... more) {
        List<Object> args =
                new ArrayList<>(List.of("train", "--model", model, "--data", data, "--out", out()));
        args.addAll(List.of("--max-length", 64, "--max-prompt-length", 48, "--batch", 4));
        args.addAll(List.of("--probe-count", 3, "--learning-rate", "1e-2"));
        args.addAll(List.of(more));
        return run(args.toArray());
    }

    private Path out() {
        return folder.resolve("run");
    }

    @ParameterizedTest
    @EnumSource(SmallCheckpoint.class)
    void trainsRecordsAndWritesBackEveryFamily(SmallCheckpoint family) throws IOException {
        Path model = family.write(folder.resolve("model"));
        Outcome trained = train(model, pairs(), "--method", "sft,dpo", "--steps", "4,3");
        assertEquals(OK, trained.code(), trained.err());
        Path dpo = out().resolve("2-dpo.ldyn");
        assertEquals(Math.log(2), RunFileReader.open(dpo).metrics("loss").get(0).value(), 1e-6);
        assertEquals(5, RunFileReader.open(out().resolve("1-sft.ldyn")).steps().size());
        try (DecoderModel before = PretrainedModel.load(model, DataType.FLOAT);
                DecoderModel after = PretrainedModel.load(out().resolve("model"), DataType.FLOAT)) {
            assertEquals(before.config(), after.config());
            assertNotEquals(before.parameters(), after.parameters());
        }
        Path measured = folder.resolve("probe.ldyn");
        Path probes =
                Files.writeString(
                        folder.resolve("probes.jsonl"),
                        "{\"prompt\":\"what is 3?\",\"chosen\":\"3\",\"other\":\"a long one\"}\n");
        Outcome probed =
                run(
                        "probe",
                        "--model",
                        out().resolve("model"),
                        "--probes",
                        probes,
                        "--out",
                        measured);
        assertEquals(OK, probed.code(), probed.err());
        assertEquals(2, RunFileReader.open(measured).likelihoods(RowFilter.ALL).size());
    }

    @Test
    void trainsAdaptersAgainstTheModelWithoutThem() throws IOException {
        Path model = SmallCheckpoint.QWEN2.write(folder.resolve("model"));
        Outcome trained =
                train(
                        model,
                        pairs(),
                        "--method",
                        "sft,dpo",
                        "--steps",
                        "4,3",
                        "--lora-rank",
                        2,
                        "--lora-targets",
                        "query,value,down",
                        "--reference",
                        "base");
        assertEquals(OK, trained.code(), trained.err());
        long adapters = 2 * (2 * (16 + 16) + 2 * (16 + 8) + 2 * (24 + 16));
        assertTrue(trained.err().contains(adapters + " trained parameters"), trained.err());
        Path dpo = out().resolve("2-dpo.ldyn");
        assertNotEquals(Math.log(2), RunFileReader.open(dpo).metrics("loss").get(0).value(), 1e-4);
        try (DecoderModel before = PretrainedModel.load(model, DataType.FLOAT);
                DecoderModel merged = PretrainedModel.load(out().resolve("model"), DataType.FLOAT);
                DecoderModel adapted =
                        before.withAdapters(out().resolve("model/adapter.safetensors"))) {
            int[][] ids = {{7, 100, 33, 90}};
            assertTrue(adapted.logits(ids).equalsWithEps(merged.logits(ids), 1e-4));
            assertFalse(before.logits(ids).equalsWithEps(merged.logits(ids), 1e-3));
            assertEquals(
                    before.parameters().get("block0/attention/wk"),
                    merged.parameters().get("block0/attention/wk"));
        }
    }

    @Test
    void writesConversationsByTheModelsTemplate() throws IOException {
        Path model = SmallCheckpoint.QWEN2.write(folder.resolve("model"));
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            lines.append(
                    """
                    {"prompt":[{"role":"user","content":"%d?"}],\
                    "chosen":[{"role":"assistant","content":"%d"}],\
                    "rejected":[{"role":"assistant","content":"no"}]}
                    """
                            .formatted(i, i));
        }
        Path data = Files.writeString(folder.resolve("chat.jsonl"), lines);
        Outcome trained = train(model, data, "--method", "sft", "--steps", 2);
        assertEquals(OK, trained.code(), trained.err());
        String prompt = RunFileReader.open(out().resolve("1-sft.ldyn")).probes().get(0).prompt();
        assertTrue(
                prompt.matches(
                        "<\\|im_start\\|>user\\n\\d\\?<\\|im_end\\|>\\n<\\|im_start\\|>assistant\\n"),
                prompt);
    }

    @Test
    void saysInOneLineWhatIsWrong() throws IOException {
        Path model = SmallCheckpoint.GPT2.write(folder.resolve("model"));
        Path data = pairs();
        assertFailure(
                USAGE,
                "reference must be start or live without --lora-rank, got base",
                train(model, data, "--method", "dpo", "--reference", "base"));
        assertFailure(
                USAGE,
                "targets must be among query_key_value, attention_output, up, down for this"
                        + " model, got gate",
                train(model, data, "--method", "dpo", "--lora-rank", 2, "--lora-targets", "gate"));
        assertFailure(
                USAGE,
                "lora-rank must be given with lora-alpha and lora-targets, is not",
                train(model, data, "--method", "dpo", "--lora-alpha", 2));
        Files.delete(model.resolve("tokenizer.json"));
        assertFailure(DATA, "tokenizer.json", train(model, data, "--method", "dpo"));
        Files.delete(model.resolve("model.safetensors"));
        assertFailure(
                DATA,
                model + ": no model here, model.safetensors is missing",
                train(model, data, "--method", "dpo"));
    }

    private static void assertFailure(int code, String message, Outcome outcome) {
        assertEquals(code, outcome.code(), outcome.err());
        assertTrue(outcome.err().contains(message), outcome.err());
        assertFalse(outcome.err().contains("\tat "), outcome.err());
    }
}
