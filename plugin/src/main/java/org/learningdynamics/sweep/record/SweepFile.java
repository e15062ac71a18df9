package org.learningdynamics.sweep.record;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A sweep as its file tells it: what was drawn and what became of it. A candidate without a result
 * was under way when the file was read or its writer was killed.
 *
 * @param path the file
 * @param header what the sweep is
 * @param candidates what was drawn, by number
 * @param results what became of them, in the order in which they ended
 */
public record SweepFile(
        Path path, SweepHeader header, List<CandidateRow> candidates, List<ResultRow> results) {
    /** Name of the file in its folder. */
    public static final String NAME = "sweep.jsonl";

    /**
     * Copies the lists.
     *
     * @param path the file
     * @param header what the sweep is
     * @param candidates what was drawn
     * @param results what became of them
     */
    public SweepFile {
        candidates =
                candidates.stream().sorted(Comparator.comparingInt(CandidateRow::index)).toList();
        results = List.copyOf(results);
    }

    /**
     * Reads a sweep file, also while it is being written: a last line that is not whole is left
     * out.
     *
     * @param path the file, or the folder that holds it as {@value #NAME}
     * @return the sweep
     * @throws SweepFileException if there is none, or a line of it is no record; the message names
     *     the line
     */
    public static SweepFile read(Path path) {
        return SweepLines.read(path).file();
    }

    /**
     * Results by candidate.
     *
     * @return by number, in the order in which they ended
     */
    public Map<Integer, ResultRow> byCandidate() {
        Map<Integer, ResultRow> byIndex = new LinkedHashMap<>();
        results.forEach(result -> byIndex.put(result.index(), result));
        return byIndex;
    }

    /**
     * Candidates with a value of the first score, best first; equal ones by number.
     *
     * @return their results
     */
    public List<ResultRow> ranked() {
        ScoreColumn first = header.first();
        Comparator<ResultRow> better =
                (a, b) -> {
                    double one = a.score(first.name());
                    double other = b.score(first.name());
                    return first.goal().isBetter(one, other)
                            ? -1
                            : first.goal().isBetter(other, one) ? 1 : 0;
                };
        return results.stream()
                .filter(result -> !Double.isNaN(result.score(first.name())))
                .sorted(better.thenComparingInt(ResultRow::index))
                .toList();
    }

    /**
     * The best candidate by the first score.
     *
     * @return its result, empty if none was scored
     */
    public Optional<ResultRow> best() {
        return ranked().stream().findFirst();
    }

    /**
     * The candidates that no other dominates over all scores.
     *
     * @return their results, by number; see {@link ParetoFront}
     */
    public List<ResultRow> front() {
        List<ResultRow> all =
                results.stream().sorted(Comparator.comparingInt(ResultRow::index)).toList();
        double[][] scores =
                all.stream()
                        .map(
                                result ->
                                        header.scores().stream()
                                                .mapToDouble(column -> result.score(column.name()))
                                                .toArray())
                        .toArray(double[][]::new);
        List<Goal> goals = header.scores().stream().map(ScoreColumn::goal).toList();
        return ParetoFront.of(scores, goals).stream().map(all::get).toList();
    }

    /**
     * One candidate's parameters.
     *
     * @param index its number
     * @return values by name
     * @throws IllegalArgumentException if there is no such candidate
     */
    public Map<String, Object> parameters(int index) {
        return candidates.stream()
                .filter(candidate -> candidate.index() == index)
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("no candidate has the index " + index))
                .parameters();
    }
}
