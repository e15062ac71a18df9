package org.learningdynamics.listener;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The responses on which more than likelihoods is measured: influence, or distributions.
 *
 * @param maxProbes how many probes, the first in the order of their ids
 * @param kinds response kinds, empty for all
 */
public record ResponseSelection(int maxProbes, List<String> kinds) {
    /** Every response. */
    public static final ResponseSelection ALL = new ResponseSelection(Integer.MAX_VALUE, List.of());

    /**
     * Checks and copies.
     *
     * @param maxProbes how many probes, at least 1
     * @param kinds response kinds, empty for all
     * @throws IllegalArgumentException if no probe is left
     */
    public ResponseSelection {
        if (maxProbes < 1) {
            throw new IllegalArgumentException("maxProbes must be >= 1, got " + maxProbes);
        }
        kinds = List.copyOf(kinds);
    }

    /** Ids of the probes that are selected. */
    Set<Integer> probes(Probes probes) {
        return probes.responseRows().stream()
                .map(row -> row.probe())
                .distinct()
                .sorted()
                .limit(maxProbes)
                .collect(Collectors.toUnmodifiableSet());
    }

    boolean hasKind(String kind) {
        return kinds.isEmpty() || kinds.contains(kind);
    }

    /** Fails if a kind is unknown to the probes. */
    void requireKnown(String what, Probes probes) {
        List<String> known =
                probes.responseRows().stream().map(row -> row.kind()).distinct().sorted().toList();
        for (String kind : kinds) {
            if (!known.contains(kind)) {
                throw new IllegalArgumentException(
                        "kinds of "
                                + what
                                + " must be among those of the probes "
                                + known
                                + ", got "
                                + kind);
            }
        }
    }
}
