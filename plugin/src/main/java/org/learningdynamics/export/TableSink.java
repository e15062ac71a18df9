package org.learningdynamics.export;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.learningdynamics.recording.Cell;

/** Takes the rows of one table; closing completes its files. */
interface TableSink extends Closeable {
    void row(List<Cell> row) throws IOException;
}
