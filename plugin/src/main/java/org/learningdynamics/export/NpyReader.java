package org.learningdynamics.export;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads an array file of NumPy, format version 1.0, float64, little-endian, C order. The header is
 * checked against the file's length before anything is read. Messages name the byte offset.
 */
final class NpyReader implements Closeable {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int PREFIX_BYTES = 10;
    private static final Pattern HEADER =
            Pattern.compile(
                    "\\{'descr': '([^']*)', 'fortran_order': (True|False),"
                            + " 'shape': \\(([0-9, ]*)\\),? ?\\} *\n?");
    private static final Pattern SHAPE =
            Pattern.compile("|[0-9]{1,18},|[0-9]{1,18}(, [0-9]{1,18})+");

    private final Path file;
    private final FileChannel channel;
    private final long dataOffset;
    private final long[] shape;

    private NpyReader(Path file, FileChannel channel) throws IOException {
        this.file = file;
        this.channel = channel;
        ByteBuffer prefix = read(0, PREFIX_BYTES);
        requirePrefix(prefix);
        int length = Short.toUnsignedInt(prefix.getShort(MAGIC.length + 2));
        this.dataOffset = PREFIX_BYTES + (long) length;
        ByteBuffer text = read(PREFIX_BYTES, length);
        this.shape = shape(StandardCharsets.ISO_8859_1.decode(text).toString());
        requireSize();
    }

    static NpyReader open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file);
        try {
            return new NpyReader(file, channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** The lengths of the axes. */
    long[] shape() {
        return shape.clone();
    }

    /** Values from an index of the flattened array on; the range must be inside. */
    double[] values(long from, int count) throws IOException {
        double[] values = new double[count];
        read(dataOffset + from * Double.BYTES, Math.multiplyExact(count, Double.BYTES))
                .asDoubleBuffer()
                .get(values);
        return values;
    }

    /** Where a value of the flattened array stands, for messages. */
    String place(long index) {
        return file + ": at byte " + (dataOffset + index * Double.BYTES);
    }

    private void requirePrefix(ByteBuffer prefix) {
        for (int i = 0; i < MAGIC.length; i++) {
            if (prefix.get(i) != MAGIC[i]) {
                throw bad(
                        i,
                        "array file must begin with \\x93NUMPY",
                        "byte " + (prefix.get(i) & 255));
            }
        }
        if (prefix.get(6) != 1 || prefix.get(7) != 0) {
            throw bad(
                    6,
                    "format version must be 1.0",
                    (prefix.get(6) & 255) + "." + (prefix.get(7) & 255));
        }
    }

    private long[] shape(String header) {
        Matcher parts = HEADER.matcher(header);
        if (!parts.matches()) {
            throw bad(
                    PREFIX_BYTES,
                    "header must be {'descr': …, 'fortran_order': …, 'shape': (…), }",
                    Numbers.show(header.strip()));
        }
        if (!parts.group(1).equals(NpyType.FLOAT64.descr())) {
            throw bad(PREFIX_BYTES, "descr must be <f8", Numbers.show(parts.group(1)));
        }
        if (parts.group(2).equals("True")) {
            throw bad(PREFIX_BYTES, "fortran_order must be False", "True");
        }
        return axes(parts.group(3));
    }

    private long[] axes(String text) {
        if (!SHAPE.matcher(text).matches()) {
            throw bad(
                    PREFIX_BYTES,
                    "shape must be whole numbers of at most 18 digits",
                    "(" + text + ")");
        }
        return List.of(text.split(", ?")).stream()
                .filter(axis -> !axis.isEmpty())
                .mapToLong(Long::parseLong)
                .toArray();
    }

    private void requireSize() throws IOException {
        long have = channel.size() - dataOffset;
        long need;
        try {
            need = Arrays.stream(shape).reduce(Double.BYTES, Math::multiplyExact);
        } catch (ArithmeticException e) {
            throw new ExchangeException(
                    message(PREFIX_BYTES, "shape must fit a file", Arrays.toString(shape)), e);
        }
        if (have != need) {
            throw bad(
                    dataOffset,
                    "array of shape " + Arrays.toString(shape) + " must have " + need + " bytes",
                    Long.toString(have));
        }
    }

    private ByteBuffer read(long offset, int count) throws IOException {
        if (offset + count > channel.size()) {
            throw bad(
                    offset,
                    "file must have " + count + " bytes from here on",
                    Long.toString(Math.max(0, channel.size() - offset)));
        }
        ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position()) < 0) {
                throw bad(offset, "file must stay as it is while it is read", "its end");
            }
        }
        return buffer.flip();
    }

    private ExchangeException bad(long offset, String rule, String value) {
        return new ExchangeException(message(offset, rule, value));
    }

    private String message(long offset, String rule, String value) {
        return file + ": at byte " + offset + ": " + rule + ", got " + value;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
