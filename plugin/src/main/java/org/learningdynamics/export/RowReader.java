package org.learningdynamics.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.learningdynamics.recording.Cell;

/** Reads the rows of one table from a file; says file and line of what is wrong. */
interface RowReader {
    void read(Path file, Consumer<List<Cell>> action) throws IOException;

    /** Runs what may refuse a row; the line is put before its reason. */
    static void at(Path file, long line, Runnable body) {
        try {
            body.run();
        } catch (IllegalArgumentException e) {
            throw new ExchangeException(file + ":" + line + ": " + e.getMessage(), e);
        }
    }
}
