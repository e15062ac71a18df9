package org.learningdynamics.safetensors;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A tensor to be written.
 *
 * @param name its name
 * @param type its elements' type in the file
 * @param shape its dimensions in the file
 * @param values its values in row order, shaped in any way
 */
record PendingTensor(String name, TensorType type, List<Long> shape, INDArray values) {
    long bytes() {
        return values.isEmpty() ? 0 : values.length() * type.width();
    }

    JsonObject entry(long begin) {
        JsonObject entry = new JsonObject();
        entry.addProperty("dtype", type.name());
        entry.add("shape", numbers(shape));
        entry.add("data_offsets", numbers(List.of(begin, begin + bytes())));
        return entry;
    }

    private static JsonArray numbers(List<Long> values) {
        JsonArray array = new JsonArray();
        values.forEach(array::add);
        return array;
    }

    void write(FileChannel channel) throws IOException {
        try {
            RowBlocks.forEach(
                    values, block -> writeFully(channel, NumberCodec.encode(block, type)));
        } catch (ArithmeticException tooLarge) {
            throw new IllegalStateException(
                    "tensor " + name + ": " + tooLarge.getMessage(), tooLarge);
        }
    }

    static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
