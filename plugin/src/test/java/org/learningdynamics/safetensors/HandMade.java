package org.learningdynamics.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Files put together byte by byte, without the writer. */
final class HandMade {
    private HandMade() {}

    static void write(Path file, String json, byte... data) throws IOException {
        Files.write(file, bytes(json.getBytes(StandardCharsets.UTF_8), data));
    }

    static byte[] bytes(byte[] json, byte... data) {
        return ByteBuffer.allocate(8 + json.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .put(data)
                .array();
    }

    static String entry(String type, String shape, long begin, long end) {
        return "{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                .formatted(type, shape, begin, end);
    }

    /** The values 1, 2, … in row order. */
    static INDArray counting(DataType type, int... shape) {
        long[] dimensions = Arrays.stream(shape).asLongStream().toArray();
        int length = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        double[] values = IntStream.rangeClosed(1, length).asDoubleStream().toArray();
        return Nd4j.createFromArray(values).castTo(type).reshape(dimensions);
    }

    static byte[] hex(String digits) {
        String plain = digits.replace(" ", "");
        byte[] bytes = new byte[plain.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(plain.substring(2 * i, 2 * i + 2), 16);
        }
        return bytes;
    }
}
