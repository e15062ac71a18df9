package org.learningdynamics.lm;

/**
 * An answer in tokens.
 *
 * @param tokens without prompt and without the token that ended it // [tokens]
 * @param finish why it ended
 */
public record GeneratedTokens(int[] tokens, Finish finish) {
    /**
     * Copies the tokens.
     *
     * @param tokens the answer
     * @param finish why it ended
     */
    public GeneratedTokens {
        tokens = tokens.clone();
    }

    /**
     * The tokens.
     *
     * @return a copy
     */
    @Override
    public int[] tokens() {
        return tokens.clone();
    }
}
