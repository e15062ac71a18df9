package org.learningdynamics.series;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.learningdynamics.recording.ProbeRow;

/**
 * What one run says of the same responses more than another, at the iterations that both recorded:
 * {@code d_i(t) = other_i(t) − base_i(t)} for every probe i that both watch.
 *
 * <p>Probes are the same if their digests are equal; of several equal ones the first of the one run
 * belongs to the first of the other. Because each difference is taken within a probe, the spread of
 * the probes' levels drops out: intervals of {@code d} are much tighter than those of the two
 * means. Holds the two runs and a few indexes; every call costs one pass over the shared probes.
 */
public final class RunDifference {
    private final RecordedRun base;
    private final RecordedRun other;
    private final int[] baseAt;
    private final int[] otherAt;
    private final Map<String, Pairs> pairs = new LinkedHashMap<>();

    private RunDifference(RecordedRun base, RecordedRun other) {
        this.base = base;
        this.other = other;
        Map<Long, Integer> recordings = new HashMap<>();
        for (int t = 0; t < base.steps().size(); t++) {
            recordings.putIfAbsent(base.steps().get(t).iteration(), t);
        }
        List<int[]> matched = new ArrayList<>();
        for (int t = 0; t < other.steps().size(); t++) {
            Integer same = recordings.remove(other.steps().get(t).iteration());
            if (same != null) {
                matched.add(new int[] {same, t});
            }
        }
        baseAt = matched.stream().mapToInt(pair -> pair[0]).toArray();
        otherAt = matched.stream().mapToInt(pair -> pair[1]).toArray();
        matchProbes();
    }

    /**
     * Matches two runs.
     *
     * @param base the run that is subtracted
     * @param other the run from which it is subtracted
     * @return their difference; without iterations or kinds where they share none
     */
    public static RunDifference between(RecordedRun base, RecordedRun other) {
        return new RunDifference(base, other);
    }

    /**
     * The run that is subtracted.
     *
     * @return the base
     */
    public RecordedRun base() {
        return base;
    }

    /**
     * The run from which it is subtracted.
     *
     * @return the other run
     */
    public RecordedRun other() {
        return other;
    }

    /**
     * The iterations at which both runs were recorded.
     *
     * @return iterations in the order of the other run's recordings // [T]
     */
    public long[] iterations() {
        return Arrays.stream(otherAt).mapToLong(t -> other.steps().get(t).iteration()).toArray();
    }

    /**
     * The kinds that both runs have for at least one shared probe.
     *
     * @return the kinds in the base's order
     */
    public List<String> kinds() {
        return List.copyOf(pairs.keySet());
    }

    /**
     * How many probes both runs watch with a response of a kind.
     *
     * @param kind the response kind
     * @return n, 0 for an unknown kind
     */
    public int probes(String kind) {
        return pairsOf(kind).inBase.length;
    }

    /**
     * The differences at one shared iteration, {@code d_i(t)}.
     *
     * @param measure the measure
     * @param kind the response kind
     * @param at index in {@link #iterations()}
     * @return one difference a shared probe, NaN where an end is missing; empty for an unknown kind
     *     // [n]
     * @throws IndexOutOfBoundsException if there is no such shared iteration
     */
    public double[] levels(Measure measure, String kind, int at) {
        Pairs found = pairsOf(kind);
        double[] before = base.likelihoods().values(measure, kind, baseAt[at]);
        double[] after = other.likelihoods().values(measure, kind, otherAt[at]);
        double[] differences = new double[found.inBase.length];
        for (int i = 0; i < differences.length; i++) {
            differences[i] = after[found.inOther[i]] - before[found.inBase[i]];
        }
        return differences;
    }

    /**
     * By how much more the other run moved a probe since the first shared iteration, {@code d_i(t)
     * − d_i(0)}: what is left when the runs began from different states.
     *
     * @param measure the measure
     * @param kind the response kind
     * @param at index in {@link #iterations()}
     * @return one difference of changes a shared probe, NaN where an end is missing; empty for an
     *     unknown kind // [n]
     * @throws IndexOutOfBoundsException if there is no such shared iteration
     */
    public double[] changes(Measure measure, String kind, int at) {
        double[] start = levels(measure, kind, 0);
        double[] changes = levels(measure, kind, at);
        for (int i = 0; i < changes.length; i++) {
            changes[i] -= start[i];
        }
        return changes;
    }

    private Pairs pairsOf(String kind) {
        return pairs.getOrDefault(kind, Pairs.NONE);
    }

    private void matchProbes() {
        Map<Integer, String> names = names(base);
        Map<String, Integer> ids = new HashMap<>();
        names(other).forEach((id, name) -> ids.put(name, id));
        for (String kind : base.likelihoods().kinds()) {
            int[] inBase = base.likelihoods().probes(kind);
            int[] inOther = other.likelihoods().probes(kind);
            List<int[]> found = new ArrayList<>();
            for (int i = 0; i < inBase.length; i++) {
                Integer id = ids.get(Objects.requireNonNullElse(names.get(inBase[i]), ""));
                int position = id == null ? -1 : Arrays.binarySearch(inOther, id);
                if (position >= 0) {
                    found.add(new int[] {i, position});
                }
            }
            if (!found.isEmpty()) {
                pairs.put(kind, Pairs.of(found));
            }
        }
    }

    /** Digest and copy number by probe. */
    private static Map<Integer, String> names(RecordedRun run) {
        Map<Integer, String> names = new HashMap<>();
        Map<String, Integer> copies = new HashMap<>();
        for (ProbeRow probe : run.probes()) {
            int copy = copies.merge(probe.digest(), 1, Integer::sum);
            names.put(probe.probe(), probe.digest() + "#" + copy);
        }
        return names;
    }

    /** Positions of the shared probes of a kind in both tables. */
    private record Pairs(int[] inBase, int[] inOther) {
        static final Pairs NONE = new Pairs(new int[0], new int[0]);

        static Pairs of(List<int[]> found) {
            return new Pairs(
                    found.stream().mapToInt(pair -> pair[0]).toArray(),
                    found.stream().mapToInt(pair -> pair[1]).toArray());
        }
    }
}
