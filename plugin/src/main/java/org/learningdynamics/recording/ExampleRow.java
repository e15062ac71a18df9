package org.learningdynamics.recording;

import java.util.Objects;

/**
 * A training example. Recorded again with the same id, the later row stands.
 *
 * @param example id, unique in the file
 * @param digest SHA-256 of its content, hexadecimal
 * @param prompt the prompt's text
 */
public record ExampleRow(long example, String digest, String prompt) implements Measurement {
    /**
     * Checks that there are texts.
     *
     * @param example id, unique in the file
     * @param digest SHA-256 of its content, hexadecimal
     * @param prompt the prompt's text
     * @throws NullPointerException if one is missing
     */
    public ExampleRow {
        Objects.requireNonNull(digest, "digest");
        Objects.requireNonNull(prompt, "prompt");
    }
}
