package org.learningdynamics.data;

/**
 * A prompt with the preferred response y⁺ and the other one y⁻.
 *
 * @param id line number in its source
 * @param prompt the prompt
 * @param chosen y⁺
 * @param rejected y⁻
 */
public record PreferenceExample(long id, String prompt, String chosen, String rejected)
        implements Example {
    @Override
    public String digest() {
        return Sha256.ofParts("preference", prompt, chosen, rejected);
    }
}
