package org.learningdynamics.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;

/**
 * A file's header, checked as a whole: who holds one may read every tensor it lists.
 *
 * @param metadata texts by name
 * @param tensors tensors by name, in the order of the header
 * @param dataStart the file's byte at which offsets begin to count
 */
record SafetensorsHeader(
        Map<String, String> metadata, Map<String, TensorInfo> tensors, long dataStart) {
    static final String METADATA = "__metadata__";
    static final int PREFIX_BYTES = 8;
    static final int MAX_BYTES = 100_000_000;

    static SafetensorsHeader read(Path file, FileChannel channel) throws IOException {
        byte[] json = json(file, channel);
        long dataStart = PREFIX_BYTES + (long) json.length;
        HeaderParser parser = new HeaderParser(file, channel.size() - dataStart);
        parser.parse(json);
        return new SafetensorsHeader(parser.metadata(), parser.tensors(), dataStart);
    }

    private static byte[] json(Path file, FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < PREFIX_BYTES) {
            throw new SafetensorsException(file, "must have at least 8 bytes, got " + size);
        }
        ByteBuffer prefix = ByteBuffer.wrap(bytes(file, channel, 0, PREFIX_BYTES));
        long length = prefix.order(ByteOrder.LITTLE_ENDIAN).getLong();
        long most = Math.min(MAX_BYTES, size - PREFIX_BYTES);
        if (length < 2 || length > most) {
            throw new SafetensorsException(
                    file,
                    "header length must be from 2 to "
                            + (most == MAX_BYTES ? MAX_BYTES : most + " (the bytes that follow)")
                            + ", got "
                            + Long.toUnsignedString(length));
        }
        return bytes(file, channel, PREFIX_BYTES, (int) length);
    }

    private static byte[] bytes(Path file, FileChannel channel, long position, int count)
            throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new SafetensorsException(file, "shrank while its header was read");
            }
        }
        return buffer.array();
    }
}
