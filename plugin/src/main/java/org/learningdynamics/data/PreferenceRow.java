package org.learningdynamics.data;

import java.util.ArrayList;
import java.util.List;

/**
 * An encoded preference; both responses follow the same prompt tokens.
 *
 * @param example the example's id
 * @param chosen prompt and y⁺
 * @param rejected prompt and y⁻
 */
public record PreferenceRow(long example, EncodedResponse chosen, EncodedResponse rejected) {
    /**
     * Length of the longer sequence.
     *
     * @return tokens
     */
    public int length() {
        return Math.max(chosen.length(), rejected.length());
    }

    /**
     * The sequences of several pairs for one forward pass: first every chosen one, then every
     * rejected one in the same order, so that pair i is rows i and {@code pairs.size() + i}.
     *
     * @param pairs the pairs
     * @return twice as many sequences
     */
    public static List<EncodedResponse> stacked(List<PreferenceRow> pairs) {
        List<EncodedResponse> rows = new ArrayList<>(2 * pairs.size());
        pairs.forEach(pair -> rows.add(pair.chosen()));
        pairs.forEach(pair -> rows.add(pair.rejected()));
        return rows;
    }
}
