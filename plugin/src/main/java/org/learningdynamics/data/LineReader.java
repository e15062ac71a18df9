package org.learningdynamics.data;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;

/**
 * Lines of UTF-8 with their numbers. Ends of line are LF or CRLF; a byte-order mark before the
 * first line is dropped; a line longer than the limit is passed over without being held in memory.
 */
final class LineReader implements Closeable {
    private static final int END = -1;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final String source;
    private final int maxLineBytes;
    private final MessageDigest digest = Sha256.create();
    private final InputStream in;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long number;
    private boolean tooLong;

    LineReader(TextSource source, int maxLineBytes) {
        this.source = source.name();
        this.maxLineBytes = maxLineBytes;
        this.in = new BufferedInputStream(new DigestInputStream(source.open(), digest), 1 << 16);
    }

    /** Moves to the next line; false at the end of the source. */
    boolean advance() {
        line.reset();
        tooLong = false;
        try {
            int b = in.read();
            if (b == END) {
                return false;
            }
            for (; b != END && b != '\n'; b = in.read()) {
                add(b);
            }
        } catch (IOException e) {
            throw new DataException(source + ": cannot be read: " + e.getMessage(), e);
        }
        number++;
        return true;
    }

    private void add(int b) {
        if (line.size() < maxLineBytes) {
            line.write(b);
        } else {
            tooLong = true;
        }
    }

    /** Number of the current line, from 1. */
    long number() {
        return number;
    }

    /** The current line without its end. */
    String text() throws BadLineException {
        if (tooLong) {
            throw tooLong(maxLineBytes);
        }
        return text(number, line.toByteArray());
    }

    static BadLineException tooLong(int maxLineBytes) {
        return new BadLineException("line is longer than " + maxLineBytes + " bytes");
    }

    /** A line of a file that was cut at every LF. */
    static String text(long number, byte[] line) throws BadLineException {
        String text = decode(number, line);
        if (number == 1 && !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
            text = text.substring(1);
        }
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private static String decode(long number, byte[] bytes) throws BadLineException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadLineException("not UTF-8 text" + hint(number, bytes), e);
        }
    }

    private static String hint(long number, byte[] bytes) {
        if (number != 1 || bytes.length < 2) {
            return "";
        }
        int magic = ((bytes[0] & 0xFF) << 8) | (bytes[1] & 0xFF);
        return switch (magic) {
            case 0x1F8B -> "; the file looks gzip-compressed, unpack it first";
            case 0xFFFE, 0xFEFF -> "; the file looks like UTF-16, convert it to UTF-8";
            default -> "";
        };
    }

    /** Digest of all bytes; call it after the last line. */
    String sha256() {
        return Sha256.hex(digest);
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw new DataException(source + ": cannot be closed: " + e.getMessage(), e);
        }
    }
}
