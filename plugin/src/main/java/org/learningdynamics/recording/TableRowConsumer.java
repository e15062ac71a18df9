package org.learningdynamics.recording;

import java.util.List;

/** Takes rows of tables one at a time. */
@FunctionalInterface
public interface TableRowConsumer {
    /**
     * Takes a row.
     *
     * @param table its table
     * @param row one cell a column; immutable
     */
    void accept(RunTable table, List<Cell> row);
}
