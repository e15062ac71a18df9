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
import java.util.Optional;

/** Lines of UTF-8, ended by LF or CRLF, with their numbers; memory is one line. */
final class TextLines implements Closeable {
    /** A line may be this long. */
    static final int MAX_BYTES = 1 << 26;

    private static final int END = -1;

    private final Path file;
    private final InputStream in;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long number;

    TextLines(Path file) throws IOException {
        this.file = file;
        this.in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    }

    /** Number of the last line, from 1. */
    long number() {
        return number;
    }

    /** The next line without its end, empty after the last. */
    Optional<String> next() throws IOException {
        bytes.reset();
        int b = in.read();
        if (b == END) {
            return Optional.empty();
        }
        number++;
        for (; b != '\n' && b != END; b = in.read()) {
            if (bytes.size() >= MAX_BYTES) {
                throw bad("line must have at most " + MAX_BYTES + " bytes, got more");
            }
            bytes.write(b);
        }
        String text = decoded();
        return Optional.of(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }

    private String decoded() {
        try {
            ByteBuffer all = ByteBuffer.wrap(bytes.toByteArray());
            return StandardCharsets.UTF_8.newDecoder().decode(all).toString();
        } catch (CharacterCodingException e) {
            throw new ExchangeException(
                    file + ":" + number + ": must be UTF-8 text, got other bytes", e);
        }
    }

    private ExchangeException bad(String problem) {
        return new ExchangeException(file + ":" + number + ": " + problem);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
