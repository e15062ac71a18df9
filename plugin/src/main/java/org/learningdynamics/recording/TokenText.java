package org.learningdynamics.recording;

import java.util.Objects;

/**
 * The wording of a token id, so that a recording's tokens can be read without the tokenizer.
 * Recorded again with the same id, the later row stands. Not stored where texts are left out.
 *
 * @param token its id
 * @param text its text, as the tokenizer gives it alone
 */
public record TokenText(int token, String text) implements Measurement {
    /**
     * Checks that there is a text.
     *
     * @param token its id
     * @param text its text
     * @throws NullPointerException if it is missing
     */
    public TokenText {
        Objects.requireNonNull(text, "text");
    }
}
