package org.learningdynamics.samples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.learningdynamics.data.ChatTemplate;
import org.learningdynamics.data.DataException;
import org.learningdynamics.data.Tokenizer;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.lm.pretrained.PretrainedException;
import org.learningdynamics.lm.pretrained.PretrainedModel;
import org.learningdynamics.lm.tokenizer.PretrainedChatTemplate;
import org.learningdynamics.lm.tokenizer.PretrainedTokenizer;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A model to ask: a folder that {@code dynamics train} left, one of its safetensors files, or a
 * checkpoint folder with config.json.
 *
 * @param model the model
 * @param tokenizer its tokenizer
 * @param template how it reads conversations
 * @param stopIds ids that end its answers beside the tokenizer's own
 */
record OpenedModel(
        DecoderModel model, Tokenizer tokenizer, ChatTemplate template, List<Integer> stopIds) {
    private static final String CONFIGURATION = "config.json";

    static OpenedModel load(Path path) {
        if (Files.exists(path.resolve(CONFIGURATION))) {
            return pretrained(path);
        }
        ModelFolder own = Files.isRegularFile(path) ? file(path) : ModelFolder.load(path);
        return new OpenedModel(own.model(), own.tokenizer(), ChatTemplate.hh(), List.of());
    }

    private static ModelFolder file(Path file) {
        try {
            Path folder = file.toAbsolutePath().resolveSibling(".");
            return new ModelFolder(
                    DecoderModel.load(file), ModelFolder.tokenizer(folder), Optional.empty());
        } catch (IOException e) {
            throw new DataException(file + ": " + e.getMessage(), e);
        }
    }

    private static OpenedModel pretrained(Path folder) {
        PretrainedTokenizer tokenizer = PretrainedTokenizer.load(folder);
        ChatTemplate template =
                PretrainedChatTemplate.load(folder, Clock.systemUTC())
                        .map(ChatTemplate.class::cast)
                        .orElseGet(ChatTemplate::hh);
        try {
            DecoderModel model = PretrainedModel.load(folder, DataType.FLOAT);
            tokenizer.checkFits(model.config().vocabularySize());
            return new OpenedModel(model, tokenizer, template, tokenizer.stopIds());
        } catch (PretrainedException e) {
            throw new DataException(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new DataException(folder + ": " + e.getMessage(), e);
        }
    }
}
