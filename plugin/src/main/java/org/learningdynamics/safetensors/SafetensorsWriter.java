package org.learningdynamics.safetensors;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Collects tensors and writes them as one safetensors file or as a folder of shards. Arrays are
 * neither copied nor changed: they are read, a bounded block at a time, when the file is written.
 *
 * <p>Files appear whole or not at all: they are written beside their target, forced to the disk and
 * moved there.
 */
public final class SafetensorsWriter {
    private static final int ALIGNMENT = 8;

    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final Map<String, PendingTensor> tensors = new LinkedHashMap<>();

    /** Nothing to write yet. */
    public SafetensorsWriter() {
        // Metadata and tensors come one by one.
    }

    /**
     * Adds a text to the header. Python's loaders of PyTorch weights want {@code format} to be
     * {@code pt}.
     *
     * @param name its name
     * @param value its text, replacing an earlier one of the name
     * @return this
     */
    public SafetensorsWriter metadata(String name, String value) {
        metadata.put(name, value);
        return this;
    }

    /**
     * Adds a tensor of an array's own shape.
     *
     * @param name its name, not yet used
     * @param type F64, F32, F16 or BF16; values are rounded to nearest, ties to even
     * @param values FLOAT or DOUBLE
     * @return this
     * @throws IllegalArgumentException if name or types break these rules
     */
    public SafetensorsWriter tensor(String name, TensorType type, INDArray values) {
        return tensor(name, type, values, values.shape());
    }

    /**
     * Adds a tensor of another shape than the array's: the array's values in row order are the
     * tensor's. Transposed or permuted views are written without a copy.
     *
     * @param name its name, not yet used
     * @param type F64, F32, F16 or BF16; values are rounded to nearest, ties to even
     * @param values FLOAT or DOUBLE
     * @param shape dimensions in the file
     * @return this
     * @throws IllegalArgumentException if name or types break these rules, or the shape does not
     *     hold as many values as the array
     */
    public SafetensorsWriter tensor(String name, TensorType type, INDArray values, long... shape) {
        checkNew(name, type, values.dataType());
        checkShape(name, values, shape);
        List<Long> dimensions = Arrays.stream(shape).boxed().toList();
        tensors.put(name, new PendingTensor(name, type, dimensions, values));
        return this;
    }

    private void checkNew(String name, TensorType type, DataType memory) {
        if (name.equals(SafetensorsHeader.METADATA) || tensors.containsKey(name)) {
            throw new IllegalArgumentException(
                    "name must be new and not __metadata__, got " + name);
        }
        if (!type.isReadable()) {
            throw new IllegalArgumentException("type must be F64, F32, F16 or BF16, got " + type);
        }
        if (memory != DataType.FLOAT && memory != DataType.DOUBLE) {
            throw new IllegalArgumentException(
                    "values of %s must be FLOAT or DOUBLE, got %s".formatted(name, memory));
        }
    }

    private static void checkShape(String name, INDArray values, long... shape) {
        long size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        long length = values.isEmpty() ? 0 : values.length();
        if (size != length || Arrays.stream(shape).anyMatch(n -> n < 0)) {
            throw new IllegalArgumentException(
                    "shape of %s must hold %d values, got %s"
                            .formatted(name, length, Arrays.toString(shape)));
        }
    }

    /**
     * Writes everything into one file.
     *
     * @param file target, replaced if it exists
     * @throws IOException if it cannot be written
     * @throws IllegalStateException if a finite value is beyond the range of its type in the file
     */
    public void write(Path file) throws IOException {
        try (NewFile written = stage(file, List.copyOf(tensors.values()))) {
            written.publish();
        }
    }

    /**
     * Writes everything into a folder, as {@code model.safetensors} if it fits into one shard and
     * else as {@code model-00001-of-0000N.safetensors} and {@code model.safetensors.index.json}.
     * Weights that the folder held are replaced after all new files are complete on the disk; a
     * crash between leaves a folder without an index, which no reader takes for a model.
     *
     * @param folder an existing folder
     * @param maxShardBytes largest sum of the tensors of a shard, in bytes, above 0; a larger
     *     tensor gets a shard of its own
     * @throws IOException if a file cannot be written
     * @throws IllegalStateException if a finite value is beyond the range of its type in the file
     */
    public void writeFolder(Path folder, long maxShardBytes) throws IOException {
        if (maxShardBytes <= 0) {
            throw new IllegalArgumentException("maxShardBytes must be > 0, got " + maxShardBytes);
        }
        new ShardedWrite(folder, this::stage).write(List.copyOf(tensors.values()), maxShardBytes);
    }

    private NewFile stage(Path file, List<PendingTensor> content) throws IOException {
        // Wide elements first, so that every element lies at a multiple of its size.
        List<PendingTensor> ordered =
                content.stream().sorted(Comparator.comparingInt(t -> -t.type().width())).toList();
        return NewFile.write(file, channel -> write(channel, ordered));
    }

    private void write(FileChannel channel, List<PendingTensor> content) throws IOException {
        byte[] json = header(content).toString().getBytes(StandardCharsets.UTF_8);
        int padded = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        ByteBuffer start =
                ByteBuffer.allocate(SafetensorsHeader.PREFIX_BYTES + padded)
                        .order(ByteOrder.LITTLE_ENDIAN);
        start.putLong(padded).put(json);
        while (start.hasRemaining()) {
            start.put((byte) ' ');
        }
        PendingTensor.writeFully(channel, start.flip());
        for (PendingTensor tensor : content) {
            tensor.write(channel);
        }
    }

    private JsonObject header(List<PendingTensor> content) {
        JsonObject header = new JsonObject();
        JsonObject texts = new JsonObject();
        metadata.forEach(texts::addProperty);
        header.add(SafetensorsHeader.METADATA, texts);
        long offset = 0;
        for (PendingTensor tensor : content) {
            header.add(tensor.name(), tensor.entry(offset));
            offset += tensor.bytes();
        }
        return header;
    }
}
