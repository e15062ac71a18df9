package org.learningdynamics.lm.tokenizer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.learningdynamics.data.DataException;

/** The pieces of a tokenizer.json with their ids, and the tokens that were added to them. */
final class Vocabulary {
    private static final String MODEL = "model";
    private static final String VOCAB = "vocab";
    private static final String ADDED = "added_tokens";

    private final JsonFile file;
    private final Map<String, Integer> ids = new HashMap<>();
    private final Set<String> added = new LinkedHashSet<>();

    Vocabulary(JsonFile file) {
        this.file = file;
        JsonElement model = file.value(MODEL).orElseThrow(() -> missing(MODEL + "." + VOCAB));
        JsonElement vocab = model.isJsonObject() ? model.getAsJsonObject().get(VOCAB) : null;
        if (vocab != null && vocab.isJsonObject()) {
            vocab.getAsJsonObject().entrySet().forEach(e -> put(e.getKey(), e.getValue()));
        } else if (vocab != null && vocab.isJsonArray()) {
            scored(vocab.getAsJsonArray());
        } else {
            throw missing(MODEL + "." + VOCAB);
        }
        file.value(ADDED).ifPresent(this::added);
    }

    private DataException missing(String key) {
        return new DataException(file.file() + ": \"" + key + "\" is missing");
    }

    /** Pieces with a score each, in the order of their ids. */
    private void scored(JsonArray pieces) {
        for (int id = 0; id < pieces.size(); id++) {
            if (!pieces.get(id).isJsonArray() || pieces.get(id).getAsJsonArray().isEmpty()) {
                throw file.wrong(VOCAB, "pieces with a score", pieces.get(id));
            }
            ids.put(pieces.get(id).getAsJsonArray().get(0).getAsString(), id);
        }
    }

    private void added(JsonElement tokens) {
        if (!tokens.isJsonArray()) {
            throw file.wrong(ADDED, "a list", tokens);
        }
        for (JsonElement token : tokens.getAsJsonArray()) {
            JsonObject object = token.isJsonObject() ? token.getAsJsonObject() : new JsonObject();
            if (!object.has("content") || !object.has("id")) {
                throw file.wrong(ADDED, "tokens with content and id", token);
            }
            String content = object.get("content").getAsString();
            put(content, object.get("id"));
            added.add(content);
        }
    }

    private void put(String piece, JsonElement id) {
        try {
            ids.put(piece, id.getAsInt());
        } catch (NumberFormatException | IllegalStateException | UnsupportedOperationException e) {
            throw new DataException(
                    file.file() + ": the id of \"" + piece + "\" must be an integer, got " + id, e);
        }
    }

    /** The largest id and one: ids may have gaps. */
    int size() {
        return ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1) + 1;
    }

    boolean hasAdded(String token) {
        return added.contains(token);
    }

    /** The id of a token that a file names under a key. */
    int id(String token, JsonFile source, String key) {
        Integer id = ids.get(token);
        if (id == null) {
            throw new DataException(
                    source.file()
                            + ": \""
                            + key
                            + "\" is "
                            + token
                            + ", which tokenizer.json does not have");
        }
        return id;
    }
}
