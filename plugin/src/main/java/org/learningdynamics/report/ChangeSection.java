package org.learningdynamics.report;

import java.util.Arrays;
import java.util.Map;
import org.learningdynamics.recording.InteractionReader;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.ShiftRow;

/** Predicted and actual changes of the drawn responses by one update, and what they consist of. */
final class ChangeSection {
    private ChangeSection() {}

    /** Writes one array a quantity, NaN where a response was not measured. */
    static void write(
            Json json, InteractionReader interactions, DrawnResponses responses, long step) {
        double[][] values = new double[7][responses.count()];
        Arrays.stream(values).forEach(row -> Arrays.fill(row, Double.NaN));
        Map<String, Integer> numbers = responses.byKey();
        interactions.forEachShift(
                RowFilter.ALL.steps(step, step),
                row -> {
                    Integer r = numbers.get(DrawnResponses.key(row.probe(), row.kind()));
                    if (r != null) {
                        put(values, r, row);
                    }
                });
        json.key("predicted").values(values[0]).key("actual").values(values[1]);
        json.key("split").object().key("batch").values(values[2]);
        json.key("history").values(values[3]).key("decay").values(values[4]);
        json.key("statistics").values(values[5]).key("unattributed").values(values[6]);
        json.endObject();
    }

    private static void put(double[][] values, int response, ShiftRow row) {
        values[0][response] = row.predicted();
        values[1][response] = row.actual();
        values[2][response] = row.fromBatch();
        values[3][response] = row.fromHistory();
        values[4][response] = row.fromDecay();
        values[5][response] = row.fromStatistics();
        values[6][response] = row.unattributed();
    }
}
