package org.learningdynamics.samples.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.data.ByteTokenizer;
import org.learningdynamics.data.ChatTemplate;
import org.learningdynamics.data.PreferenceExample;
import org.learningdynamics.data.Tokenizer;
import org.learningdynamics.data.WordTokenizer;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The model to train: one of an earlier run, or a new one. */
final class ModelOptions {
    /** How text becomes tokens in a new model. */
    enum TokenizerKind {
        WORD,
        BYTE
    }

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description =
                    "Go on from the model of an earlier run, or from a checkpoint folder with"
                            + " config.json, *.safetensors and tokenizer.json (GPT-NeoX, Llama,"
                            + " Qwen2, GPT-2), instead of a new one.")
    private @Nullable Path folder;

    @Option(
            names = "--tokenizer",
            defaultValue = "word",
            description = "New model: ${COMPLETION-CANDIDATES} (default: word).")
    private TokenizerKind tokenizer = TokenizerKind.WORD;

    @Option(
            names = "--vocabulary",
            paramLabel = "N",
            defaultValue = "4000",
            description = "New model: most words (default: ${DEFAULT-VALUE}).")
    private int vocabulary;

    @Option(
            names = "--width",
            paramLabel = "N",
            defaultValue = "128",
            description = "New model: width (default: ${DEFAULT-VALUE}).")
    private int width;

    @Option(
            names = "--layers",
            paramLabel = "N",
            defaultValue = "2",
            description = "New model: blocks (default: ${DEFAULT-VALUE}).")
    private int layers;

    @Option(
            names = "--heads",
            paramLabel = "N",
            defaultValue = "4",
            description = "New model: attention heads (default: ${DEFAULT-VALUE}).")
    private int heads;

    @Mixin private LoraOptions lora = new LoraOptions();

    ModelFolder open(List<PreferenceExample> pairs, int maxLength, long seed) {
        ModelFolder opened =
                folder == null
                        ? fresh(pairs, maxLength, seed)
                        : ModelFolder.load(folder, OptionalInt.of(maxLength));
        return opened.with(lora.on(opened.model(), seed));
    }

    /** How the model wants conversations written. */
    Optional<ChatTemplate> chatTemplate() {
        return folder == null ? Optional.empty() : ModelFolder.chatTemplate(folder);
    }

    private ModelFolder fresh(List<PreferenceExample> pairs, int maxLength, long seed) {
        Tokenizer tokens =
                tokenizer == TokenizerKind.BYTE
                        ? new ByteTokenizer()
                        : WordTokenizer.train(texts(pairs), vocabulary);
        DecoderConfig config =
                DecoderConfig.builder(tokens.vocabularySize())
                        .width(width)
                        .layers(layers)
                        .heads(heads)
                        .maxLength(maxLength)
                        .seed(seed)
                        .build();
        return new ModelFolder(DecoderModel.create(config), tokens, Optional.empty());
    }

    private static List<String> texts(List<PreferenceExample> pairs) {
        return pairs.stream()
                .flatMap(pair -> Stream.of(pair.prompt(), pair.chosen(), pair.rejected()))
                .toList();
    }
}
