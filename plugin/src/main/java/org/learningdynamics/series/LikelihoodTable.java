package org.learningdynamics.series;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.ResponseRow;

/**
 * All likelihood rows of a run as columns: for each measure and response kind one value a recording
 * and probe.
 *
 * <p>Recordings are addressed by their index in the run, probes by their position among the probes
 * that have the kind. Immutable; holds 8 bytes a value.
 */
public final class LikelihoodTable {
    private final int recordings;
    private final Map<String, KindColumns> columns;
    private final KindColumns none;

    private LikelihoodTable(Builder builder) {
        recordings = builder.recordings.size();
        columns = Collections.unmodifiableMap(builder.columns);
        none = KindColumns.allocate(recordings, new int[0]);
    }

    /**
     * Starts a table.
     *
     * @param recordings the steps of the recordings, ascending
     * @param responses the responses that are watched; kinds keep their first appearance's order
     * @return an empty builder
     * @throws IllegalArgumentException if the steps do not ascend
     */
    public static Builder builder(List<Long> recordings, List<ResponseRow> responses) {
        return new Builder(recordings, responses);
    }

    /**
     * The number of recordings.
     *
     * @return the number of recordings, with or without rows
     */
    public int recordings() {
        return recordings;
    }

    /**
     * The response kinds in the order of the file.
     *
     * @return the kinds
     */
    public List<String> kinds() {
        return List.copyOf(columns.keySet());
    }

    /**
     * The probes that have a kind.
     *
     * @param kind the response kind
     * @return probe ids, ascending; empty for an unknown kind // [probes]
     */
    public int[] probes(String kind) {
        return columnsOf(kind).probes.clone();
    }

    /**
     * One measure of one kind at one recording.
     *
     * @param measure the measure
     * @param kind the response kind
     * @param recording the recording's index
     * @return one value a probe, NaN where there is none; empty for an unknown kind // [probes]
     * @throws IndexOutOfBoundsException if there is no such recording
     */
    public double[] values(Measure measure, String kind, int recording) {
        return columnsOf(kind).column(measure)[recording].clone();
    }

    /**
     * How one measure of one kind changed between two recordings, probe by probe.
     *
     * @param measure the measure
     * @param kind the response kind
     * @param from the earlier recording's index
     * @param to the later recording's index
     * @return one change a probe, NaN where an end is missing; empty for an unknown kind //
     *     [probes]
     * @throws IndexOutOfBoundsException if there is no such recording
     */
    public double[] change(Measure measure, String kind, int from, int to) {
        double[] before = values(measure, kind, from);
        double[] change = values(measure, kind, to);
        for (int i = 0; i < change.length; i++) {
            change[i] -= before[i];
        }
        return change;
    }

    /**
     * One measure of one probe's response over all recordings.
     *
     * @param measure the measure
     * @param kind the response kind
     * @param position the probe's position among {@link #probes(String)}
     * @return one value a recording, NaN where there is none // [recordings]
     * @throws IndexOutOfBoundsException if there is no such probe
     */
    public double[] curve(Measure measure, String kind, int position) {
        double[][] column = columnsOf(kind).column(measure);
        double[] curve = new double[recordings];
        for (int t = 0; t < recordings; t++) {
            curve[t] = column[t][position];
        }
        return curve;
    }

    /**
     * Whether a recording has a row for a response, whatever its values.
     *
     * @param kind the response kind
     * @param recording the recording's index
     * @param position the probe's position among {@link #probes(String)}
     * @return true if the row is there
     * @throws IndexOutOfBoundsException if there is no such recording or probe
     */
    public boolean has(String kind, int recording, int position) {
        return columnsOf(kind).present[recording][position];
    }

    private KindColumns columnsOf(String kind) {
        return columns.getOrDefault(kind, none);
    }

    /**
     * The columns of one kind.
     *
     * @param probes ids, ascending // [probes]
     * @param values one array a measure // [recording][probe]
     * @param present // [recording][probe]
     */
    private record KindColumns(int[] probes, Map<Measure, double[][]> values, boolean[][] present) {
        static KindColumns allocate(int recordings, int[] probes) {
            Map<Measure, double[][]> values = new EnumMap<>(Measure.class);
            for (Measure measure : Measure.values()) {
                double[][] column = new double[recordings][probes.length];
                Arrays.stream(column).forEach(row -> Arrays.fill(row, Double.NaN));
                values.put(measure, column);
            }
            return new KindColumns(probes, values, new boolean[recordings][probes.length]);
        }

        double[][] column(Measure measure) {
            return Objects.requireNonNull(values.get(measure));
        }

        void set(int recording, int position, LikelihoodRow row) {
            values.forEach((measure, column) -> column[recording][position] = measure.of(row));
            present[recording][position] = true;
        }

        void copy(KindColumns source, int from, int start, int to) {
            for (int t = 0; t < source.present.length; t++) {
                for (Map.Entry<Measure, double[][]> entry : values.entrySet()) {
                    entry.getValue()[start + t][to] = source.column(entry.getKey())[t][from];
                }
                present[start + t][to] = source.present[t][from];
            }
        }
    }

    /** Collects rows in any order. Not safe for use by several threads. */
    public static final class Builder {
        private final Map<Long, Integer> recordings = new HashMap<>();
        private final Map<String, KindColumns> columns = new LinkedHashMap<>();

        private Builder(List<Long> steps, List<ResponseRow> responses) {
            long last = Long.MIN_VALUE;
            for (long step : steps) {
                if (step <= last) {
                    throw new IllegalArgumentException(
                            "steps must ascend, got " + step + " after " + last);
                }
                recordings.put(step, recordings.size());
                last = step;
            }
            Map<String, TreeSet<Integer>> ids = new LinkedHashMap<>();
            for (ResponseRow response : responses) {
                ids.computeIfAbsent(response.kind(), kind -> new TreeSet<>()).add(response.probe());
            }
            ids.forEach((kind, probes) -> columns.put(kind, columnsOf(probes)));
        }

        private KindColumns columnsOf(Set<Integer> probes) {
            int[] ids = probes.stream().mapToInt(Integer::intValue).toArray();
            return KindColumns.allocate(recordings.size(), ids);
        }

        /**
         * Adds a row.
         *
         * @param row a row of one of the recordings and responses named at the start
         * @return this builder
         * @throws IllegalArgumentException if its recording or response is unknown
         */
        public Builder add(LikelihoodRow row) {
            Integer recording = recordings.get(row.step());
            KindColumns kind = columns.get(row.kind());
            int position = kind == null ? -1 : Arrays.binarySearch(kind.probes, row.probe());
            if (recording == null || kind == null || position < 0) {
                throw new IllegalArgumentException(
                        "likelihood row must belong to a recording and a response, got step "
                                + row.step()
                                + ", probe "
                                + row.probe()
                                + ", kind "
                                + row.kind());
            }
            kind.set(recording, position, row);
            return this;
        }

        /** Adds another table's rows from a recording on, with its probes renamed. */
        Builder addAll(LikelihoodTable from, int start, Map<Integer, Integer> ids) {
            from.columns.forEach(
                    (kind, source) -> {
                        KindColumns target = Objects.requireNonNull(columns.get(kind));
                        for (int i = 0; i < source.probes.length; i++) {
                            int id = ids.getOrDefault(source.probes[i], source.probes[i]);
                            int position = Arrays.binarySearch(target.probes, id);
                            target.copy(source, i, start, position);
                        }
                    });
            return this;
        }

        /**
         * Ends the building; the builder must not be used afterwards.
         *
         * @return the table
         */
        public LikelihoodTable build() {
            return new LikelihoodTable(this);
        }
    }
}
