package org.learningdynamics.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.learningdynamics.series.Interval;
import org.learningdynamics.series.LikelihoodTable;
import org.learningdynamics.series.MeanInterval;
import org.learningdynamics.series.Measure;
import org.learningdynamics.series.RunSequence;

/** Where the sequences of a report end, against the first one, paired by probe. */
final class Comparison {
    private Comparison() {}

    static List<Finding> findings(List<RunSequence> sequences) {
        List<Finding> findings = new ArrayList<>();
        for (RunSequence other : sequences.subList(1, sequences.size())) {
            Interval chosen = difference(sequences.get(0), other, Measure.LOG_PROB, "chosen");
            Interval argmax =
                    difference(sequences.get(0), other, Measure.ARGMAX_LOG_PROB, "chosen");
            if (chosen.count() > 0) {
                String text =
                        String.format(
                                Locale.ROOT,
                                "against the end of %s: chosen %s, argmax %s nats, over %s.",
                                sequences.get(0).name(),
                                Words.change(chosen),
                                Words.change(argmax),
                                Words.count(chosen.count(), "shared probe"));
                findings.add(Finding.info("End of " + other.name(), text, "likelihood"));
            }
        }
        return findings;
    }

    /** Other's end minus base's end, for probes with the same digest. */
    static Interval difference(RunSequence base, RunSequence other, Measure measure, String kind) {
        Map<String, Double> before = ends(base, measure, kind);
        TreeMap<String, Double> differences = new TreeMap<>();
        ends(other, measure, kind)
                .forEach(
                        (probe, end) -> {
                            Double origin = before.get(probe);
                            if (origin != null) {
                                differences.put(probe, end - origin);
                            }
                        });
        return MeanInterval.studentT(
                differences.values().stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static Map<String, Double> ends(RunSequence sequence, Measure measure, String kind) {
        LikelihoodTable table = sequence.likelihoods();
        Map<String, Double> ends = new HashMap<>();
        if (table.recordings() == 0) {
            return ends;
        }
        Map<Integer, String> keys = ProbeKeys.byId(sequence);
        int[] probes = table.probes(kind);
        double[] values = table.values(measure, kind, table.recordings() - 1);
        for (int i = 0; i < probes.length; i++) {
            ends.put(keys.getOrDefault(probes[i], "#" + probes[i]), values[i]);
        }
        return ends;
    }
}
