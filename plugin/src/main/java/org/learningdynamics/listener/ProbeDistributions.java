package org.learningdynamics.listener;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.learningdynamics.measure.TopTokens;
import org.learningdynamics.recording.DistributionRow;

/**
 * Reads the distributions at single positions of some responses, on the probe thread. Tokens that
 * were among the likeliest at the first reading are read for good, so that before and after can be
 * compared.
 */
final class ProbeDistributions {
    private final DistributionOptions options;
    private final Set<Integer> probes;
    private final Map<ProbeBatch.RowName, List<int[]>> first = new HashMap<>();

    /**
     * Reads from now on.
     *
     * @param before the first distributions of a run that is continued
     */
    ProbeDistributions(DistributionOptions options, Probes probes, List<DistributionRow> before) {
        this.options = options;
        this.probes = options.responses().probes(probes);
        Map<ProbeBatch.RowName, Map<Integer, IntStream.Builder>> known = new HashMap<>();
        for (DistributionRow row : before) {
            known.computeIfAbsent(
                            new ProbeBatch.RowName(row.probe(), row.kind()),
                            name -> new TreeMap<>())
                    .computeIfAbsent(row.position(), position -> IntStream.builder())
                    .add(row.token());
        }
        known.forEach(
                (name, positions) ->
                        first.put(
                                name,
                                positions.values().stream()
                                        .map(tokens -> tokens.build().toArray())
                                        .toList()));
    }

    boolean wants(ProbeBatch.RowName name) {
        return probes.contains(name.probe()) && options.responses().hasKind(name.kind());
    }

    /**
     * Reads one response.
     *
     * @param logits of its batch
     * @param start row of the logits that the labels begin at
     * @param labels token ids, or negative where there is none
     */
    List<DistributionRow> read(
            long step, ProbeBatch.RowName name, TopTokens logits, int start, int[] labels) {
        int[] places =
                IntStream.range(0, labels.length)
                        .filter(t -> labels[t] >= 0)
                        .limit(options.positions())
                        .toArray();
        List<DistributionRow> rows = new ArrayList<>();
        List<int[]> known = first.getOrDefault(name, List.of());
        List<int[]> found = new ArrayList<>();
        for (int position = 0; position < places.length; position++) {
            int[] wanted = position < known.size() ? known.get(position) : new int[0];
            int own = labels[places[position]];
            List<TopTokens.Entry> entries =
                    logits.at(start + places[position], options.count(), with(wanted, own));
            for (TopTokens.Entry entry : entries) {
                rows.add(row(step, name, position, entry));
            }
            found.add(entries.stream().mapToInt(TopTokens.Entry::token).toArray());
        }
        first.putIfAbsent(name, List.copyOf(found));
        return rows;
    }

    private static DistributionRow row(
            long step, ProbeBatch.RowName name, int position, TopTokens.Entry entry) {
        return new DistributionRow(
                step, name.probe(), name.kind(), position, entry.token(), entry.logProb());
    }

    private static int[] with(int[] tokens, int own) {
        return IntStream.concat(IntStream.of(tokens), IntStream.of(own)).toArray();
    }
}
