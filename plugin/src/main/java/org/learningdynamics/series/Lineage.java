package org.learningdynamics.series;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds out which runs continue each other.
 *
 * <p>A run says so itself by the header entry {@link #CONTINUES}. Without the entry it continues
 * the first other run at whose last recording every response that both watch was as likely as at
 * this run's first: the state in which one ended is the state in which the other began.
 */
public final class Lineage {
    /**
     * The header entry that names the run whose final parameters a run starts from; as in {@code
     * RunHeader.builder("dpo", now).entry(Lineage.CONTINUES, "sft")}. Empty for a run that starts
     * afresh.
     */
    public static final String CONTINUES = "continues";

    private final Map<String, RecordedRun> byName = new LinkedHashMap<>();
    private final Map<String, String> origins = new HashMap<>();

    private Lineage(List<RecordedRun> runs) {
        for (RecordedRun run : runs) {
            if (byName.put(run.name(), run) != null) {
                throw new IllegalArgumentException(
                        "run names must be different, got twice " + run.name());
            }
        }
        runs.forEach(run -> origins.put(run.name(), originOf(run)));
    }

    /**
     * Joins each run that no other continues with the runs it goes back to. A run that several
     * continue is part of several sequences. Runs whose origin is not among the runs stand at a
     * beginning.
     *
     * @param runs the runs, with different names
     * @return one sequence for each end, in the order of the runs; its name joins the runs' names
     * @throws IllegalArgumentException if two runs have the same name
     */
    public static List<RunSequence> sequences(List<RecordedRun> runs) {
        return new Lineage(runs).sequences();
    }

    private List<RunSequence> sequences() {
        List<RunSequence> sequences = new ArrayList<>();
        Set<String> placed = new HashSet<>();
        for (RecordedRun run : byName.values()) {
            if (!origins.containsValue(run.name())) {
                sequences.add(sequence(lineOf(run), placed));
            }
        }
        for (RecordedRun run : byName.values()) {
            if (!placed.contains(run.name())) {
                sequences.add(sequence(List.of(run), placed));
            }
        }
        return sequences;
    }

    private static RunSequence sequence(List<RecordedRun> line, Set<String> placed) {
        line.forEach(run -> placed.add(run.name()));
        String name = line.stream().map(RecordedRun::name).collect(Collectors.joining(" → "));
        return new RunSequence(name, line);
    }

    private List<RecordedRun> lineOf(RecordedRun end) {
        List<RecordedRun> line = new ArrayList<>(List.of(end));
        String origin = origins.getOrDefault(end.name(), "");
        while (byName.containsKey(origin) && !line.contains(byName.get(origin))) {
            line.add(0, Objects.requireNonNull(byName.get(origin)));
            origin = origins.getOrDefault(origin, "");
        }
        return line;
    }

    private String originOf(RecordedRun run) {
        String named = run.header().get(CONTINUES);
        if (named != null) {
            return named;
        }
        Map<String, Double> start = Snapshot.first(run);
        return byName.values().stream()
                .filter(other -> !other.name().equals(run.name()) && other.steps().size() > 1)
                .filter(other -> Snapshot.same(start, Snapshot.last(other)))
                .map(RecordedRun::name)
                .findFirst()
                .orElse("");
    }
}
