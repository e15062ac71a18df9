package org.learningdynamics.series;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.learningdynamics.recording.InfluenceBlock;
import org.learningdynamics.recording.InfluenceForm;
import org.learningdynamics.recording.InteractionReader;
import org.learningdynamics.recording.ResidualRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileException;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.StepRow;

/** Adds up influences by training example, a few recordings at a time. */
final class InfluenceSums {
    /** How many recordings' residuals are in memory at once. */
    private static final int CHUNK = 256;

    private final RunFileReader run;
    private final AttributionQuery query;
    private final InteractionReader interactions;
    private final List<ResponseRow> axis;
    private final List<Integer> columns = new ArrayList<>();
    private final Map<Long, Sum> sums = new TreeMap<>();
    private Optional<InfluenceForm> form = Optional.empty();
    private long recordings;

    InfluenceSums(RunFileReader run, AttributionQuery query) {
        this.run = run;
        this.query = query;
        this.interactions = run.interactions();
        this.axis = interactions.responseAxis();
        for (int column = 0; column < axis.size(); column++) {
            if (query.observes(axis.get(column))) {
                columns.add(column);
            }
        }
        if (columns.isEmpty()) {
            throw new IllegalArgumentException(
                    "query must choose a response of the run, got " + query);
        }
    }

    Attribution attribution() {
        List<StepRow> steps = run.steps();
        for (int from = 0; from < steps.size(); from += CHUNK) {
            int last = Math.min(from + CHUNK, steps.size()) - 1;
            add(RowFilter.ALL.steps(steps.get(from).step(), steps.get(last).step()));
        }
        List<AttributedExample> examples = new ArrayList<>();
        sums.forEach((example, sum) -> examples.add(sum.of(example)));
        return new Attribution(
                query,
                columns.stream().map(axis::get).toList(),
                examples,
                form,
                new Coverage(
                        recordings,
                        steps.isEmpty() ? 0 : steps.get(steps.size() - 1).iteration(),
                        examples.size(),
                        run.counts().examples()));
    }

    private void add(RowFilter chunk) {
        Map<Long, Map<Integer, Learnt>> batches = new HashMap<>();
        interactions.forEachResidual(
                chunk,
                row ->
                        batches.computeIfAbsent(row.step(), step -> new HashMap<>())
                                .merge(row.position(), Learnt.of(row), Learnt::plus));
        interactions.forEachInfluence(
                chunk,
                query.layer(),
                query.part(),
                block -> add(block, batches.getOrDefault(block.step(), Map.of())));
    }

    private void add(InfluenceBlock block, Map<Integer, Learnt> batch) {
        requireForm(block);
        if (block.responses() != axis.size()) {
            throw wrong(block, "one column a response, " + axis.size(), block.responses());
        }
        for (int position = 0; position < block.examples(); position++) {
            Learnt learnt = batch.get(position);
            if (learnt == null) {
                throw wrong(block, "a residual for every example", "none for " + position);
            }
            sums.computeIfAbsent(learnt.example, example -> new Sum())
                    .add(mean(block, position), learnt.selfInfluence);
        }
        recordings++;
    }

    private void requireForm(InfluenceBlock block) {
        InfluenceForm first = form.orElse(block.form());
        if (first != block.form()) {
            throw wrong(block, "the form " + first.key() + " of those before", block.form().key());
        }
        form = Optional.of(first);
    }

    private RunFileException wrong(InfluenceBlock block, String rule, Object got) {
        return new RunFileException(
                run.path(),
                "influence of recording " + block.step() + " must have " + rule + ", got " + got);
    }

    private double mean(InfluenceBlock block, int position) {
        double sum = 0;
        for (int column : columns) {
            sum += block.values().get(position, column);
        }
        return sum / columns.size();
    }

    /** A place in a batch: the example learnt there and its effect on itself. */
    private record Learnt(long example, double selfInfluence) {
        static Learnt of(ResidualRow row) {
            return new Learnt(row.example(), row.selfInfluence());
        }

        Learnt plus(Learnt other) {
            return new Learnt(example, selfInfluence + other.selfInfluence);
        }
    }

    /** What one example adds up to. */
    private static final class Sum {
        private double total;
        private double selfInfluence;
        private long occurrences;

        void add(double influence, double onItself) {
            total += influence;
            selfInfluence += onItself;
            occurrences++;
        }

        AttributedExample of(long example) {
            return new AttributedExample(example, total, occurrences, selfInfluence);
        }
    }
}
