package org.learningdynamics.recording;

import java.util.Objects;

/**
 * A probe as the run file knows it.
 *
 * @param probe id, unique in the file
 * @param digest SHA-256 of the prompt and its responses, hexadecimal
 * @param setName name of the probe set
 * @param prompt the prompt's text, or a description of the features
 */
public record ProbeRow(int probe, String digest, String setName, String prompt) {
    /**
     * Checks the digest.
     *
     * @param probe id, unique in the file
     * @param digest SHA-256 of the prompt and its responses, hexadecimal
     * @param setName name of the probe set
     * @param prompt the prompt's text, or a description of the features
     * @throws IllegalArgumentException if a value breaks its rule
     */
    public ProbeRow {
        Checks.notBlank("digest", digest);
        Objects.requireNonNull(setName, "setName");
        Objects.requireNonNull(prompt, "prompt");
    }
}
