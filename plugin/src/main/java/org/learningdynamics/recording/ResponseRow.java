package org.learningdynamics.recording;

import java.util.Objects;

/**
 * A response of a probe.
 *
 * @param probe the probe's id
 * @param kind the response kind
 * @param text the response's text, or the class name
 * @param tokens number of response tokens, 1 for a classifier
 */
public record ResponseRow(int probe, String kind, String text, int tokens) {
    /**
     * Checks the kind and the count.
     *
     * @param probe the probe's id
     * @param kind the response kind
     * @param text the response's text, or the class name
     * @param tokens number of response tokens, 1 for a classifier
     * @throws IllegalArgumentException if a value breaks its rule
     */
    public ResponseRow {
        Checks.notBlank("kind", kind);
        Objects.requireNonNull(text, "text");
        Checks.atLeast("tokens", 0, tokens);
    }
}
