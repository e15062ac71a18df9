package org.learningdynamics.series;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.learningdynamics.recording.AttributionRow;
import org.learningdynamics.recording.InfluenceForm;
import org.learningdynamics.recording.InteractionReader;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.ScoredBlock;

/** Reads the sums that a job over checkpoints left in its run file. */
final class StoredSums {
    private static final String FORM = "influence.form";
    private static final String CHECKPOINTS = "influence.checkpoints";

    private final RunFileReader run;
    private final AttributionQuery query;
    private final List<ResponseRow> responses;
    private final Set<String> observed = new LinkedHashSet<>();
    private final Map<Long, Double> totals = new TreeMap<>();
    private final Map<Long, Long> occurrences = new HashMap<>();
    private final Map<Long, Double> self = new HashMap<>();

    StoredSums(RunFileReader run, AttributionQuery query) {
        this.run = run;
        this.query = query;
        responses = run.interactions().responseAxis().stream().filter(query::observes).toList();
        if (responses.isEmpty()) {
            throw new IllegalArgumentException(
                    "query must choose a response of the run, got " + query);
        }
        if (!query.layer().isEmpty() || !query.part().isEmpty()) {
            throw new IllegalArgumentException(
                    "sums over checkpoints are of whole examples and the job's layers, got "
                            + query);
        }
        responses.forEach(row -> observed.add(key(row.probe(), row.kind())));
    }

    static boolean isHeldBy(RunFileReader run) {
        return run.header().configuration().containsKey(FORM);
    }

    private static String key(int probe, String kind) {
        return probe + " " + kind;
    }

    Attribution attribution() {
        InteractionReader stored = run.interactions();
        stored.forEachAttribution(this::add);
        stored.forEachSelfInfluence(row -> self.put(row.example(), row.total()));
        List<AttributedExample> examples = new ArrayList<>();
        totals.forEach(
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
        if (observed.contains(key(row.probe(), row.kind()))) {
            totals.merge(row.example(), row.total(), Double::sum);
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
