package org.learningdynamics.export;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Writes an array file of NumPy, format version 1.0, C order, of which the first axis is known only
 * at the end: the header has a fixed length of {@value #HEADER_BYTES} bytes and is written last.
 * Memory: one buffer.
 */
final class NpyWriter implements Closeable {
    static final int HEADER_BYTES = 128;

    private static final int PREFIX_BYTES = 10;
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final int BUFFER_BYTES = 1 << 13;

    private final FileChannel channel;
    private final NpyType type;
    private final long[] inner;
    private final ByteBuffer buffer =
            ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long values;

    /** Starts a file; the axes behind the first are given // [any, inner…]. */
    NpyWriter(Path file, NpyType type, long... inner) throws IOException {
        this.type = type;
        this.inner = inner.clone();
        channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        channel.position(HEADER_BYTES);
    }

    void add(double value) throws IOException {
        reserve().putDouble(value);
    }

    void add(float value) throws IOException {
        reserve().putFloat(value);
    }

    void add(long value) throws IOException {
        reserve().putLong(value);
    }

    private ByteBuffer reserve() throws IOException {
        if (buffer.remaining() < type.bytes()) {
            flush();
        }
        values++;
        return buffer;
    }

    private void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    /** Writes what is left and the header. */
    @Override
    public void close() throws IOException {
        try (channel) {
            flush();
            ByteBuffer header = ByteBuffer.wrap(header(type, shape()));
            channel.position(0);
            while (header.hasRemaining()) {
                channel.write(header);
            }
        }
    }

    private long[] shape() {
        long each = Arrays.stream(inner).reduce(1, Math::multiplyExact);
        long[] shape = new long[1 + inner.length];
        shape[0] = each == 0 ? 0 : values / each;
        System.arraycopy(inner, 0, shape, 1, inner.length);
        return shape;
    }

    static byte[] header(NpyType type, long... shape) {
        String axes =
                Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(", "));
        String dictionary =
                "{'descr': '"
                        + type.descr()
                        + "', 'fortran_order': False, 'shape': ("
                        + axes
                        + (shape.length == 1 ? ",), }" : "), }");
        byte[] header = new byte[HEADER_BYTES];
        Arrays.fill(header, (byte) ' ');
        System.arraycopy(MAGIC, 0, header, 0, MAGIC.length);
        int length = HEADER_BYTES - PREFIX_BYTES;
        header[MAGIC.length] = (byte) length;
        header[MAGIC.length + 1] = (byte) (length >> 8);
        byte[] text = dictionary.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, header, PREFIX_BYTES, text.length);
        header[HEADER_BYTES - 1] = '\n';
        return header;
    }
}
