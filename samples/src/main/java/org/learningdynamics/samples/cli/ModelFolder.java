package org.learningdynamics.samples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.learningdynamics.data.ByteTokenizer;
import org.learningdynamics.data.ChatTemplate;
import org.learningdynamics.data.DataException;
import org.learningdynamics.data.Sha256;
import org.learningdynamics.data.Tokenizer;
import org.learningdynamics.data.WordTokenizer;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.lm.PositionKind;
import org.learningdynamics.lm.pretrained.PretrainedConfig;
import org.learningdynamics.lm.pretrained.PretrainedModel;
import org.learningdynamics.lm.tokenizer.PretrainedChatTemplate;
import org.learningdynamics.lm.tokenizer.PretrainedTokenizer;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A language model with its tokenizer: as {@code dynamics train} leaves them in a folder, or a
 * checkpoint with {@code config.json}, weights as safetensors and {@code tokenizer.json}.
 *
 * @param model the model
 * @param tokenizer its tokenizer
 * @param checkpoint the checkpoint folder that it came from, if it did
 */
record ModelFolder(DecoderModel model, Tokenizer tokenizer, Optional<Path> checkpoint) {
    static final String MODEL_FILE = "model.safetensors";
    static final String TOKENIZER_FILE = "tokenizer.json";
    static final String ADAPTER_FILE = "adapter.safetensors";
    private static final String CONFIG_FILE = "config.json";
    private static final List<String> WEIGHTS = List.of(MODEL_FILE, "model.safetensors.index.json");

    /** A folder with the model's own longest row. */
    static ModelFolder load(Path folder) {
        return load(folder, OptionalInt.empty());
    }

    /**
     * Reads a folder; without a tokenizer file the model reads bytes.
     *
     * @param longest rows of a checkpoint are at most so long, which keeps its tables small
     */
    static ModelFolder load(Path folder, OptionalInt longest) {
        if (WEIGHTS.stream().noneMatch(name -> Files.isRegularFile(folder.resolve(name)))) {
            throw new DataException(folder + ": no model here, " + MODEL_FILE + " is missing");
        }
        try {
            return isCheckpoint(folder) ? checkpoint(folder, longest) : own(folder);
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            boolean isNamed = message.startsWith(folder.toString());
            throw new DataException(isNamed ? message : folder + ": " + message, e);
        }
    }

    private static boolean isCheckpoint(Path folder) {
        return Files.isRegularFile(folder.resolve(CONFIG_FILE));
    }

    private static ModelFolder own(Path folder) throws IOException {
        DecoderModel model = DecoderModel.load(folder.resolve(MODEL_FILE));
        return new ModelFolder(model, tokenizer(folder), Optional.empty());
    }

    private static ModelFolder checkpoint(Path folder, OptionalInt longest) throws IOException {
        PretrainedConfig config = PretrainedConfig.read(folder);
        PretrainedTokenizer tokenizer = PretrainedTokenizer.load(folder);
        tokenizer.checkFits(config.decoder().vocabularySize());
        int most = config.decoder().maxLength();
        boolean isFixed = config.decoder().architecture().positions() == PositionKind.LEARNED;
        PretrainedConfig chosen =
                isFixed ? config : config.withMaxLength(Math.min(most, longest.orElse(most)));
        DecoderModel model = PretrainedModel.load(chosen, DataType.FLOAT);
        return new ModelFolder(model, tokenizer, Optional.of(folder));
    }

    /** The tokenizer of a folder; bytes without a file. */
    static Tokenizer tokenizer(Path folder) {
        if (isCheckpoint(folder)) {
            return PretrainedTokenizer.load(folder);
        }
        Path tokenizer = folder.resolve(TOKENIZER_FILE);
        return Files.exists(tokenizer) ? WordTokenizer.load(tokenizer) : new ByteTokenizer();
    }

    /** How conversations become text, where a checkpoint says so. */
    static Optional<ChatTemplate> chatTemplate(Path folder) {
        return isCheckpoint(folder)
                ? PretrainedChatTemplate.load(folder, Clock.systemUTC()).map(template -> template)
                : Optional.empty();
    }

    /** Digest of the weights: of the one file, or of the digests of several. */
    static String sha256(Path folder) {
        Path single = folder.resolve(MODEL_FILE);
        if (Files.isRegularFile(single)) {
            return Sha256.ofFile(single);
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<String> digests =
                    files.filter(file -> file.getFileName().toString().endsWith(".safetensors"))
                            .sorted()
                            .map(Sha256::ofFile)
                            .toList();
            return Sha256.ofParts(digests);
        } catch (IOException e) {
            throw new DataException(folder + ": " + e.getMessage(), e);
        }
    }

    /** The same with another model. */
    ModelFolder with(DecoderModel other) {
        return new ModelFolder(other, tokenizer, checkpoint);
    }

    /**
     * Writes both as they were found; existing files are replaced. Adapters are merged into the
     * weights, and stand in a file of their own too.
     */
    void save(Path folder) throws IOException {
        Files.createDirectories(folder);
        if (model.adapters().isPresent()) {
            model.saveAdapters(folder.resolve(ADAPTER_FILE));
            try (DecoderModel merged = model.merged()) {
                with(merged).save(folder);
            }
            return;
        }
        if (checkpoint.isPresent()) {
            PretrainedModel.save(model, folder, checkpoint.get());
        } else {
            model.save(folder.resolve(MODEL_FILE));
            saveTokenizer(folder);
        }
    }

    /** Writes what a model saved in this folder is read with. */
    void saveTokenizer(Path folder) throws IOException {
        if (checkpoint.isPresent()) {
            PretrainedModel.copyCompanions(checkpoint.get(), folder);
        } else if (tokenizer instanceof WordTokenizer words) {
            words.save(folder.resolve(TOKENIZER_FILE));
        }
    }
}
