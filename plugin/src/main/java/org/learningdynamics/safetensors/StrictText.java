package org.learningdynamics.safetensors;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/** Reads one JSON object of UTF-8 bytes, strictly, and names what is wrong with it. */
final class StrictText {
    private StrictText() {}

    /** Takes the object in, from its opening to its closing brace. */
    @FunctionalInterface
    interface Content {
        void read(JsonReader in) throws IOException;
    }

    static void read(Path file, String what, byte[] json, Content content)
            throws SafetensorsException {
        try (JsonReader in = new JsonReader(text(json))) {
            in.setStrictness(Strictness.STRICT);
            expect(file, in, JsonToken.BEGIN_OBJECT, what);
            content.read(in);
            if (in.peek() != JsonToken.END_DOCUMENT) {
                throw new SafetensorsException(file, what + " must end with its object");
            }
        } catch (SafetensorsException broken) {
            throw broken;
        } catch (CharacterCodingException e) {
            throw new SafetensorsException(file, what + " must be UTF-8", e);
        } catch (EOFException e) {
            throw new SafetensorsException(file, what + " ends early", e);
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            throw new SafetensorsException(file, what + " must be strict JSON", e);
        }
    }

    private static Reader text(byte[] json) {
        return new InputStreamReader(
                new ByteArrayInputStream(json),
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
    }

    static void expect(Path file, JsonReader in, JsonToken token, String what) throws IOException {
        if (in.peek() != token) {
            throw new SafetensorsException(
                    file, what + " must be " + word(token) + ", got " + word(in.peek()));
        }
    }

    private static String word(JsonToken token) {
        return switch (token) {
            case BEGIN_OBJECT -> "an object";
            case BEGIN_ARRAY -> "a list";
            default -> token.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        };
    }
}
