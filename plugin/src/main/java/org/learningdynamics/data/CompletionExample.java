package org.learningdynamics.data;

/**
 * A prompt with the one response to learn.
 *
 * @param id line number in its source, or as {@link Supervision} numbers it
 * @param prompt the prompt
 * @param completion the response
 */
public record CompletionExample(long id, String prompt, String completion) implements Example {
    @Override
    public String digest() {
        return Sha256.ofParts("completion", prompt, completion);
    }
}
