package org.learningdynamics.samples.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.data.DataException;
import org.learningdynamics.data.JsonLinesWriter;
import org.learningdynamics.data.KeepPrompt;
import org.learningdynamics.data.PromptExample;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.Truncation;
import org.learningdynamics.lm.AnswerScorer;
import org.learningdynamics.lm.GeneratedText;
import org.learningdynamics.lm.LogProbabilityScorer;
import org.learningdynamics.lm.SampledPairs;
import org.learningdynamics.lm.Sampling;
import org.learningdynamics.lm.TextGenerator;
import org.learningdynamics.samples.facts.FactOracle;
import org.learningdynamics.samples.facts.Verdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dynamics generate}: a model's answers, or pairs of them as preferences. */
@Command(
        name = "generate",
        description =
                "Answers prompts, or draws two answers to each and writes them as preferences for"
                        + " on-policy tuning.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class GenerateCommand implements Callable<Integer> {
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private final Console console;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "PATH",
            description =
                    "A folder or safetensors file that train left, or a checkpoint folder with"
                            + " config.json, weights and tokenizer.json.")
    private Path path = Path.of("");

    @Mixin private PromptOptions prompts = new PromptOptions();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Gets the answers, JSON Lines; without it they are printed.")
    private @Nullable Path out;

    @Option(
            names = "--max-new-tokens",
            paramLabel = "N",
            defaultValue = "128",
            description = "Most tokens of an answer (default: ${DEFAULT-VALUE}).")
    private int maxNewTokens;

    @Option(
            names = "--max-prompt-length",
            paramLabel = "N",
            description = "Prompts keep their last N tokens; without it a long one is refused.")
    private @Nullable Integer maxPromptLength;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description =
                    "Divides the logits; 0 takes the likeliest token (default: 0, with --pairs or"
                            + " several samples 1).")
    private @Nullable Double temperature;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            defaultValue = "1",
            description =
                    "Draw from the likeliest tokens that reach this probability (default: 1).")
    private double topP;

    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "1",
            description = "Answers to each prompt (default: ${DEFAULT-VALUE}).")
    private int samples;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "Seed of the draws (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            description = "Ends an answer before this text; may be given several times.")
    private List<String> stops = new ArrayList<>();

    @Option(
            names = "--pairs",
            description = "Draw two answers to each prompt and write them as preferences.")
    private boolean pairs;

    @Option(
            names = "--scorer",
            defaultValue = "log-probability",
            description =
                    "With --pairs, what the better answer has more of: log-probability or"
                            + " log-probability-per-token under --reference, or facts, right"
                            + " answers about the bundled data (default: log-probability).")
    private String scorer = "";

    @Option(
            names = "--reference",
            paramLabel = "PATH",
            description = "With --pairs, the model that scores answers by log-probability.")
    private @Nullable Path reference;

    GenerateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        checkOptions();
        OpenedModel model = OpenedModel.load(path);
        List<PromptExample> read = prompts.load(model.template(), console);
        if (maxPromptLength == null) {
            PromptOptions.check(read, model);
        }
        List<String> texts = read.stream().map(PromptExample::prompt).toList();
        TextGenerator generator = generator(model, texts.size() * (pairs ? 2 : samples));
        if (pairs) {
            writePairs(SampledPairs.draw(texts, generator, scorer()));
        } else {
            write(lines(read, generator.generate(texts, samples)));
        }
        return ExitCode.OK;
    }

    private void checkOptions() {
        if (pairs && out == null) {
            throw new IllegalArgumentException("--pairs needs --out");
        }
        if (pairs && samples != 1) {
            throw new IllegalArgumentException("samples must be 1 with --pairs, got " + samples);
        }
        boolean drawn = pairs || samples > 1;
        if (drawn && temperature != null && temperature == 0) {
            throw new IllegalArgumentException(
                    "temperature must be > 0 for several answers to a prompt, got " + temperature);
        }
        if (out != null && Files.exists(out)) {
            throw new DataException(out + ": exists already; give a new file");
        }
    }

    private Sampling sampling() {
        double otherwise = pairs || samples > 1 ? 1 : 0;
        return new Sampling(temperature == null ? otherwise : temperature, topP, seed);
    }

    private TextGenerator generator(OpenedModel model, int answers) {
        return TextGenerator.builder(model.model(), encoder(model, maxPromptLength))
                .maxNewTokens(maxNewTokens)
                .sampling(sampling())
                .stop(stops)
                .stopIds(model.stopIds())
                .progress(ended -> console.progress("answers", ended, answers, ""))
                .build();
    }

    private static SequenceEncoder encoder(OpenedModel model, @Nullable Integer maxPrompt) {
        int longest = model.model().config().maxLength();
        int prompt = maxPrompt == null ? longest : maxPrompt;
        return new SequenceEncoder(
                model.tokenizer(), new Truncation(longest + 1, prompt, KeepPrompt.END));
    }

    private AnswerScorer scorer() {
        return switch (scorer) {
            case "log-probability" -> logProbability(LogProbabilityScorer.Length.SUM);
            case "log-probability-per-token" -> logProbability(LogProbabilityScorer.Length.MEAN);
            case "facts" -> {
                FactOracle oracle = new FactOracle();
                yield (prompt, answer) -> worth(oracle.judge(prompt, answer));
            }
            default ->
                    throw new IllegalArgumentException(
                            "scorer must be log-probability, log-probability-per-token or facts,"
                                    + " got "
                                    + scorer);
        };
    }

    private static int worth(Verdict verdict) {
        return switch (verdict) {
            case RIGHT -> 3;
            case GARBLED -> 2;
            case WRONG -> 1;
            case NONSENSE -> 0;
        };
    }

    private AnswerScorer logProbability(LogProbabilityScorer.Length length) {
        if (reference == null) {
            throw new IllegalArgumentException("--scorer " + scorer + " needs --reference");
        }
        OpenedModel judge = OpenedModel.load(reference);
        return new LogProbabilityScorer(judge.model(), encoder(judge, null), length);
    }

    private void writePairs(SampledPairs sampled) {
        if (sampled.pairs().isEmpty()) {
            throw new DataException(
                    "no pair is left: all " + sampled.ties() + " prompts gave ties");
        }
        JsonLinesWriter.write(Objects.requireNonNull(out), sampled.lines());
        console.out()
                .printf(
                        Locale.ROOT,
                        "%d pairs, %d ties skipped: %s%n",
                        sampled.pairs().size(),
                        sampled.ties(),
                        out.toAbsolutePath());
    }

    private static List<String> lines(
            List<PromptExample> prompts, List<List<GeneratedText>> answers) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            for (int sample = 0; sample < answers.get(i).size(); sample++) {
                GeneratedText answer = answers.get(i).get(sample);
                JsonObject line = new JsonObject();
                line.addProperty("id", prompts.get(i).id());
                line.addProperty("sample", sample + 1);
                line.addProperty("prompt", prompts.get(i).prompt());
                line.addProperty("completion", answer.text());
                line.addProperty("tokens", answer.tokens());
                line.addProperty("finish", answer.finish().name().toLowerCase(Locale.ROOT));
                lines.add(GSON.toJson(line));
            }
        }
        return lines;
    }

    private void write(List<String> lines) throws IOException {
        if (out == null) {
            lines.forEach(console.out()::println);
            return;
        }
        Files.writeString(out, String.join("\n", lines) + "\n", StandardCharsets.UTF_8);
        console.out().println(lines.size() + " answers: " + out.toAbsolutePath());
    }
}
