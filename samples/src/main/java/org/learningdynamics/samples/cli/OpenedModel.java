package org.learningdynamics.samples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.learningdynamics.data.ChatTemplate;
import org.learningdynamics.data.DataException;
import org.learningdynamics.data.Tokenizer;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.lm.tokenizer.PretrainedTokenizer;

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
    static OpenedModel load(Path path) {
        boolean isFile = Files.isRegularFile(path);
        ModelFolder opened = isFile ? file(path) : ModelFolder.load(path);
        Optional<ChatTemplate> template =
                isFile ? Optional.empty() : ModelFolder.chatTemplate(path);
        List<Integer> stops =
                opened.tokenizer() instanceof PretrainedTokenizer pretrained
                        ? pretrained.stopIds()
                        : List.of();
        return new OpenedModel(
                opened.model(), opened.tokenizer(), template.orElseGet(ChatTemplate::hh), stops);
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
}
