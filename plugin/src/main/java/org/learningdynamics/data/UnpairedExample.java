package org.learningdynamics.data;

/**
 * A prompt with one response and a verdict on it.
 *
 * @param id line number in its source
 * @param prompt the prompt
 * @param completion the response
 * @param label whether the response is desirable
 */
public record UnpairedExample(long id, String prompt, String completion, boolean label)
        implements Example {
    @Override
    public String digest() {
        return Sha256.ofParts("unpaired", prompt, completion, Boolean.toString(label));
    }
}
