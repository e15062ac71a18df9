package org.learningdynamics.probe;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.learningdynamics.data.ResponsesExample;

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
     * @throws IllegalArgumentException if the id is negative or there is no response
     */
    public Probe {
        if (id < 0) {
            throw new IllegalArgumentException("id must be >= 0, got " + id);
        }
        if (responses.isEmpty()) {
            throw new IllegalArgumentException("responses must hold at least one kind, got none");
        }
        responses = Collections.unmodifiableMap(new LinkedHashMap<>(responses));
    }

    /**
     * A probe with the digest that its texts have, whatever the order of its kinds.
     *
     * @param id unique in its set
     * @param prompt the prompt
     * @param responses response text by kind, at least one
     * @return the probe
     */
    public static Probe of(int id, String prompt, Map<String, String> responses) {
        return new Probe(
                id, new ResponsesExample(id, prompt, responses).digest(), prompt, responses);
    }
}
