package org.learningdynamics.data;

import java.io.Serializable;

/**
 * How sequences that are too long are cut. A sequence of at most {@code maxLength} tokens is left
 * alone. Otherwise the prompt is cut to {@code maxPromptLength} first; if that is not enough, the
 * response loses its end.
 *
 * @param maxLength prompt and response together, at least 2
 * @param maxPromptLength prompt of a sequence that is too long, in [1, maxLength)
 * @param keepPrompt which end of the prompt stays
 */
public record Truncation(int maxLength, int maxPromptLength, KeepPrompt keepPrompt)
        implements Serializable {
    /** The paper's 512 tokens with a prompt of at most 256, its end kept. */
    public static final Truncation DEFAULT = new Truncation(512, 256, KeepPrompt.END);

    /**
     * Checks the bounds.
     *
     * @param maxLength tokens in all
     * @param maxPromptLength prompt tokens
     * @param keepPrompt the end that stays
     * @throws IllegalArgumentException if a limit is out of range
     */
    public Truncation {
        if (maxLength < 2) {
            throw new IllegalArgumentException("maxLength must be >= 2, got " + maxLength);
        }
        if (maxPromptLength < 1 || maxPromptLength >= maxLength) {
            throw new IllegalArgumentException(
                    "maxPromptLength must be in [1, " + maxLength + "), got " + maxPromptLength);
        }
    }
}
