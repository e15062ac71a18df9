package org.learningdynamics.recording;

import java.util.List;

/**
 * The token ids of a watched response, in the order of {@link TokenRow#position()}. Recorded again
 * for the same response, the later ones stand. Not stored where texts are left out.
 *
 * @param probe the probe's id
 * @param kind the response kind
 * @param tokens its token ids
 */
public record ResponseTokens(int probe, String kind, List<Integer> tokens) implements Measurement {
    /**
     * Checks the kind and copies the tokens.
     *
     * @param probe the probe's id
     * @param kind the response kind
     * @param tokens its token ids
     * @throws IllegalArgumentException if the kind is blank
     */
    public ResponseTokens {
        Checks.notBlank("kind", kind);
        tokens = List.copyOf(tokens);
    }
}
