package org.learningdynamics.sweep;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.learningdynamics.data.PreferenceExample;
import org.learningdynamics.probe.Probe;
import org.learningdynamics.probe.ProbeSet;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.series.LikelihoodTable;
import org.learningdynamics.series.Measure;
import org.learningdynamics.series.RecordedRun;

/**
 * Pairs that no candidate learns, watched as probes with two kinds of their own beside the probes,
 * so that means over the kind {@code chosen} do not mix both.
 */
final class HeldOut {
    static final String CHOSEN = "heldout_chosen";
    static final String REJECTED = "heldout_rejected";

    private HeldOut() {}

    /** The probes, and one more a pair. */
    static ProbeSet beside(ProbeSet probes, List<PreferenceExample> pairs) {
        List<Probe> all = new ArrayList<>(probes.probes());
        int next = all.stream().mapToInt(Probe::id).max().orElse(0) + 1;
        for (PreferenceExample pair : pairs) {
            Map<String, String> responses = new LinkedHashMap<>();
            responses.put(CHOSEN, pair.chosen());
            responses.put(REJECTED, pair.rejected());
            all.add(Probe.of(next++, pair.prompt(), responses));
        }
        return new ProbeSet(probes.name(), all);
    }

    /** log π(y⁺) − log π(y⁻) of each pair // [pairs]. */
    static double[] differences(LikelihoodTable table, int recording) {
        double[] chosen = table.values(Measure.LOG_PROB, CHOSEN, recording);
        double[] rejected = table.values(Measure.LOG_PROB, REJECTED, recording);
        double[] differences = new double[Math.min(chosen.length, rejected.length)];
        for (int j = 0; j < differences.length; j++) {
            differences[j] = chosen[j] - rejected[j];
        }
        return differences;
    }

    /** How much each pair's difference grew // [pairs]. */
    static double[] margins(LikelihoodTable table, int from, int to) {
        double[] before = differences(table, from);
        double[] margins = differences(table, to);
        for (int j = 0; j < margins.length; j++) {
            margins[j] -= before[j];
        }
        return margins;
    }

    /** Tokens of each probe's response of a kind, in the table's order // [probes]. */
    static int[] tokens(RecordedRun run, String kind) {
        Map<Integer, Integer> byProbe = new HashMap<>();
        for (ResponseRow row : run.responses()) {
            if (row.kind().equals(kind)) {
                byProbe.put(row.probe(), row.tokens());
            }
        }
        int[] probes = run.likelihoods().probes(kind);
        int[] tokens = new int[probes.length];
        for (int i = 0; i < probes.length; i++) {
            tokens[i] = byProbe.getOrDefault(probes[i], 0);
        }
        return tokens;
    }
}
