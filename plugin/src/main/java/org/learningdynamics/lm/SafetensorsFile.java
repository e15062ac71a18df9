package org.learningdynamics.lm;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Named arrays with string metadata in the safetensors format: header size (8 bytes,
 * little-endian), JSON header {@code {"__metadata__": {…}, name: {"dtype", "shape",
 * "data_offsets"}}}, values.
 *
 * @param metadata the header's metadata
 * @param tensors arrays by name, in the header's order
 */
record SafetensorsFile(Map<String, String> metadata, Map<String, INDArray> tensors) {
    private static final String METADATA = "__metadata__";
    private static final String NO_HEADER = "header is no JSON object of tensors";
    private static final int PREFIX_BYTES = 8;
    private static final int ALIGNMENT = 8;
    private static final long MAX_HEADER_BYTES = 100_000_000;

    /** Writes to a temporary file beside the target and moves it there. */
    void write(Path file) throws IOException {
        Path target = file.toAbsolutePath();
        Path directory = target.getParent();
        if (directory == null || Files.isDirectory(target)) {
            throw new IOException(file + " is a directory");
        }
        Path temporary = Files.createTempFile(directory, ".model", ".tmp");
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                writeTo(channel);
                channel.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private void writeTo(FileChannel channel) throws IOException {
        byte[] json = header().toString().getBytes(StandardCharsets.UTF_8);
        int padded = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        ByteBuffer start =
                ByteBuffer.allocate(PREFIX_BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
        start.putLong(padded).put(json);
        while (start.hasRemaining()) {
            start.put((byte) ' ');
        }
        RawValues.writeFully(channel, start.flip());
        for (INDArray array : tensors.values()) {
            RawValues.write(channel, array);
        }
    }

    private JsonObject header() {
        JsonObject header = new JsonObject();
        JsonObject strings = new JsonObject();
        metadata.forEach(strings::addProperty);
        header.add(METADATA, strings);
        long offset = 0;
        for (Map.Entry<String, INDArray> tensor : tensors.entrySet()) {
            Slot slot = Slot.of(tensor.getValue(), offset);
            header.add(tensor.getKey(), slot.toJson());
            offset = slot.end();
        }
        return header;
    }

    static SafetensorsFile read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return read(channel);
        } catch (DamagedFileException damaged) {
            throw new IOException(file + ": " + damaged.getMessage(), damaged);
        }
    }

    /** The metadata alone; no tensor is read. */
    static Map<String, String> metadata(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            JsonObject header = header(channel, headerBytes(channel));
            return header.has(METADATA) ? strings(header.getAsJsonObject(METADATA)) : Map.of();
        } catch (JsonParseException | IllegalStateException | ClassCastException broken) {
            throw new IOException(file + ": " + NO_HEADER, broken);
        } catch (DamagedFileException damaged) {
            throw new IOException(file + ": " + damaged.getMessage(), damaged);
        }
    }

    private static SafetensorsFile read(FileChannel channel) throws IOException {
        int headerBytes = headerBytes(channel);
        try {
            return read(channel, header(channel, headerBytes), PREFIX_BYTES + (long) headerBytes);
        } catch (JsonParseException | IllegalStateException | ClassCastException broken) {
            throw new DamagedFileException(NO_HEADER, broken);
        }
    }

    private static int headerBytes(FileChannel channel) throws IOException {
        if (channel.size() < PREFIX_BYTES) {
            throw new DamagedFileException("not a model: it has " + channel.size() + " bytes");
        }
        long headerBytes = RawValues.readFully(channel, 0, PREFIX_BYTES).getLong();
        if (headerBytes < 2
                || headerBytes > MAX_HEADER_BYTES
                || headerBytes > channel.size() - PREFIX_BYTES) {
            throw new DamagedFileException(
                    "not a model: header size " + headerBytes + " in " + channel.size() + " bytes");
        }
        return (int) headerBytes;
    }

    private static JsonObject header(FileChannel channel, int headerBytes) throws IOException {
        ByteBuffer json = RawValues.readFully(channel, PREFIX_BYTES, headerBytes);
        return JsonParser.parseString(StandardCharsets.UTF_8.decode(json).toString())
                .getAsJsonObject();
    }

    private static Map<String, String> strings(JsonObject metadata) {
        Map<String, String> strings = new LinkedHashMap<>();
        metadata.entrySet().forEach(e -> strings.put(e.getKey(), e.getValue().getAsString()));
        return strings;
    }

    private static SafetensorsFile read(FileChannel channel, JsonObject header, long dataStart)
            throws IOException {
        Map<String, Slot> slots = new LinkedHashMap<>();
        Map<String, String> strings = new LinkedHashMap<>();
        for (Map.Entry<String, JsonElement> entry : header.entrySet()) {
            JsonObject value = entry.getValue().getAsJsonObject();
            if (entry.getKey().equals(METADATA)) {
                strings.putAll(strings(value));
            } else {
                slots.put(entry.getKey(), Slot.parse(entry.getKey(), value));
            }
        }
        checkSize(slots, channel.size() - dataStart);
        Map<String, INDArray> arrays = new LinkedHashMap<>();
        for (Map.Entry<String, Slot> slot : slots.entrySet()) {
            arrays.put(slot.getKey(), slot.getValue().read(channel, dataStart));
        }
        return new SafetensorsFile(strings, arrays);
    }

    /** Every slot must lie in the data, and together they must fill it. */
    private static void checkSize(Map<String, Slot> slots, long dataBytes) throws IOException {
        long total = 0;
        for (Map.Entry<String, Slot> slot : slots.entrySet()) {
            if (slot.getValue().end() > dataBytes) {
                throw new DamagedFileException(
                        "truncated: tensor "
                                + slot.getKey()
                                + " ends at byte "
                                + slot.getValue().end()
                                + " of "
                                + dataBytes);
            }
            total += slot.getValue().bytes();
        }
        if (total != dataBytes) {
            throw new DamagedFileException(
                    "tensors take " + total + " bytes, the file holds " + dataBytes);
        }
    }
}
