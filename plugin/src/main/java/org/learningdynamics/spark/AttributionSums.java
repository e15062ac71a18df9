package org.learningdynamics.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.learningdynamics.influence.InfluenceForm;
import org.learningdynamics.recording.AttributionRow;
import org.learningdynamics.recording.SelfInfluenceRow;
import org.learningdynamics.train.ProjectedAttribution;

/**
 * Adds up, example by example, what all checkpoints say, in their order.
 *
 * @param form dot or cosine
 * @param probes gradients of the probe rows by checkpoint
 */
record AttributionSums(InfluenceForm form, TreeMap<Long, Broadcast<ProbeVectors>> probes)
        implements Serializable {
    /** Rows of example, checkpoint, part and vector, so sorted, to rows of attributions. */
    Iterator<Row> attributions(Iterator<Row> rows) {
        Iterator<List<Row>> examples = new ExampleRuns(rows);
        return flat(examples, this::attributions);
    }

    /** Rows of example, checkpoint and square, so sorted, to rows of self-influences. */
    Iterator<Row> selfInfluences(Iterator<Row> rows) {
        return flat(new ExampleRuns(rows), run -> List.of(TableRows.of(self(run))));
    }

    private static Iterator<Row> flat(
            Iterator<List<Row>> runs, Function<List<Row>, List<Row>> rows) {
        return new Iterator<>() {
            private Iterator<Row> now = List.<Row>of().iterator();

            @Override
            public boolean hasNext() {
                while (!now.hasNext() && runs.hasNext()) {
                    now = rows.apply(runs.next()).iterator();
                }
                return now.hasNext();
            }

            @Override
            public Row next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return now.next();
            }
        };
    }

    private List<Row> attributions(List<Row> run) {
        long example = run.get(0).getLong(0);
        TreeMap<Long, List<double[]>> parts = new TreeMap<>();
        for (Row row : run) {
            parts.computeIfAbsent(row.getLong(1), key -> new ArrayList<>())
                    .add(ProbeVectors.vector(row, 3));
        }
        requireAll(example, parts.size());
        ProbeVectors names = at(parts.firstKey());
        ProjectedAttribution sum = new ProjectedAttribution(form, names.probes().length);
        parts.forEach(
                (checkpoint, vectors) -> {
                    ProbeVectors at = at(checkpoint);
                    sum.add(
                            at.rate(),
                            at.vectors(),
                            at.squares(),
                            vectors.toArray(double[][]::new));
                });
        return rows(example, names, sum);
    }

    private ProbeVectors at(long checkpoint) {
        return Objects.requireNonNull(probes.get(checkpoint), "checkpoint").value();
    }

    private static List<Row> rows(long example, ProbeVectors names, ProjectedAttribution sum) {
        List<Row> rows = new ArrayList<>();
        double[] totals = sum.totals();
        for (int o = 0; o < totals.length; o++) {
            rows.add(
                    TableRows.of(
                            new AttributionRow(
                                    example,
                                    Math.toIntExact(names.probes()[o]),
                                    names.kinds()[o],
                                    totals[o],
                                    sum.checkpoints())));
        }
        return rows;
    }

    private SelfInfluenceRow self(List<Row> run) {
        requireAll(run.get(0).getLong(0), run.size());
        double total = 0;
        for (int i = 0; i < run.size(); i++) {
            Row row = run.get(i);
            double self = at(row.getLong(1)).rate() * row.getDouble(2);
            total = i == 0 ? self : total + self;
        }
        return new SelfInfluenceRow(run.get(0).getLong(0), total, run.size());
    }

    private void requireAll(long example, int found) {
        if (found != probes.size()) {
            throw new IllegalStateException(
                    "example "
                            + example
                            + " must have one gradient at each of the "
                            + probes.size()
                            + " checkpoints, got "
                            + found);
        }
    }
}
