package org.learningdynamics.samples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.learningdynamics.data.ByteTokenizer;
import org.learningdynamics.data.DataException;
import org.learningdynamics.data.Tokenizer;
import org.learningdynamics.data.WordTokenizer;
import org.learningdynamics.lm.DecoderModel;

/**
 * A language model with its tokenizer, as {@code dynamics train} leaves them in a folder.
 *
 * @param model the model
 * @param tokenizer its tokenizer
 */
record ModelFolder(DecoderModel model, Tokenizer tokenizer) {
    static final String MODEL_FILE = "model.safetensors";
    static final String TOKENIZER_FILE = "tokenizer.json";

    /** Reads a folder; without a tokenizer file the model reads bytes. */
    static ModelFolder load(Path folder) {
        Path model = folder.resolve(MODEL_FILE);
        if (!Files.isRegularFile(model)) {
            throw new DataException(folder + ": no model here, " + MODEL_FILE + " is missing");
        }
        try {
            return new ModelFolder(DecoderModel.load(model), tokenizer(folder));
        } catch (IOException e) {
            throw new DataException(folder + ": " + e.getMessage(), e);
        }
    }

    /** The tokenizer of a folder; bytes without a file. */
    static Tokenizer tokenizer(Path folder) {
        Path tokenizer = folder.resolve(TOKENIZER_FILE);
        return Files.exists(tokenizer) ? WordTokenizer.load(tokenizer) : new ByteTokenizer();
    }

    /** Writes both; existing files are replaced. */
    void save(Path folder) throws IOException {
        Files.createDirectories(folder);
        model.save(folder.resolve(MODEL_FILE));
        saveTokenizer(folder);
    }

    /** Writes what a model saved in this folder is read with. */
    void saveTokenizer(Path folder) throws IOException {
        if (tokenizer instanceof WordTokenizer words) {
            words.save(folder.resolve(TOKENIZER_FILE));
        }
    }
}
