package org.learningdynamics.data;

/**
 * A prompt alone.
 *
 * @param id line number in its source
 * @param prompt the prompt
 */
public record PromptExample(long id, String prompt) implements Example {
    @Override
    public String digest() {
        return Sha256.ofParts("prompt", prompt);
    }
}
