package org.learningdynamics.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Row;
import org.learningdynamics.listener.PackedLikelihoods;
import org.learningdynamics.model.PackedView;
import org.learningdynamics.probe.EncodedProbeRow;
import scala.Tuple2;

/**
 * The work of a task: passes of some blocks through one model.
 *
 * @param step the recording that the rows are of
 * @param paddingId fills up rows
 * @param model the model
 */
record ProbePasses(long step, int paddingId, ShippedModel model) implements Serializable {
    /**
     * Responses that go through the model in one row.
     *
     * @param place among all rows of the file
     * @param pass the pass of that row
     * @param rows the responses
     */
    record Placed(int place, int pass, ArrayList<EncodedProbeRow> rows) implements Serializable {}

    /** Rows of the table, behind the number of their block. */
    Iterator<Row> measure(Iterator<Tuple2<Long, byte[]>> blocks) {
        List<Placed> placed = new ArrayList<>();
        List<Row> rows = new ArrayList<>();
        long block = -1;
        while (blocks.hasNext()) {
            Tuple2<Long, byte[]> next = blocks.next();
            block = next._1();
            placed.add(Payload.read(next._2(), Placed.class));
        }
        if (!placed.isEmpty()) {
            placed.sort(Comparator.comparingInt(Placed::place));
            measure(block, placed, rows);
        }
        return rows.iterator();
    }

    private void measure(long block, List<Placed> placed, List<Row> rows) {
        try (ExecutorModels.Lease lease = ExecutorModels.lease(model);
                PackedView view = lease.model().packedView()) {
            view.refresh();
            int from = 0;
            while (from < placed.size()) {
                int to = from;
                List<List<EncodedProbeRow>> pass = new ArrayList<>();
                while (to < placed.size() && placed.get(to).pass() == placed.get(from).pass()) {
                    pass.add(placed.get(to++).rows());
                }
                PackedLikelihoods.measure(step, pass, paddingId, view)
                        .forEach(row -> rows.add(TableRows.of(block, row)));
                from = to;
            }
        }
    }
}
