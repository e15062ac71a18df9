package org.learningdynamics.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.series.LikelihoodTable;
import org.learningdynamics.series.Measure;
import org.learningdynamics.series.RecordedRun;
import org.learningdynamics.series.RunSequence;

/**
 * Where the probability is before and after each run of a sequence: for every kind the
 * log-probability a token of the response itself, of the likeliest tokens and of all others, pooled
 * over probes, {@code Σ_probes log p / Σ_probes tokens}, and for each probe that is shown. Their
 * exponentials are geometric means over tokens; of responses of one token they are the masses
 * themselves. Values that are not finite are left out.
 */
final class MassSection {
    private static final List<Measure> MASSES =
            List.of(Measure.LOG_PROB, Measure.ARGMAX_LOG_PROB, Measure.REST_LOG_PROB);

    private final RunSequence sequence;
    private final LikelihoodTable table;
    private final Map<String, TreeMap<Integer, Integer>> tokens = new HashMap<>();
    private final int[] drawn;
    private final Map<String, double[][][]> values = new HashMap<>();

    private MassSection(RunSequence sequence) {
        this.sequence = sequence;
        this.table = sequence.likelihoods();
        Map<String, Integer> ids = new HashMap<>();
        ProbeKeys.byId(sequence).forEach((id, key) -> ids.put(key, id));
        for (RecordedRun run : sequence.runs()) {
            Map<Integer, String> keys = ProbeKeys.byId(new RunSequence(run.name(), List.of(run)));
            for (ResponseRow row : run.responses()) {
                Integer id = ids.get(keys.getOrDefault(row.probe(), ""));
                if (id != null) {
                    tokens.computeIfAbsent(row.kind(), kind -> new TreeMap<>())
                            .putIfAbsent(id, row.tokens());
                }
            }
        }
        this.drawn = ends(sequence);
        table.kinds().forEach(kind -> values.put(kind, values(kind)));
    }

    private double[][][] values(String kind) {
        double[][][] all = new double[drawn.length][MASSES.size()][];
        for (int d = 0; d < drawn.length; d++) {
            for (int m = 0; m < MASSES.size(); m++) {
                all[d][m] = table.values(MASSES.get(m), kind, drawn[d]);
            }
        }
        return all;
    }

    /** The first and the last recording of every run. */
    private static int[] ends(RunSequence sequence) {
        int recordings = sequence.likelihoods().recordings();
        List<Integer> ends = new ArrayList<>();
        for (int r = 0; r < sequence.runs().size(); r++) {
            int from = sequence.starts().get(r);
            boolean last = r + 1 == sequence.runs().size();
            int to = last ? recordings : sequence.starts().get(r + 1);
            if (to > from) {
                ends.add(from);
                ends.add(to - 1);
            }
        }
        return ends.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Writes one object a sequence; the probes' numbers in the page's list are by key. */
    static void write(Json json, List<RunSequence> sequences, Map<String, Integer> probes) {
        json.array();
        sequences.forEach(sequence -> new MassSection(sequence).write(json, probes));
        json.endArray();
    }

    private void write(Json json, Map<String, Integer> probes) {
        json.object().key("single").value(allSingle()).key("at").array();
        for (int t : drawn) {
            RecordedRun run = sequence.runs().get(sequence.runAt(t));
            int own = t - sequence.starts().get(sequence.runAt(t));
            json.object().key("run").value(run.name());
            json.key("iteration").value(run.steps().get(own).iteration()).endObject();
        }
        json.endArray().key("pooled").object();
        for (String kind : table.kinds()) {
            int[] all = IntStream.range(0, table.probes(kind).length).toArray();
            writeMasses(json.key(kind), kind, all);
        }
        json.endObject().key("probes").object();
        ProbeKeys.byId(sequence)
                .forEach(
                        (id, key) -> {
                            if (probes.containsKey(key)) {
                                json.key(Integer.toString(probes.getOrDefault(key, 0)));
                                writeProbe(json, id);
                            }
                        });
        json.endObject().endObject();
    }

    private boolean allSingle() {
        return tokens.values().stream().flatMap(own -> own.values().stream()).allMatch(n -> n == 1);
    }

    private void writeProbe(Json json, int id) {
        json.object();
        for (String kind : table.kinds()) {
            int position = Arrays.binarySearch(table.probes(kind), id);
            if (position >= 0) {
                writeMasses(json.key(kind), kind, position);
            }
        }
        json.endObject();
    }

    /** An array a recording: response, argmax and rest, each a token. */
    private void writeMasses(Json json, String kind, int... positions) {
        json.array();
        for (double[][] byMass : values.getOrDefault(kind, new double[0][][])) {
            double[] masses = new double[byMass.length];
            for (int m = 0; m < masses.length; m++) {
                masses[m] = perToken(byMass[m], kind, positions);
            }
            json.values(masses);
        }
        json.endArray();
    }

    private double perToken(double[] values, String kind, int[] positions) {
        int[] ids = table.probes(kind);
        TreeMap<Integer, Integer> own = tokens.getOrDefault(kind, new TreeMap<>());
        double sum = 0;
        long count = 0;
        for (int position : positions) {
            double value = values[position];
            if (Double.isFinite(value)) {
                sum += value;
                count += own.getOrDefault(ids[position], 0);
            }
        }
        return count == 0 ? Double.NaN : sum / count;
    }
}
