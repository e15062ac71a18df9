package org.learningdynamics.data;

/** Maps text to token ids and back; immutable and safe for use by several threads. */
public interface Tokenizer {
    /**
     * The ids of a text, without any special token.
     *
     * @param text any text, may be empty
     * @return ids in [0, {@link #vocabularySize()})
     */
    int[] encode(String text);

    /**
     * The ids of a text that begins a sequence: as {@link #encode}, which is what it does unless a
     * tokenizer says otherwise, behind a beginning-of-sequence token for models that want one.
     *
     * @param text any text, may be empty
     * @return ids in [0, {@link #vocabularySize()})
     */
    default int[] encodePrompt(String text) {
        return encode(text);
    }

    /**
     * The text of ids; special tokens are left out.
     *
     * @param ids token ids
     * @return the text
     */
    String decode(int[] ids);

    /**
     * Number of ids.
     *
     * @return V
     */
    int vocabularySize();

    /**
     * The id that ends a response.
     *
     * @return its id
     */
    int endOfSequenceId();

    /**
     * The id that fills up batches.
     *
     * @return its id
     */
    int paddingId();

    /**
     * SHA-256 of everything that decides the mapping.
     *
     * @return hexadecimal digest
     */
    String digest();
}
