package org.learningdynamics.series;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.learningdynamics.recording.ProbeRow;

/** The log-probability of every response at one recording, by the probe's digest and the kind. */
final class Snapshot {
    /** Differences below this, relative to numbers above 1, come from the order of summation. */
    static final double TOLERANCE = 1e-5;

    private Snapshot() {}

    static Map<String, Double> first(RecordedRun run) {
        return at(run, 0);
    }

    static Map<String, Double> last(RecordedRun run) {
        return at(run, run.steps().size() - 1);
    }

    private static Map<String, Double> at(RecordedRun run, int recording) {
        Map<String, Double> values = new HashMap<>();
        if (recording < 0 || recording >= run.steps().size()) {
            return values;
        }
        Map<Integer, String> digests = digests(run.probes());
        LikelihoodTable table = run.likelihoods();
        for (String kind : table.kinds()) {
            int[] probes = table.probes(kind);
            double[] logProbs = table.values(Measure.LOG_PROB, kind, recording);
            for (int i = 0; i < probes.length; i++) {
                if (table.has(kind, recording, i)) {
                    String digest = digests.getOrDefault(probes[i], "");
                    values.put(digest + " " + kind, logProbs[i]);
                }
            }
        }
        return values;
    }

    private static Map<Integer, String> digests(List<ProbeRow> probes) {
        Map<Integer, String> digests = new HashMap<>();
        probes.forEach(probe -> digests.put(probe.probe(), probe.digest()));
        return digests;
    }

    /** Whether all responses that both have, and at least half of each, are equally likely. */
    static boolean same(Map<String, Double> one, Map<String, Double> other) {
        int shared = 0;
        for (Map.Entry<String, Double> entry : one.entrySet()) {
            Double value = other.get(entry.getKey());
            if (value != null) {
                if (!isSame(entry.getValue(), value)) {
                    return false;
                }
                shared++;
            }
        }
        return shared > 0 && 2 * shared >= Math.max(one.size(), other.size());
    }

    private static boolean isSame(double one, double other) {
        return Math.abs(one - other) <= TOLERANCE * Math.max(1, Math.abs(one));
    }
}
