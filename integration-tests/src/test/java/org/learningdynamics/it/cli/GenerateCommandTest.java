package org.learningdynamics.it.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.samples.cli.Dynamics;

/** {@code dynamics generate} as a script would call it. */
class GenerateCommandTest {
    private static final int OK = 0;
    private static final int USAGE = 2;
    private static final int DATA = 3;
    private static final Path QWEN2 =
            Path.of("../plugin/src/test/resources/org/learningdynamics/lm/pretrained/qwen2-tied");

    @TempDir static Path folder;
    private static Path model;
    private static Path prompts;

    private record Outcome(int code, String out, String err) {}

    @BeforeAll
    static void train() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 24; i++) {
            lines.append(
                    "{\"prompt\":\"what is %d ?\",\"chosen\":\"it is %d .\",\"rejected\":\"no idea .\"}\n"
                            .formatted(i, i));
        }
        prompts = Files.writeString(folder.resolve("pairs.jsonl"), lines);
        Outcome trained =
                run(
                        "train",
                        "--data",
                        prompts,
                        "--out",
                        folder.resolve("run"),
                        "--width",
                        16,
                        "--layers",
                        1,
                        "--heads",
                        2,
                        "--max-length",
                        32,
                        "--max-prompt-length",
                        16,
                        "--batch",
                        4,
                        "--method",
                        "sft",
                        "--steps",
                        40,
                        "--learning-rate",
                        0.01);
        assertEquals(OK, trained.code(), trained.err());
        model = folder.resolve("run/model");
    }

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

    private static Outcome generate(Object... more) {
        List<Object> args = new ArrayList<>(List.of("generate", "--model", model));
        args.addAll(List.of(more));
        return run(args.toArray());
    }

    private static List<JsonObject> answers(String text) {
        return text.lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
    }

    @Test
    void answersAPromptOnStandardOutput() {
        Outcome outcome = generate("--prompt", "what is 3 ?", "--max-new-tokens", 2);
        assertEquals(OK, outcome.code(), outcome.err());
        JsonObject answer = answers(outcome.out()).get(0);
        assertEquals("what is 3 ?", answer.get("prompt").getAsString());
        assertEquals("it is", answer.get("completion").getAsString());
        assertEquals(2, answer.get("tokens").getAsInt());
        assertEquals("length", answer.get("finish").getAsString());
        Outcome cut = generate("--prompt", "what is 3 ?", "--max-new-tokens", 8, "--stop", " is");
        assertEquals("it", answers(cut.out()).get(0).get("completion").getAsString());
        assertEquals("stop_text", answers(cut.out()).get(0).get("finish").getAsString());
    }

    @Test
    void drawsSeveralAnswersToAFileTheSameForASeed() throws IOException {
        Path first = folder.resolve("first.jsonl");
        Path second = folder.resolve("second.jsonl");
        for (Path out : List.of(first, second)) {
            Outcome outcome =
                    generate(
                            "--data",
                            prompts,
                            "--limit",
                            3,
                            "--samples",
                            2,
                            "--temperature",
                            1.5,
                            "--top-p",
                            0.9,
                            "--max-new-tokens",
                            6,
                            "--seed",
                            5,
                            "--out",
                            out);
            assertEquals(OK, outcome.code(), outcome.err());
        }
        assertEquals(Files.readString(first), Files.readString(second));
        List<JsonObject> answers = answers(Files.readString(first));
        assertEquals(6, answers.size());
        assertEquals(2, answers.get(2).get("id").getAsLong());
        assertEquals(1, answers.get(2).get("sample").getAsInt());
        Outcome again = generate("--data", prompts, "--out", first);
        assertEquals(DATA, again.code());
        assertEquals("dynamics: " + first + ": exists already; give a new file\n", again.err());
    }

    @Test
    void pairsOfAnswersTrainTheModelOn() {
        Path pairs = folder.resolve("on-policy.jsonl");
        Outcome drawn =
                generate(
                        "--data",
                        prompts,
                        "--pairs",
                        "--reference",
                        model,
                        "--temperature",
                        2,
                        "--max-new-tokens",
                        6,
                        "--out",
                        pairs);
        assertEquals(OK, drawn.code(), drawn.err());
        assertTrue(drawn.out().matches("\\d+ pairs, \\d+ ties skipped: .*\n"), drawn.out());
        Outcome trained =
                run(
                        "train",
                        "--data",
                        pairs,
                        "--model",
                        model,
                        "--method",
                        "dpo",
                        "--steps",
                        2,
                        "--batch",
                        2,
                        "--max-length",
                        32,
                        "--max-prompt-length",
                        16,
                        "--out",
                        folder.resolve("on-policy"));
        assertEquals(OK, trained.code(), trained.err());
    }

    @Test
    void asksAPretrainedCheckpointByItsTokenizerAndTemplate() throws IOException {
        Path checkpoint = checkpoint();
        Outcome outcome =
                run(
                        "generate",
                        "--model",
                        checkpoint,
                        "--chat",
                        "--prompt",
                        "w3 w5",
                        "--max-new-tokens",
                        5);
        assertEquals(OK, outcome.code(), outcome.err());
        JsonObject answer = answers(outcome.out()).get(0);
        assertEquals("w1 w3 w5 w2", answer.get("prompt").getAsString());
        assertTrue(answer.get("completion").getAsString().matches("(w\\d+ ?)*"), outcome.out());
        Files.writeString(checkpoint.resolve("tokenizer.json"), words(41));
        Outcome small = run("generate", "--model", checkpoint, "--prompt", "w3");
        assertEquals(DATA, small.code());
        assertEquals(
                "dynamics: "
                        + checkpoint
                        + ": the tokenizer's number of ids must be <= the model's vocabulary 40,"
                        + " got 41\n",
                small.err());
    }

    /** The plugin's small Qwen2 with a tokenizer of as many words as its vocabulary has rows. */
    private static Path checkpoint() throws IOException {
        Path checkpoint = Files.createDirectories(folder.resolve("qwen2"));
        for (String name : List.of("config.json", "model.safetensors")) {
            Files.copy(QWEN2.resolve(name), checkpoint.resolve(name));
        }
        Files.writeString(checkpoint.resolve("tokenizer.json"), words(40));
        Files.writeString(
                checkpoint.resolve("tokenizer_config.json"),
                "{\"eos_token\": \"w37\", \"chat_template\": \"w1 {% for m in messages %}{{"
                        + " m.content }} {% endfor %}{% if add_generation_prompt %}w2{% endif %}\"}");
        return checkpoint;
    }

    private static String words(int count) {
        StringBuilder vocabulary = new StringBuilder();
        for (int i = 0; i < count; i++) {
            vocabulary.append(i == 0 ? "" : ",").append("\"w%d\":%d".formatted(i, i));
        }
        return "{\"version\":\"1.0\",\"pre_tokenizer\":{\"type\":\"Whitespace\"},\"model\":"
                + "{\"type\":\"WordLevel\",\"unk_token\":\"w0\",\"vocab\":{"
                + vocabulary
                + "}}}";
    }

    @Test
    void saysWhatIsWrongInOneLine() throws IOException {
        assertWrong(USAGE, "one of --prompt and --data is needed, got neither");
        assertWrong(
                USAGE,
                "one of --prompt and --data is needed, got both",
                "--prompt",
                "x",
                "--data",
                prompts);
        assertWrong(USAGE, "--pairs needs --out", "--data", prompts, "--pairs");
        assertWrong(
                USAGE,
                "temperature must be > 0 for several answers to a prompt, got 0.0",
                "--prompt",
                "x",
                "--samples",
                2,
                "--temperature",
                0);
        assertWrong(
                USAGE, "maxNewTokens must be >= 1, got 0", "--prompt", "x", "--max-new-tokens", 0);
        assertWrong(USAGE, "topP must be in (0, 1], got 2.0", "--prompt", "x", "--top-p", 2);
        assertWrong(
                USAGE,
                "--scorer log-probability needs --reference",
                "--prompt",
                "x",
                "--pairs",
                "--out",
                folder.resolve("no.jsonl"));
        assertWrong(
                USAGE,
                "scorer must be log-probability, log-probability-per-token or facts, got luck",
                "--prompt",
                "x",
                "--pairs",
                "--scorer",
                "luck",
                "--out",
                folder.resolve("no.jsonl"));
        assertWrong(
                DATA,
                "prompt 1 must have at most 32 tokens, which is what the model takes, got 40;"
                        + " --max-prompt-length cuts it",
                "--prompt",
                "is ".repeat(40));
        Path bad = Files.writeString(folder.resolve("bad.jsonl"), "{\"text\": 1}\n");
        assertWrong(DATA, bad + ":1: key \"prompt\" is missing; found text", "--data", bad);
    }

    private static void assertWrong(int code, String message, Object... more) {
        Outcome outcome = generate(more);
        assertEquals("dynamics: " + message + "\n", outcome.err());
        assertEquals(code, outcome.code());
    }
}
