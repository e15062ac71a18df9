package org.learningdynamics.series;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.learningdynamics.recording.AttributionRow;
import org.learningdynamics.recording.InfluenceForm;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.ScoredBlock;

/** Reads the sums that a job over checkpoints left in its run file. */
final class StoredSums {
    private static final String FORM = "influence.form";
    private static final String CHECKPOINTS = "influence.checkpoints";

    private final RunFileReader run;
    private final Map<String, Map<Long, Double>> totals = new LinkedHashMap<>();
    private final Map<Long, Long> occurrences = new TreeMap<>();
    private final Map<Long, Double> self = new HashMap<>();

    private StoredSums(RunFileReader run, Collection<ResponseRow> responses) {
        this.run = run;
        responses.forEach(row -> totals.put(key(row), new HashMap<>()));
        run.interactions().forEachAttribution(this::add);
        run.interactions().forEachSelfInfluence(row -> self.put(row.example(), row.total()));
    }

    static boolean isHeldBy(RunFileReader run) {
        return run.header().configuration().containsKey(FORM);
    }

    /** The mean over the responses that are chosen. */
    static Attribution mean(RunFileReader run, AttributionQuery query) {
        List<ResponseRow> responses = chosen(run, query::observes);
        if (responses.isEmpty()) {
            throw new IllegalArgumentException(
                    "query must choose a response of the run, got " + query);
        }
        if (!query.layer().isEmpty() || !query.part().isEmpty()) {
            throw new IllegalArgumentException(
                    "sums over checkpoints are of whole examples and the job's layers, got "
                            + query);
        }
        return new StoredSums(run, responses).attribution(query, responses);
    }

    /** Each response on its own, in one pass. */
    static List<Attribution> each(RunFileReader run, Collection<ResponseRow> observed) {
        Set<String> keys = observed.stream().map(StoredSums::key).collect(Collectors.toSet());
        List<ResponseRow> responses = chosen(run, row -> keys.contains(key(row)));
        StoredSums sums = new StoredSums(run, responses);
        List<Attribution> each = new ArrayList<>();
        for (ResponseRow row : responses) {
            AttributionQuery query = AttributionQuery.ofKind(row.kind()).probe(row.probe());
            each.add(sums.attribution(query, List.of(row)));
        }
        return List.copyOf(each);
    }

    private static List<ResponseRow> chosen(RunFileReader run, Predicate<ResponseRow> observed) {
        return run.interactions().responseAxis().stream().filter(observed).toList();
    }

    private static String key(ResponseRow row) {
        return row.probe() + " " + row.kind();
    }

    private Attribution attribution(AttributionQuery query, List<ResponseRow> responses) {
        Map<Long, Double> sums = new TreeMap<>();
        for (ResponseRow row : responses) {
            totals.getOrDefault(key(row), Map.of())
                    .forEach((example, total) -> sums.merge(example, total, Double::sum));
        }
        List<AttributedExample> examples = new ArrayList<>();
        sums.forEach(
                (example, total) ->
                        examples.add(
                                new AttributedExample(
                                        example,
                                        total / responses.size(),
                                        occurrences.getOrDefault(example, 0L),
                                        self.getOrDefault(example, Double.NaN))));
        return new Attribution(query, responses, examples, form(), coverage(examples.size()));
    }

    private void add(AttributionRow row) {
        Map<Long, Double> sums = totals.get(row.probe() + " " + row.kind());
        if (sums != null) {
            sums.merge(row.example(), row.total(), Double::sum);
            occurrences.merge(row.example(), row.recordings(), Math::max);
        }
    }

    private Optional<InfluenceForm> form() {
        return Optional.ofNullable(run.header().configuration().get(FORM))
                .map(InfluenceForm::ofKey);
    }

    private Coverage coverage(long seen) {
        String checkpoints = run.header().configuration().getOrDefault(CHECKPOINTS, "");
        long scored =
                run.interactions().scoredBlocks().stream()
                        .map(ScoredBlock::checkpoint)
                        .distinct()
                        .count();
        return new Coverage(scored, checkpoints.split(" ").length, seen, run.counts().examples());
    }
}
