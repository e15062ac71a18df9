package org.learningdynamics.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A prompt with any number of named responses, the probe format.
 *
 * @param id line number in its source
 * @param prompt the prompt
 * @param responses response text by kind in file order, at least one
 */
public record ResponsesExample(long id, String prompt, Map<String, String> responses)
        implements Example {
    /**
     * Copies the map, keeping its order.
     *
     * @param id line number
     * @param prompt the prompt
     * @param responses response text by kind
     * @throws IllegalArgumentException if there is no response
     */
    public ResponsesExample {
        if (responses.isEmpty()) {
            throw new IllegalArgumentException("responses must hold at least one kind, got none");
        }
        responses = Collections.unmodifiableMap(new LinkedHashMap<>(responses));
    }

    /** Does not depend on the order of the kinds. */
    @Override
    public String digest() {
        List<String> parts = new ArrayList<>();
        parts.add("responses");
        parts.add(prompt);
        new TreeMap<>(responses)
                .forEach(
                        (kind, text) -> {
                            parts.add(kind);
                            parts.add(text);
                        });
        return Sha256.ofParts(parts);
    }

    /**
     * The response of one kind.
     *
     * @param kind a response kind
     * @return its text
     * @throws DataException if this example has no such kind
     */
    public String response(String kind) {
        String text = responses.get(kind);
        if (text == null) {
            throw new DataException(
                    "example "
                            + id
                            + " has no response of kind \""
                            + kind
                            + "\"; it has "
                            + String.join(", ", responses.keySet()));
        }
        return text;
    }
}
