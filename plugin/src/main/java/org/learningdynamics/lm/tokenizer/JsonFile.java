package org.learningdynamics.lm.tokenizer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.learningdynamics.data.DataException;

/**
 * One JSON object of a model folder; every complaint names the file and the key.
 *
 * @param file where it was read
 * @param text its characters, empty if there is no such file
 * @param object its content, empty if there is no such file
 */
record JsonFile(Path file, String text, JsonObject object) {
    /** A file that may be missing. */
    static JsonFile optional(Path file) {
        return Files.exists(file) ? required(file) : new JsonFile(file, "", new JsonObject());
    }

    static JsonFile required(Path file) {
        String text = read(file);
        try {
            JsonElement value = JsonParser.parseString(text);
            if (!value.isJsonObject()) {
                throw new DataException(file + ": must hold a JSON object, got another value");
            }
            return new JsonFile(file, text, value.getAsJsonObject());
        } catch (JsonParseException e) {
            throw new DataException(file + ": is not JSON: " + reason(e), e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + e, e);
        }
    }

    /** The parser's words, without the address of its manual in the second line. */
    private static String reason(JsonParseException e) {
        String message = String.valueOf(e.getMessage());
        int first = message.indexOf(": ");
        String tail = first < 0 ? message : message.substring(first + 2);
        return tail.lines().findFirst().orElse("it ends early");
    }

    /** A key's value, if it is there and not null. */
    Optional<JsonElement> value(String key) {
        return Optional.ofNullable(object.get(key)).filter(value -> !value.isJsonNull());
    }

    Optional<Boolean> flag(String key) {
        return value(key).map(value -> flag(key, value));
    }

    private boolean flag(String key, JsonElement value) {
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isBoolean()) {
            throw wrong(key, "true or false", value);
        }
        return value.getAsBoolean();
    }

    /** A special token: its text, or an object that holds it as {@code content}. */
    Optional<String> token(String key) {
        return value(key).map(value -> token(key, value));
    }

    private String token(String key, JsonElement value) {
        JsonElement content = value.isJsonObject() ? value.getAsJsonObject().get("content") : value;
        if (content == null
                || !content.isJsonPrimitive()
                || !content.getAsJsonPrimitive().isString()) {
            throw wrong(key, "a token's text", value);
        }
        return content.getAsString();
    }

    /** Ids under a key, which holds a number or a list of numbers; negative ones mean "none". */
    List<Integer> ids(String key) {
        List<Integer> ids = new ArrayList<>();
        Optional<JsonElement> value = value(key);
        if (value.isPresent()) {
            JsonArray list = new JsonArray();
            if (value.get().isJsonArray()) {
                list.addAll(value.get().getAsJsonArray());
            } else {
                list.add(value.get());
            }
            list.forEach(id -> ids.add(integer(key, id)));
        }
        ids.removeIf(id -> id < 0);
        return ids;
    }

    private int integer(String key, JsonElement value) {
        try {
            return value.getAsBigDecimal().intValueExact();
        } catch (ArithmeticException
                | NumberFormatException
                | IllegalStateException
                | UnsupportedOperationException e) {
            throw new DataException(
                    file + ": \"" + key + "\" must be an integer or a list of them, got " + value,
                    e);
        }
    }

    DataException wrong(String key, String rule, JsonElement value) {
        return new DataException(file + ": \"" + key + "\" must be " + rule + ", got " + value);
    }
}
