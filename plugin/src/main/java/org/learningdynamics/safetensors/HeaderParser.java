package org.learningdynamics.safetensors;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Parses a header's JSON strictly; what it has taken in obeys the format's rules. */
final class HeaderParser {
    private final Path file;
    private final long dataBytes;
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    private boolean described;

    /**
     * Takes in nothing yet.
     *
     * @param file for messages
     * @param dataBytes size of what follows the header
     */
    HeaderParser(Path file, long dataBytes) {
        this.file = file;
        this.dataBytes = dataBytes;
    }

    Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    Map<String, TensorInfo> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    void parse(byte[] json) throws SafetensorsException {
        if (json[0] != '{') {
            throw fail("header must begin with '{', got byte " + Byte.toUnsignedInt(json[0]));
        }
        StrictText.read(file, "header", json, this::entries);
        Tiling.check(file, tensors.values(), dataBytes);
    }

    private void entries(JsonReader in) throws IOException {
        in.beginObject();
        while (in.hasNext()) {
            String name = in.nextName();
            if (name.equals(SafetensorsHeader.METADATA)) {
                metadata(in);
            } else if (tensors.put(name, new TensorEntry(file, name, in).read(dataBytes)) != null) {
                throw SafetensorsException.ofTensor(file, name, "occurs twice");
            }
        }
        in.endObject();
    }

    private void metadata(JsonReader in) throws IOException {
        if (described) {
            throw fail("__metadata__ occurs twice");
        }
        described = true;
        StrictText.expect(file, in, JsonToken.BEGIN_OBJECT, "__metadata__");
        in.beginObject();
        while (in.hasNext()) {
            String name = in.nextName();
            StrictText.expect(file, in, JsonToken.STRING, "__metadata__ " + name);
            if (metadata.put(name, in.nextString()) != null) {
                throw fail("__metadata__ " + name + " occurs twice");
            }
        }
        in.endObject();
    }

    private SafetensorsException fail(String problem) {
        return new SafetensorsException(file, problem);
    }
}
