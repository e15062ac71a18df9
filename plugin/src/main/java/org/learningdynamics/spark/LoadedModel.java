package org.learningdynamics.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.learningdynamics.data.BadLines;
import org.learningdynamics.data.ByteTokenizer;
import org.learningdynamics.data.ChatTemplate;
import org.learningdynamics.data.DataException;
import org.learningdynamics.data.JsonLines;
import org.learningdynamics.data.Tokenizer;
import org.learningdynamics.data.WordTokenizer;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.lm.pretrained.PretrainedConfig;
import org.learningdynamics.lm.pretrained.PretrainedModel;
import org.learningdynamics.lm.tokenizer.PretrainedChatTemplate;
import org.learningdynamics.lm.tokenizer.PretrainedTokenizer;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Reads the parts of a model folder: a checkpoint with {@code config.json}, or our own {@code
 * model.safetensors}, beside it {@code tokenizer.json} of words, without which it reads bytes.
 */
final class LoadedModel {
    static final String MODEL_FILE = "model.safetensors";
    static final String TOKENIZER_FILE = "tokenizer.json";
    private static final String CONFIG_FILE = "config.json";

    private LoadedModel() {}

    static boolean isPretrained(Path folder) {
        return Files.isRegularFile(folder.resolve(CONFIG_FILE));
    }

    static DecoderModel model(Path folder) {
        try {
            return isPretrained(folder)
                    ? PretrainedModel.load(folder, DataType.FLOAT)
                    : DecoderModel.load(folder.resolve(MODEL_FILE));
        } catch (IOException e) {
            throw new DataException(folder + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** Longest row that a model takes, from its configuration alone. */
    static int longest(Path model) {
        try {
            if (Files.isDirectory(model) && isPretrained(model)) {
                return PretrainedConfig.read(model).decoder().maxLength();
            }
            Path file = Files.isDirectory(model) ? model.resolve(MODEL_FILE) : model;
            return DecoderModel.configuration(file).maxLength();
        } catch (IOException e) {
            throw new DataException(model + ": cannot be read: " + e.getMessage(), e);
        }
    }

    static Tokenizer tokenizer(Path folder) {
        if (isPretrained(folder)) {
            return PretrainedTokenizer.load(folder);
        }
        Path words = folder.resolve(TOKENIZER_FILE);
        return Files.exists(words) ? WordTokenizer.load(words) : new ByteTokenizer();
    }

    /** A reader that writes conversations as the model reads them. */
    static JsonLines reader(Path folder) {
        JsonLines reader = JsonLines.reader(BadLines.FAIL);
        Optional<ChatTemplate> template =
                isPretrained(folder)
                        ? PretrainedChatTemplate.load(folder, Clock.systemUTC()).map(t -> t)
                        : Optional.empty();
        return template.map(reader::template).orElse(reader);
    }
}
