package org.learningdynamics.data;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Every UTF-8 byte is a token: ids 0 to 255 are the bytes, then padding and end of sequence. No
 * training, no unknown text; sequences are long.
 */
public final class ByteTokenizer implements Tokenizer {
    private static final int BYTES = 256;
    private static final int PADDING = BYTES;
    private static final int END_OF_SEQUENCE = BYTES + 1;

    /** The only mapping there is. */
    public ByteTokenizer() {}

    @Override
    public int[] encode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int[] ids = new int[bytes.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = bytes[i] & 0xFF;
        }
        return ids;
    }

    /** Bytes that are not UTF-8 become U+FFFD. */
    @Override
    public String decode(int[] ids) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(ids.length);
        for (int id : ids) {
            if (id < 0 || id >= vocabularySize()) {
                throw new IllegalArgumentException("id must be in [0, 258), got " + id);
            }
            if (id < BYTES) {
                bytes.write(id);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Override
    public int vocabularySize() {
        return BYTES + 2;
    }

    @Override
    public int endOfSequenceId() {
        return END_OF_SEQUENCE;
    }

    @Override
    public int paddingId() {
        return PADDING;
    }

    @Override
    public String digest() {
        return Sha256.ofParts("byte-tokenizer", "1");
    }
}
