package org.learningdynamics.listener;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A running SHA-256; every part is preceded by its length, so that parts cannot run together. */
final class Sha256 {
    private final MessageDigest digest;

    Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform must have SHA-256", e);
        }
    }

    Sha256 add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
        return this;
    }

    Sha256 add(long... values) {
        ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES * values.length + Integer.BYTES);
        buffer.putInt(values.length);
        for (long value : values) {
            buffer.putLong(value);
        }
        digest.update(buffer.flip());
        return this;
    }

    Sha256 add(int[] values) {
        long[] wide = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            wide[i] = values[i];
        }
        return add(wide);
    }

    Sha256 add(double[] values) {
        long[] bits = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            bits[i] = Double.doubleToLongBits(values[i]);
        }
        return add(bits);
    }

    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
