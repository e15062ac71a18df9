package org.learningdynamics.recording;

import java.util.Locale;

/** How much of the prompts' and responses' wording a run file keeps. */
public enum Texts {
    /** The texts themselves. */
    FULL,
    /**
     * {@code sha256:} and 64 hexadecimal digits of the UTF-8 text in its place. This keeps wording
     * out of the file; it is no secrecy for texts that can be guessed.
     */
    DIGEST;

    String store(String text) {
        return this == FULL ? text : "sha256:" + Digests.sha256(text);
    }

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
