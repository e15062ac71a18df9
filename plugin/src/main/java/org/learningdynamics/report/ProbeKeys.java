package org.learningdynamics.report;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.series.RunSequence;

/** Names that are the same for the same probe in several sequences: digest and copy number. */
final class ProbeKeys {
    private ProbeKeys() {}

    static Map<Integer, String> byId(RunSequence sequence) {
        Map<Integer, String> keys = new TreeMap<>();
        Map<String, Integer> copies = new HashMap<>();
        for (ProbeRow probe : sequence.probes()) {
            int copy = copies.merge(probe.digest(), 1, Integer::sum);
            keys.put(probe.probe(), probe.digest() + "#" + copy);
        }
        return keys;
    }
}
