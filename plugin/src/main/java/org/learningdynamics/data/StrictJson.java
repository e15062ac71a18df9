package org.learningdynamics.data;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.internal.LazilyParsedNumber;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses one line as one strict JSON object (RFC 8259) in which no key occurs twice and no string
 * holds half of a surrogate pair or a bare control character.
 */
final class StrictJson {
    private static final Pattern MESSAGE = Pattern.compile("^(.*) at line \\d+ column (\\d+)");

    private StrictJson() {}

    static JsonObject object(String line) throws BadLineException {
        try (JsonReader in = new JsonReader(new StringReader(line))) {
            in.setStrictness(Strictness.STRICT);
            if (in.peek() != JsonToken.BEGIN_OBJECT) {
                throw new BadLineException("must be a JSON object, got " + name(in.peek()));
            }
            JsonObject object = object(in);
            if (in.peek() != JsonToken.END_DOCUMENT) {
                throw new BadLineException("more text after the JSON object");
            }
            return object;
        } catch (EOFException e) {
            throw new BadLineException("JSON ends early", e);
        } catch (MalformedJsonException e) {
            throw new BadLineException("not strict JSON" + detail(e), e);
        } catch (IOException e) {
            throw new BadLineException("cannot be read as JSON: " + e.getMessage(), e);
        }
    }

    private static JsonObject object(JsonReader in) throws IOException, BadLineException {
        JsonObject object = new JsonObject();
        in.beginObject();
        while (in.hasNext()) {
            String key = in.nextName();
            if (object.has(key)) {
                throw new BadLineException("key \"" + key + "\" occurs twice");
            }
            object.add(key, value(in));
        }
        in.endObject();
        return object;
    }

    private static JsonElement value(JsonReader in) throws IOException, BadLineException {
        return switch (in.peek()) {
            case BEGIN_OBJECT -> object(in);
            case BEGIN_ARRAY -> array(in);
            case STRING -> new JsonPrimitive(in.nextString());
            case BOOLEAN -> new JsonPrimitive(in.nextBoolean());
            case NUMBER -> new JsonPrimitive(new LazilyParsedNumber(in.nextString()));
            default -> {
                in.nextNull();
                yield JsonNull.INSTANCE;
            }
        };
    }

    private static JsonArray array(JsonReader in) throws IOException, BadLineException {
        JsonArray array = new JsonArray();
        in.beginArray();
        while (in.hasNext()) {
            array.add(value(in));
        }
        in.endArray();
        return array;
    }

    /** Column and reason, without the parser's advice to be lenient. */
    private static String detail(MalformedJsonException e) {
        Matcher parsed = MESSAGE.matcher(String.valueOf(e.getMessage()));
        if (!parsed.find()) {
            return "";
        }
        String reason = parsed.group(1).startsWith("Use JsonReader") ? "" : ": " + parsed.group(1);
        return " at column " + parsed.group(2) + reason;
    }

    /** How a message calls a token. */
    private static String name(JsonToken token) {
        return switch (token) {
            case BEGIN_ARRAY -> "an array";
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            case NULL -> "null";
            default -> "something else";
        };
    }
}
