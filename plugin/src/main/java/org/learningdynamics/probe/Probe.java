package org.learningdynamics.probe;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One prompt with its named responses.
 *
 * @param id unique in its set, stable across runs
 * @param digest SHA-256 of prompt and responses, hexadecimal
 * @param prompt the prompt
 * @param responses response text by kind, in file order
 */
public record Probe(int id, String digest, String prompt, Map<String, String> responses) {
    /**
     * Copies the map, keeping its order.
     *
     * @param id its id
     * @param digest its digest
     * @param prompt the prompt
     * @param responses response text by kind
     */
    public Probe {
        responses = Collections.unmodifiableMap(new LinkedHashMap<>(responses));
    }
}
