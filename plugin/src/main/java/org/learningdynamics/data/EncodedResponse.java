package org.learningdynamics.data;

import java.io.Serializable;

/**
 * A prompt followed by one response and its end-of-sequence token.
 *
 * @param tokens prompt and response tokens // [length]
 * @param promptLength number of leading tokens that belong to the prompt, at least 1
 */
public record EncodedResponse(int[] tokens, int promptLength) implements Serializable {
    /**
     * Checks and copies.
     *
     * @param tokens prompt and response tokens
     * @param promptLength number of prompt tokens
     */
    public EncodedResponse {
        if (promptLength < 1 || promptLength >= tokens.length) {
            throw new IllegalArgumentException(
                    "promptLength must be in [1, "
                            + tokens.length
                            + "), got "
                            + promptLength
                            + ": a response needs at least one token");
        }
        tokens = tokens.clone();
    }

    /**
     * The tokens.
     *
     * @return a copy // [length]
     */
    @Override
    public int[] tokens() {
        return tokens.clone();
    }

    /**
     * Number of response tokens, the end-of-sequence token included.
     *
     * @return at least 1
     */
    public int responseLength() {
        return tokens.length - promptLength;
    }

    /**
     * Number of tokens.
     *
     * @return prompt and response together
     */
    public int length() {
        return tokens.length;
    }
}
