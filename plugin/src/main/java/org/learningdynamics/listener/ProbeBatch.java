package org.learningdynamics.listener;

import java.util.List;
import org.learningdynamics.model.ModelInput;

/**
 * Rows that go through the model together, and how their logits are read.
 *
 * @param input the arrays, made once
 * @param readings at least one; a class probe may read the same logits once a class
 */
record ProbeBatch(ModelInput input, List<Reading> readings) {
    /** Names a measured row. */
    record RowName(int probe, String kind) {}

    /**
     * One response for each row of the batch.
     *
     * @param names what the rows are recorded as // [batch]
     * @param labels token or class ids, or IGNORED // [batch, length]
     */
    record Reading(List<RowName> names, Labels labels) {}

    ProbeBatch {
        readings = List.copyOf(readings);
    }

    int rows() {
        return readings.get(0).names().size();
    }
}
