package org.learningdynamics.recording;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 of texts and of what a run watches. */
final class Digests {
    private Digests() {}

    static String sha256(String text) {
        return hex(digest().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * One digest over all probes and responses; it does not depend on their order nor on how much
     * text the file keeps. Every string goes in with its length before it.
     */
    static String ofProbes(List<ProbeRow> probes, List<ResponseRow> responses) {
        MessageDigest digest = digest();
        probes.stream()
                .sorted(Comparator.comparingInt(ProbeRow::probe))
                .forEach(
                        row -> {
                            add(digest, row.probe());
                            add(digest, row.digest());
                            add(digest, row.setName());
                        });
        responses.stream()
                .sorted(
                        Comparator.comparingInt(ResponseRow::probe)
                                .thenComparing(ResponseRow::kind))
                .forEach(
                        row -> {
                            add(digest, row.probe());
                            add(digest, row.kind());
                            add(digest, row.text());
                            add(digest, row.tokens());
                        });
        return hex(digest.digest());
    }

    private static void add(MessageDigest digest, int value) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(value).flip());
    }

    private static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        add(digest, bytes.length);
        digest.update(bytes);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
