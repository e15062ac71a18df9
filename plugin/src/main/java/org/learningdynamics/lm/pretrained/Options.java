package org.learningdynamics.lm.pretrained;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The options of a JSON file, each of which must be asked for or be known to be harmless. An option
 * that is null counts as absent.
 */
final class Options {
    private static final int MAX_BYTES = 10_000_000;

    private final Path file;
    private final String prefix;
    private final JsonObject json;
    private final Set<String> known = new LinkedHashSet<>();

    private Options(Path file, String prefix, JsonObject json) {
        this.file = file;
        this.prefix = prefix;
        this.json = json;
    }

    static Options read(Path file) throws IOException {
        try (JsonReader in = new JsonReader(new StringReader(text(file)))) {
            in.setStrictness(Strictness.STRICT);
            JsonElement content = JsonParser.parseReader(in);
            if (!content.isJsonObject() || in.peek() != JsonToken.END_DOCUMENT) {
                throw new PretrainedException(file, "must be one JSON object");
            }
            return new Options(file, "", content.getAsJsonObject());
        } catch (JsonParseException | MalformedJsonException e) {
            throw new PretrainedException(file, "must be strict JSON", e);
        }
    }

    private static String text(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new PretrainedException(
                    file,
                    "must have at most %d bytes, got %d".formatted(MAX_BYTES, Files.size(file)));
        }
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new PretrainedException(file, "must be UTF-8", e);
        }
    }

    boolean has(String key) {
        known.add(key);
        return json.has(key) && !json.get(key).isJsonNull();
    }

    int size(String key) throws PretrainedException {
        if (!has(key)) {
            throw new PretrainedException(file, prefix + key + " is missing");
        }
        return size(key, 1);
    }

    int size(String key, int otherwise) throws PretrainedException {
        if (!has(key)) {
            return otherwise;
        }
        int value = integer(key, json.get(key));
        if (value < 1) {
            throw fail(key, "must be >= 1");
        }
        return value;
    }

    double number(String key, double otherwise) throws PretrainedException {
        return number(key).orElse(otherwise);
    }

    OptionalDouble number(String key) throws PretrainedException {
        if (!has(key)) {
            return OptionalDouble.empty();
        }
        if (json.get(key) instanceof JsonPrimitive value && value.isNumber()) {
            return OptionalDouble.of(value.getAsDouble());
        }
        throw fail(key, "must be a number");
    }

    boolean flag(String key, boolean otherwise) throws PretrainedException {
        if (!has(key)) {
            return otherwise;
        }
        if (json.get(key) instanceof JsonPrimitive value && value.isBoolean()) {
            return value.getAsBoolean();
        }
        throw fail(key, "must be true or false");
    }

    String text(String key, String otherwise) throws PretrainedException {
        if (!has(key)) {
            return otherwise;
        }
        if (json.get(key) instanceof JsonPrimitive value && value.isString()) {
            return value.getAsString();
        }
        throw fail(key, "must be a string");
    }

    Optional<Options> object(String key) throws PretrainedException {
        if (!has(key)) {
            return Optional.empty();
        }
        if (json.get(key) instanceof JsonObject object) {
            return Optional.of(new Options(file, prefix + key + ".", object));
        }
        throw fail(key, "must be an object");
    }

    /** A number or a list of them. */
    List<Integer> integers(String key) throws PretrainedException {
        if (!has(key)) {
            return List.of();
        }
        List<Integer> values = new ArrayList<>();
        if (json.get(key) instanceof JsonArray array) {
            for (JsonElement element : array) {
                values.add(integer(key, element));
            }
        } else {
            values.add(integer(key, json.get(key)));
        }
        return values;
    }

    /** A list of strings. */
    List<String> texts(String key) throws PretrainedException {
        if (!has(key)) {
            return List.of();
        }
        if (!(json.get(key) instanceof JsonArray array)) {
            throw fail(key, "must be a list");
        }
        List<String> texts = new ArrayList<>();
        for (JsonElement element : array) {
            if (!(element instanceof JsonPrimitive value && value.isString())) {
                throw fail(key, "must be a list of strings");
            }
            texts.add(value.getAsString());
        }
        return texts;
    }

    private int integer(String key, JsonElement element) throws PretrainedException {
        if (element instanceof JsonPrimitive value && value.isNumber()) {
            try {
                return new BigDecimal(value.getAsString()).intValueExact();
            } catch (ArithmeticException | NumberFormatException notWhole) {
                throw new PretrainedException(file, rule(key, "must be a whole number"), notWhole);
            }
        }
        throw fail(key, "must be a whole number");
    }

    /** Refuses any other value of a flag that this library has no counterpart for. */
    void only(String key, boolean value) throws PretrainedException {
        if (flag(key, value) != value) {
            throw fail(key, "must be " + value);
        }
    }

    /** Refuses every option that was neither asked for nor is among the given. */
    void refuseOthers(Set<String> harmless) throws PretrainedException {
        List<String> others =
                json.keySet().stream()
                        .filter(key -> !known.contains(key) && !harmless.contains(key))
                        .filter(key -> !json.get(key).isJsonNull())
                        .map(key -> prefix + key + " = " + json.get(key))
                        .toList();
        if (!others.isEmpty()) {
            throw new PretrainedException(
                    file, "unknown options that could change the model: " + Names.some(others));
        }
    }

    PretrainedException fail(String key, String rule) {
        return new PretrainedException(file, rule(key, rule));
    }

    private String rule(String key, String rule) {
        return prefix + key + " " + rule + ", got " + json.get(key);
    }

    PretrainedException conflict(String problem) {
        return new PretrainedException(file, problem);
    }

    String name(String key) {
        return prefix + key;
    }
}
