package org.learningdynamics.sweep.record;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A candidate that was drawn.
 *
 * @param index its number in the order of drawing, from 0
 * @param parameters values by name: {@link String}, {@link Boolean}, {@link Long} or {@link Double}
 */
public record CandidateRow(int index, Map<String, Object> parameters) {
    /**
     * Copies the map, with whole numbers as {@link Long} and others as {@link Double}.
     *
     * @param index its number, from 0
     * @param parameters values by name; anything that is none of the four types becomes its text
     * @throws IllegalArgumentException if the index is negative
     */
    public CandidateRow {
        if (index < 0) {
            throw new IllegalArgumentException("index must be >= 0, got " + index);
        }
        Map<String, Object> plain = new LinkedHashMap<>();
        parameters.forEach((name, value) -> plain.put(name, plain(value)));
        parameters = Collections.unmodifiableMap(plain);
    }

    private static Object plain(Object value) {
        if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (value instanceof Float number) {
            return Double.parseDouble(number.toString());
        }
        boolean isPlain =
                value instanceof String
                        || value instanceof Boolean
                        || value instanceof Long
                        || value instanceof Double;
        return isPlain ? value : value.toString();
    }
}
