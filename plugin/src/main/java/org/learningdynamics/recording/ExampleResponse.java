package org.learningdynamics.recording;

import java.util.List;

/**
 * The wording of a response that a training example teaches. Recorded again for the same example
 * and part, the later row stands.
 *
 * @param example the example's id
 * @param part {@link ResidualRow#RESPONSE}, {@link ResidualRow#CHOSEN} or {@link
 *     ResidualRow#REJECTED}
 * @param text its text
 */
public record ExampleResponse(long example, String part, String text) implements Measurement {
    private static final List<String> PARTS =
            List.of(ResidualRow.RESPONSE, ResidualRow.CHOSEN, ResidualRow.REJECTED);

    /**
     * Checks the part.
     *
     * @param example the example's id
     * @param part which of its responses
     * @param text its text
     * @throws IllegalArgumentException if there is no such part
     */
    public ExampleResponse {
        Checks.oneOf("part", PARTS, part);
    }
}
