package org.learningdynamics.export;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.learningdynamics.recording.Cell;
import org.learningdynamics.recording.FloatMatrix;
import org.learningdynamics.recording.RunTable;
import org.learningdynamics.recording.TableColumn;

/**
 * A table as CSV after RFC 4180: UTF-8, a line of column names, CRLF, quotes where they are needed.
 * NaN is {@code NaN}, a value that was not measured is empty; the values of a matrix stand in one
 * field with spaces between.
 */
final class CsvSink implements TableSink {
    static final String ENDING = ".csv";

    private final BufferedWriter out;

    CsvSink(Path folder, RunTable table) throws IOException {
        out = Files.newBufferedWriter(folder.resolve(table.key() + ENDING), StandardCharsets.UTF_8);
        line(table.columns().stream().map(TableColumn::name).toList());
    }

    @Override
    public void row(List<Cell> row) throws IOException {
        line(row.stream().map(CsvSink::field).toList());
    }

    private void line(List<String> fields) throws IOException {
        for (int i = 0; i < fields.size(); i++) {
            if (i > 0) {
                out.write(',');
            }
            out.write(fields.get(i));
        }
        out.write("\r\n");
    }

    private static String field(Cell cell) {
        if (cell instanceof Cell.Whole it) {
            return Long.toString(it.value());
        } else if (cell instanceof Cell.Real it) {
            return Double.toString(it.value());
        } else if (cell instanceof Cell.Text it) {
            return quoted(it.value());
        } else if (cell instanceof Cell.Floats it) {
            return joined(it.values());
        }
        return "";
    }

    private static String quoted(String text) {
        boolean plain =
                text.indexOf(',') < 0
                        && text.indexOf('"') < 0
                        && text.indexOf('\n') < 0
                        && text.indexOf('\r') < 0;
        return plain ? text : "\"" + text.replace("\"", "\"\"") + "\"";
    }

    private static String joined(FloatMatrix values) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < values.columns(); i++) {
            text.append(i > 0 ? " " : "").append(values.get(0, i));
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
