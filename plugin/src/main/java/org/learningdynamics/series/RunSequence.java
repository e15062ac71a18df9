package org.learningdynamics.series;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.StepRow;

/**
 * Runs that continue each other, such as SFT and then DPO, as one line of recordings.
 *
 * <p>A probe of a later run is the same as one of the first run if their digests are equal. The
 * iterations of later runs are counted on from the earlier ones' last recording.
 */
public final class RunSequence {
    private final String name;
    private final List<RecordedRun> runs;
    private final List<Long> iterations = new ArrayList<>();
    private final List<Integer> starts = new ArrayList<>();
    private final Map<Integer, ProbeRow> probes = new TreeMap<>();
    private final LikelihoodTable likelihoods;

    /**
     * Joins runs.
     *
     * @param name the sequence's name for people
     * @param runs the runs in the order of training
     * @throws IllegalArgumentException if there is no run
     */
    public RunSequence(String name, List<RecordedRun> runs) {
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("runs must not be empty, got none for " + name);
        }
        this.name = name;
        this.runs = List.copyOf(runs);
        long offset = 0;
        for (RecordedRun run : runs) {
            starts.add(iterations.size());
            long last = 0;
            for (StepRow step : run.steps()) {
                iterations.add(offset + step.iteration());
                last = step.iteration();
            }
            offset += last;
        }
        List<Map<Integer, Integer>> ids = numberProbes();
        likelihoods = runs.size() == 1 ? runs.get(0).likelihoods() : join(ids);
    }

    /**
     * The sequence's name.
     *
     * @return the name for people
     */
    public String name() {
        return name;
    }

    /**
     * The runs.
     *
     * @return the runs in the order of training
     */
    public List<RecordedRun> runs() {
        return runs;
    }

    /**
     * The iterations of all recordings, counted through.
     *
     * @return one iteration a recording, never descending
     */
    public List<Long> iterations() {
        return List.copyOf(iterations);
    }

    /**
     * Where each run begins.
     *
     * @return one recording's index a run
     */
    public List<Integer> starts() {
        return List.copyOf(starts);
    }

    /**
     * Which run a recording belongs to.
     *
     * @param recording the recording's index in the sequence
     * @return the run's index in {@link #runs()}
     */
    public int runAt(int recording) {
        int run = 0;
        while (run + 1 < starts.size() && starts.get(run + 1) <= recording) {
            run++;
        }
        return run;
    }

    /**
     * The probes of all runs, each once, with the ids of {@link #likelihoods()}.
     *
     * @return the probes by id
     */
    public List<ProbeRow> probes() {
        return List.copyOf(probes.values());
    }

    /**
     * The likelihoods of all runs, with the probe ids of the run that has a probe first; a single
     * run's own table.
     *
     * @return the table, whose recordings are those of {@link #iterations()}
     */
    public LikelihoodTable likelihoods() {
        return likelihoods;
    }

    /** The ids of each run's probes in this sequence. */
    private List<Map<Integer, Integer>> numberProbes() {
        ProbeNumbers numbers = new ProbeNumbers();
        List<Map<Integer, Integer>> ids = new ArrayList<>();
        for (RecordedRun run : runs) {
            Map<Integer, Integer> map = numbers.of(run.probes());
            ids.add(map);
            for (ProbeRow row : run.probes()) {
                int id = map.getOrDefault(row.probe(), row.probe());
                probes.putIfAbsent(id, new ProbeRow(id, row.digest(), row.setName(), row.prompt()));
            }
        }
        return ids;
    }

    private LikelihoodTable join(List<Map<Integer, Integer>> ids) {
        List<ResponseRow> responses = new ArrayList<>();
        for (int r = 0; r < runs.size(); r++) {
            for (ResponseRow row : runs.get(r).responses()) {
                int probe = ids.get(r).getOrDefault(row.probe(), row.probe());
                responses.add(new ResponseRow(probe, row.kind(), row.text(), row.tokens()));
            }
        }
        List<Long> steps = new ArrayList<>();
        for (int t = 0; t < iterations.size(); t++) {
            steps.add((long) t);
        }
        LikelihoodTable.Builder builder = LikelihoodTable.builder(steps, responses);
        for (int r = 0; r < runs.size(); r++) {
            builder.addAll(runs.get(r).likelihoods(), starts.get(r), ids.get(r));
        }
        return builder.build();
    }

    /** Gives equal probes of several runs equal ids. */
    private static final class ProbeNumbers {
        private final Map<String, Integer> byDigest = new HashMap<>();
        private final Set<Integer> used = new HashSet<>();

        /** The ids of one run's probes; probes with the same digest in one run stay apart. */
        Map<Integer, Integer> of(List<ProbeRow> probes) {
            Map<Integer, Integer> ids = new HashMap<>();
            Map<String, Integer> copies = new HashMap<>();
            for (ProbeRow probe : probes) {
                int copy = copies.merge(probe.digest(), 1, Integer::sum);
                String key = probe.digest() + "#" + copy;
                ids.put(probe.probe(), byDigest.computeIfAbsent(key, k -> free(probe.probe())));
            }
            return ids;
        }

        private int free(int wanted) {
            int id = wanted;
            while (!used.add(id)) {
                id++;
            }
            return id;
        }
    }
}
