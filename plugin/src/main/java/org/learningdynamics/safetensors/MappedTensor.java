package org.learningdynamics.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;

/** Walks once through a tensor's bytes, a mapped window at a time. */
final class MappedTensor {
    private static final long WINDOW_BYTES = 1L << 26;

    private final Path file;
    private final FileChannel channel;
    private final String name;
    private final long end;
    private long position;
    private ByteBuffer window = ByteBuffer.allocate(0);

    MappedTensor(Path file, FileChannel channel, TensorInfo tensor, long dataStart) {
        this.file = file;
        this.channel = channel;
        name = tensor.name();
        position = dataStart + tensor.begin();
        end = dataStart + tensor.end();
    }

    /** The next bytes, little-endian; valid until the next call. */
    ByteBuffer next(int count) throws IOException {
        if (window.remaining() < count) {
            window = map(Math.min(Math.max(WINDOW_BYTES, count), end - position));
        }
        ByteBuffer bytes = window.slice(window.position(), count).order(ByteOrder.LITTLE_ENDIAN);
        window.position(window.position() + count);
        position += count;
        return bytes;
    }

    private ByteBuffer map(long bytes) throws IOException {
        if (channel.size() < end) {
            throw SafetensorsException.ofTensor(
                    file,
                    name,
                    "ends at byte " + end + ", but the file has shrunk to " + channel.size());
        }
        return channel.map(MapMode.READ_ONLY, position, bytes);
    }
}
