package org.learningdynamics.series;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds out which runs continue each other. */
public final class Lineage {
    /**
     * The header entry that names the run whose final parameters a run starts from; as in {@code
     * RunHeader.builder("dpo", now).entry(Lineage.CONTINUES, "sft")}.
     */
    public static final String CONTINUES = "continues";

    private Lineage() {}

    /**
     * Joins each run that no other continues with the runs it goes back to. A run that several
     * continue is part of several sequences. Runs without the entry {@link #CONTINUES}, or whose
     * origin is not among the runs, stand at a beginning.
     *
     * @param runs the runs, with different names
     * @return one sequence for each end, in the order of the runs; its name joins the runs' names
     * @throws IllegalArgumentException if two runs have the same name
     */
    public static List<RunSequence> sequences(List<RecordedRun> runs) {
        Map<String, RecordedRun> byName = new LinkedHashMap<>();
        for (RecordedRun run : runs) {
            if (byName.put(run.name(), run) != null) {
                throw new IllegalArgumentException(
                        "run names must be different, got twice " + run.name());
            }
        }
        Set<String> continued =
                runs.stream().map(Lineage::originOf).collect(Collectors.toCollection(HashSet::new));
        List<RunSequence> sequences = new ArrayList<>();
        Set<String> placed = new HashSet<>();
        for (RecordedRun run : runs) {
            if (!continued.contains(run.name())) {
                sequences.add(sequence(lineOf(run, byName), placed));
            }
        }
        for (RecordedRun run : runs) {
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

    private static List<RecordedRun> lineOf(RecordedRun end, Map<String, RecordedRun> byName) {
        List<RecordedRun> line = new ArrayList<>(List.of(end));
        String origin = originOf(end);
        while (byName.containsKey(origin) && !line.contains(byName.get(origin))) {
            RecordedRun run = Objects.requireNonNull(byName.get(origin));
            line.add(0, run);
            origin = originOf(run);
        }
        return line;
    }

    private static String originOf(RecordedRun run) {
        return run.header().getOrDefault(CONTINUES, "");
    }
}
