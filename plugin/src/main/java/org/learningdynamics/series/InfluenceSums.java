package org.learningdynamics.series;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.learningdynamics.recording.InfluenceBlock;
import org.learningdynamics.recording.InfluenceForm;
import org.learningdynamics.recording.InteractionReader;
import org.learningdynamics.recording.ResidualRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileException;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.StepRow;

/** Adds up influences by training example and response, a few recordings at a time. */
final class InfluenceSums {
    /** How many recordings' residuals are in memory at once. */
    private static final int CHUNK = 256;

    private final RunFileReader run;
    private final InteractionReader interactions;
    private final String layer;
    private final String part;
    private final List<ResponseRow> axis;
    private final List<Integer> columns = new ArrayList<>();
    private final Map<Long, Sum> sums = new TreeMap<>();
    private Optional<InfluenceForm> form = Optional.empty();
    private long recordings;
    private long updates;
    private long known;

    private InfluenceSums(
            RunFileReader run, String layer, String part, Predicate<ResponseRow> observed) {
        this.run = run;
        this.interactions = run.interactions();
        this.layer = layer;
        this.part = part;
        this.axis = interactions.responseAxis();
        Set<ResponseRow> measured = new HashSet<>(interactions.measuredResponses());
        for (int column = 0; column < axis.size(); column++) {
            ResponseRow response = axis.get(column);
            if (measured.contains(response) && observed.test(response)) {
                columns.add(column);
            }
        }
    }

    static InfluenceSums of(
            RunFileReader run, String layer, String part, Predicate<ResponseRow> observed) {
        InfluenceSums sums = new InfluenceSums(run, layer, part, observed);
        if (sums.columns.isEmpty()) {
            throw new IllegalArgumentException(
                    "a response of the run that influence was measured on must be chosen, got none of "
                            + sums.axis.size()
                            + " responses");
        }
        sums.addAll();
        return sums;
    }

    /** The mean over the observed responses. */
    Attribution mean(AttributionQuery query) {
        return attribution(query, columns.stream().map(axis::get).toList(), Sum::mean);
    }

    /** Each observed response on its own. */
    List<Attribution> each() {
        List<Attribution> each = new ArrayList<>();
        for (int c = 0; c < columns.size(); c++) {
            ResponseRow response = axis.get(columns.get(c));
            AttributionQuery query =
                    AttributionQuery.ofKind(response.kind())
                            .probe(response.probe())
                            .layer(layer)
                            .part(part);
            int at = c;
            each.add(attribution(query, List.of(response), sum -> sum.totals[at]));
        }
        return List.copyOf(each);
    }

    private Attribution attribution(
            AttributionQuery query, List<ResponseRow> responses, ToDoubleFunction<Sum> total) {
        List<AttributedExample> examples = new ArrayList<>();
        sums.forEach(
                (example, sum) ->
                        examples.add(
                                new AttributedExample(
                                        example,
                                        total.applyAsDouble(sum),
                                        sum.occurrences,
                                        sum.selfInfluence)));
        Coverage coverage = new Coverage(recordings, updates, examples.size(), known);
        return new Attribution(query, responses, examples, form, coverage);
    }

    private void addAll() {
        known = run.counts().examples();
        List<StepRow> steps = run.steps();
        for (int from = 0; from < steps.size(); from += CHUNK) {
            int last = Math.min(from + CHUNK, steps.size()) - 1;
            add(RowFilter.ALL.steps(steps.get(from).step(), steps.get(last).step()));
            updates = steps.get(last).iteration();
        }
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
                layer,
                part,
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
            sums.computeIfAbsent(learnt.example, example -> new Sum(columns.size()))
                    .add(block, position, columns, learnt.selfInfluence);
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

    /** A place in a batch: the example learnt there and its effect on itself. */
    private record Learnt(long example, double selfInfluence) {
        static Learnt of(ResidualRow row) {
            return new Learnt(row.example(), row.selfInfluence());
        }

        Learnt plus(Learnt other) {
            return new Learnt(example, selfInfluence + other.selfInfluence);
        }
    }

    /** What one example adds up to, by observed response. */
    private static final class Sum {
        private final double[] totals;
        private double selfInfluence;
        private long occurrences;

        Sum(int responses) {
            this.totals = new double[responses];
        }

        void add(InfluenceBlock block, int position, List<Integer> columns, double onItself) {
            for (int c = 0; c < totals.length; c++) {
                totals[c] += block.values().get(position, columns.get(c));
            }
            selfInfluence += onItself;
            occurrences++;
        }

        double mean() {
            return MeanInterval.meanOf(totals);
        }
    }
}
