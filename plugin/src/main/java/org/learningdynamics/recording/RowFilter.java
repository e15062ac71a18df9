package org.learningdynamics.recording;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Chooses rows of a run file by recording, kind and probe: start with {@link #ALL} and narrow it.
 *
 * @param firstStep first recording
 * @param lastStep last recording, included
 * @param kinds response kinds, every one if empty
 * @param probes probe ids, every one if empty
 */
public record RowFilter(long firstStep, long lastStep, Set<String> kinds, Set<Integer> probes) {
    /** Every row. */
    public static final RowFilter ALL = new RowFilter(0, Long.MAX_VALUE, Set.of(), Set.of());

    /**
     * Checks the range and copies the sets.
     *
     * @param firstStep first recording
     * @param lastStep last recording, included
     * @param kinds response kinds, every one if empty
     * @param probes probe ids, every one if empty
     * @throws IllegalArgumentException if the first step is negative or after the last
     */
    public RowFilter {
        if (firstStep < 0 || lastStep < firstStep) {
            throw new IllegalArgumentException(
                    "steps must be a range from 0 on, got " + firstStep + " to " + lastStep);
        }
        kinds = Set.copyOf(kinds);
        probes = Set.copyOf(probes);
    }

    /**
     * Keeps a range of recordings.
     *
     * @param first first recording
     * @param last last recording, included
     * @return the narrower filter
     */
    public RowFilter steps(long first, long last) {
        return new RowFilter(first, last, kinds, probes);
    }

    /**
     * Keeps one more kind.
     *
     * @param kind a response kind
     * @return the filter with this kind among those kept
     */
    public RowFilter kind(String kind) {
        Set<String> more = new LinkedHashSet<>(kinds);
        more.add(kind);
        return new RowFilter(firstStep, lastStep, more, probes);
    }

    /**
     * Keeps one more probe.
     *
     * @param probe a probe's id
     * @return the filter with this probe among those kept
     */
    public RowFilter probe(int probe) {
        Set<Integer> more = new LinkedHashSet<>(probes);
        more.add(probe);
        return new RowFilter(firstStep, lastStep, kinds, more);
    }

    void requireNoKinds(String rows) {
        if (!kinds.isEmpty()) {
            throw new IllegalArgumentException(
                    "filter of " + rows + " must not choose kinds, got " + new TreeSet<>(kinds));
        }
    }

    void requireNoProbes(String rows) {
        if (!probes.isEmpty()) {
            throw new IllegalArgumentException(
                    "filter of " + rows + " must not choose probes, got " + new TreeSet<>(probes));
        }
    }

    String where() {
        String where = " WHERE step BETWEEN ? AND ?";
        if (!kinds.isEmpty()) {
            where += " AND kind IN (" + "?,".repeat(kinds.size() - 1) + "?)";
        }
        if (!probes.isEmpty()) {
            where += " AND probe IN (" + "?,".repeat(probes.size() - 1) + "?)";
        }
        return where;
    }

    Object[] arguments() {
        Object[] arguments = new Object[2 + kinds.size() + probes.size()];
        int next = 0;
        arguments[next++] = firstStep;
        arguments[next++] = lastStep;
        for (String kind : new TreeSet<>(kinds)) {
            arguments[next++] = kind;
        }
        for (Integer probe : new TreeSet<>(probes)) {
            arguments[next++] = probe;
        }
        return arguments;
    }
}
