package org.learningdynamics.data;

/** One training example as text. */
public sealed interface Example
        permits PreferenceExample,
                CompletionExample,
                UnpairedExample,
                ResponsesExample,
                PromptExample {
    /**
     * The example's number, unique in its source and the same in every run: the line it was read
     * from, unless a type says otherwise.
     *
     * @return at least 1
     */
    long id();

    /**
     * SHA-256 of the example's texts, independent of its place in the file.
     *
     * @return hexadecimal digest
     */
    String digest();

    /**
     * The prompt.
     *
     * @return the text, may be empty
     */
    String prompt();
}
