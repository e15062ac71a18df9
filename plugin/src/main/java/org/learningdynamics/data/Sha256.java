package org.learningdynamics.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 digests for provenance, as 64 lower-case hexadecimal digits. */
public final class Sha256 {
    private static final int BUFFER_BYTES = 1 << 16;

    private Sha256() {}

    /**
     * Digest of a file's bytes, as {@code sha256sum} prints it. Reads the file once.
     *
     * @param file a readable file
     * @return hexadecimal digest
     * @throws DataException if the file cannot be read
     */
    public static String ofFile(Path file) {
        MessageDigest digest = create();
        try (InputStream in = TextSource.file(file).open()) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
        }
        return hex(digest);
    }

    /**
     * Digest of a list of texts. Every part goes in behind its length, so that no two different
     * lists give the same bytes.
     *
     * @param parts the texts
     * @return hexadecimal digest
     */
    public static String ofParts(List<String> parts) {
        MessageDigest digest = create();
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(Long.BYTES).putLong(bytes.length).flip());
            digest.update(bytes);
        }
        return hex(digest);
    }

    /**
     * Digest of texts, as {@link #ofParts(List)}.
     *
     * @param parts the texts
     * @return hexadecimal digest
     */
    public static String ofParts(String... parts) {
        return ofParts(Arrays.asList(parts));
    }

    static MessageDigest create() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
