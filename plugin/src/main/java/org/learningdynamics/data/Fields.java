package org.learningdynamics.data;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/** Typed access to the keys of one line. */
final class Fields {
    private Fields() {}

    static JsonElement required(JsonObject line, String key) throws BadLineException {
        JsonElement value = line.get(key);
        if (value == null) {
            throw new BadLineException(
                    "key \"" + key + "\" is missing; found " + String.join(", ", line.keySet()));
        }
        return value;
    }

    static String string(JsonObject line, String key) throws BadLineException {
        JsonElement value = required(line, key);
        if (!isString(value)) {
            throw wrongType(key, "a string", value);
        }
        return value.getAsString();
    }

    static boolean bool(JsonObject line, String key) throws BadLineException {
        JsonElement value = required(line, key);
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isBoolean()) {
            throw wrongType(key, "true or false", value);
        }
        return value.getAsBoolean();
    }

    static boolean isString(JsonElement value) {
        return value.isJsonPrimitive() && value.getAsJsonPrimitive().isString();
    }

    static BadLineException wrongType(String key, String rule, JsonElement value) {
        return new BadLineException("\"" + key + "\" must be " + rule + ", got " + name(value));
    }

    private static String name(JsonElement value) {
        if (value.isJsonArray()) {
            return "an array";
        }
        if (value.isJsonObject()) {
            return "an object";
        }
        return isString(value) ? "a string" : value.toString();
    }
}
