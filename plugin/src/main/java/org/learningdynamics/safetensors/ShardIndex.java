package org.learningdynamics.safetensors;

import com.google.gson.JsonObject;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Which shard of a folder holds which tensor.
 *
 * @param shards names of shard files by name of tensor
 */
record ShardIndex(Map<String, String> shards) {
    static final String FILE = "model.safetensors.index.json";

    private static final String WEIGHTS = "weight_map";
    private static final Pattern PLAIN_NAME =
            Pattern.compile("[^/\\\\:\\x00-\\x1f]+\\.safetensors");

    static ShardIndex read(Path file) throws IOException {
        if (Files.size(file) > SafetensorsHeader.MAX_BYTES) {
            throw new SafetensorsException(
                    file,
                    "must have at most %d bytes, got %d"
                            .formatted(SafetensorsHeader.MAX_BYTES, Files.size(file)));
        }
        Map<String, String> shards = new LinkedHashMap<>();
        StrictText.read(file, "index", Files.readAllBytes(file), in -> index(file, in, shards));
        if (shards.isEmpty()) {
            throw new SafetensorsException(file, "weight_map must name tensors, it names none");
        }
        return new ShardIndex(shards);
    }

    private static void index(Path file, JsonReader in, Map<String, String> shards)
            throws IOException {
        in.beginObject();
        while (in.hasNext()) {
            if (in.nextName().equals(WEIGHTS)) {
                weights(file, in, shards);
            } else {
                in.skipValue();
            }
        }
        in.endObject();
    }

    private static void weights(Path file, JsonReader in, Map<String, String> shards)
            throws IOException {
        StrictText.expect(file, in, JsonToken.BEGIN_OBJECT, WEIGHTS);
        in.beginObject();
        while (in.hasNext()) {
            String tensor = in.nextName();
            StrictText.expect(file, in, JsonToken.STRING, WEIGHTS + " of " + tensor);
            String shard = in.nextString();
            if (!PLAIN_NAME.matcher(shard).matches()) {
                throw SafetensorsException.ofTensor(
                        file,
                        tensor,
                        "shard must be the plain name of a .safetensors file in the same folder, got "
                                + shard);
            }
            if (shards.put(tensor, shard) != null) {
                throw SafetensorsException.ofTensor(file, tensor, "occurs twice in weight_map");
            }
        }
        in.endObject();
    }

    byte[] toJson(long totalBytes) {
        JsonObject metadata = new JsonObject();
        metadata.addProperty("total_size", totalBytes);
        JsonObject weights = new JsonObject();
        shards.forEach(weights::addProperty);
        JsonObject index = new JsonObject();
        index.add("metadata", metadata);
        index.add(WEIGHTS, weights);
        return index.toString().getBytes(StandardCharsets.UTF_8);
    }
}
