package org.learningdynamics.export;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Records of a CSV file (RFC 4180) with the number of the line they begin at. Ends of line are CRLF
 * or LF; a byte-order mark at the beginning is dropped; the text must be UTF-8, in which the bytes
 * of commas, quotes and ends of line stand for nothing else.
 */
final class CsvReader implements Closeable {
    /** A field may be this long. */
    static final int MAX_FIELD_BYTES = 1 << 26;

    private static final int END = -1;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private final Path file;
    private final InputStream in;
    private final ByteArrayOutputStream field = new ByteArrayOutputStream();
    private long line = 1;
    private long recordLine;

    CsvReader(Path file) throws IOException {
        this.file = file;
        this.in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        in.mark(BYTE_ORDER_MARK.length);
        if (!Arrays.equals(BYTE_ORDER_MARK, in.readNBytes(BYTE_ORDER_MARK.length))) {
            in.reset();
        }
    }

    /** The line, from 1, at which the last record began. */
    long recordLine() {
        return recordLine;
    }

    /** The next record; empty at the end of the file. */
    List<String> next() throws IOException {
        List<String> fields = new ArrayList<>();
        recordLine = line;
        int c = in.read();
        while (c != END) {
            c = field(fields, c);
            if (c == '\n') {
                line++;
                return fields;
            }
            c = c == END ? END : in.read();
            if (c == END) {
                throw bad("record must end with an end of line, got the end of the file");
            }
        }
        return fields;
    }

    /** Reads a field from its first byte on; returns what ended it: comma, LF or the end. */
    private int field(List<String> fields, int first) throws IOException {
        field.reset();
        int end = first == '"' ? quoted() : plain(first);
        fields.add(decoded());
        if (end != '\r') {
            return end;
        }
        int next = in.read();
        if (next != '\n') {
            throw bad("CR outside quotes must be followed by LF, got " + name(next));
        }
        return next;
    }

    private int plain(int first) throws IOException {
        int c = first;
        while (c != END && c != ',' && c != '\n' && c != '\r') {
            if (c == '"') {
                throw bad("field with a quote must be in quotes, got one that begins otherwise");
            }
            append(c);
            c = in.read();
        }
        return c;
    }

    private int quoted() throws IOException {
        while (true) {
            int c = in.read();
            if (c == END) {
                throw bad("quoted field must be closed, got the end of the file");
            }
            if (c == '"') {
                int next = in.read();
                if (next == ',' || next == '\r' || next == '\n' || next == END) {
                    return next;
                }
                if (next != '"') {
                    throw bad(
                            "closing quote must be followed by a comma or an end of line, got "
                                    + name(next));
                }
            }
            if (c == '\n') {
                line++;
            }
            append(c);
        }
    }

    private String decoded() {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(field.toByteArray());
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new ExchangeException(
                    file + ":" + line + ": must be UTF-8 text, got other bytes", e);
        }
    }

    private void append(int c) {
        if (field.size() >= MAX_FIELD_BYTES) {
            throw bad("field must have at most " + MAX_FIELD_BYTES + " bytes, got more");
        }
        field.write(c);
    }

    private static String name(int c) {
        return c == END ? "the end of the file" : "byte " + c;
    }

    private ExchangeException bad(String problem) {
        return new ExchangeException(file + ":" + line + ": " + problem);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
