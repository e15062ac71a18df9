package org.learningdynamics.probe;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.data.SequenceEncoder;

/** Probes as token rows, and the batches in which they are scored. */
public final class EncodedProbes {
    private static final Comparator<EncodedProbeRow> BY_LENGTH =
            Comparator.comparingInt(row -> row.encoded().length());

    private EncodedProbes() {}

    /**
     * Encodes every response of every probe. All responses of a probe share the prompt's tokens:
     * the longest response decides how the prompt is cut.
     *
     * @param probes the probes
     * @param encoder makes the tokens
     * @return a row for each response, probes in order, kinds in each probe's order
     */
    public static List<EncodedProbeRow> encode(ProbeSet probes, SequenceEncoder encoder) {
        List<EncodedProbeRow> rows = new ArrayList<>(probes.responses());
        for (Probe probe : probes.probes()) {
            List<String> kinds = List.copyOf(probe.responses().keySet());
            List<EncodedResponse> encoded =
                    encoder.encodeSharing(probe.prompt(), List.copyOf(probe.responses().values()));
            for (int i = 0; i < kinds.size(); i++) {
                rows.add(new EncodedProbeRow(probe.id(), kinds.get(i), encoded.get(i)));
            }
        }
        return rows;
    }

    /**
     * Batches for scoring: rows sorted by length, so that padding is small. The order within equal
     * lengths is that of the rows.
     *
     * @param rows the rows
     * @param maxRows rows in a batch at most, at least 1
     * @return every row exactly once, short ones first
     */
    public static List<List<EncodedProbeRow>> batches(List<EncodedProbeRow> rows, int maxRows) {
        if (maxRows < 1) {
            throw new IllegalArgumentException("maxRows must be >= 1, got " + maxRows);
        }
        List<EncodedProbeRow> sorted = rows.stream().sorted(BY_LENGTH).toList();
        List<List<EncodedProbeRow>> batches = new ArrayList<>();
        for (int from = 0; from < sorted.size(); from += maxRows) {
            batches.add(sorted.subList(from, Math.min(from + maxRows, sorted.size())));
        }
        return batches;
    }
}
