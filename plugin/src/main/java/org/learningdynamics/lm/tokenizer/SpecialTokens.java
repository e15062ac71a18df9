package org.learningdynamics.lm.tokenizer;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import org.learningdynamics.data.DataException;

/** What the files beside tokenizer.json say of beginning, end and padding. */
final class SpecialTokens {
    private static final String END = "eos_token";
    private static final String BEGIN = "bos_token";
    private static final String PADDING = "pad_token";
    private static final String IDS = "_id";
    private static final String DECODER = "added_tokens_decoder";

    private final Path directory;
    private final Vocabulary vocabulary;
    private final JsonFile config;
    private final JsonFile map;
    private final JsonFile model;
    private final JsonFile generation;

    SpecialTokens(Path directory, Vocabulary vocabulary) {
        this.directory = directory;
        this.vocabulary = vocabulary;
        config = JsonFile.optional(directory.resolve("tokenizer_config.json"));
        map = JsonFile.optional(directory.resolve("special_tokens_map.json"));
        model = JsonFile.optional(directory.resolve("config.json"));
        generation = JsonFile.optional(directory.resolve("generation_config.json"));
        config.value(DECODER).ifPresent(this::checkAdded);
    }

    /** Tokens that Python would add to tokenizer.json's when it loads the folder. */
    private void checkAdded(JsonElement tokens) {
        if (!tokens.isJsonObject()) {
            throw config.wrong(DECODER, "an object", tokens);
        }
        for (Map.Entry<String, JsonElement> token : tokens.getAsJsonObject().entrySet()) {
            JsonObject object =
                    token.getValue().isJsonObject()
                            ? token.getValue().getAsJsonObject()
                            : new JsonObject();
            if (!object.has("content")) {
                throw config.wrong(DECODER, "tokens with content", token.getValue());
            }
            vocabulary.id(object.get("content").getAsString(), config, DECODER);
        }
    }

    /** The tokenizer's own end, which ends responses in training. */
    int end() {
        OptionalInt end = first(END);
        return end.orElseThrow(
                () ->
                        new DataException(
                                directory
                                        + ": no end-of-sequence token: none of"
                                        + " tokenizer_config.json, special_tokens_map.json,"
                                        + " config.json and generation_config.json names one"));
    }

    /** All ids at which generation ends, the tokenizer's own and those of the model. */
    SortedSet<Integer> stops() {
        SortedSet<Integer> stops = new TreeSet<>();
        stops.add(end());
        stops.addAll(model.ids(END + IDS));
        stops.addAll(generation.ids(END + IDS));
        stops.forEach(id -> inVocabulary(END + IDS, id));
        return stops;
    }

    OptionalInt begin() {
        return first(BEGIN);
    }

    int padding() {
        return first(PADDING).orElseGet(this::end);
    }

    /** Whether prompts begin with {@link #begin}; empty if tokenizer.json decides. */
    Optional<Boolean> addsBegin() {
        return config.flag("add_bos_token");
    }

    private OptionalInt first(String token) {
        for (JsonFile file : new JsonFile[] {config, map}) {
            Optional<String> text = file.token(token);
            if (text.isPresent()) {
                return OptionalInt.of(vocabulary.id(text.get(), file, token));
            }
        }
        for (JsonFile file : new JsonFile[] {model, generation}) {
            for (int id : file.ids(token + IDS)) {
                return OptionalInt.of(inVocabulary(token + IDS, id));
            }
        }
        return OptionalInt.empty();
    }

    private int inVocabulary(String key, int id) {
        if (id >= vocabulary.size()) {
            throw new DataException(
                    directory
                            + ": \""
                            + key
                            + "\" must be < "
                            + vocabulary.size()
                            + ", the number of ids of tokenizer.json, got "
                            + id);
        }
        return id;
    }
}
