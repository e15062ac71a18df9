package org.learningdynamics.export;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.learningdynamics.recording.Cell;
import org.learningdynamics.recording.FloatMatrix;
import org.learningdynamics.recording.RunTable;
import org.learningdynamics.recording.TableColumn;

/**
 * A table as one array a column, all of the length of the table: whole numbers int64, numbers
 * float64, matrices float32, one after the other and therefore longer. A text column holds numbers
 * of lines, from 0, of a file of its different texts, each a JSON string; these are kept in memory.
 * NaN is NaN, whether measured or not.
 */
final class NpySink implements TableSink {
    private static final String ENDING = ".npy";

    private final List<Column> columns = new ArrayList<>();

    NpySink(Path folder, RunTable table) throws IOException {
        for (TableColumn column : table.columns()) {
            columns.add(new Column(folder, table.key() + "." + column.name(), column));
        }
    }

    @Override
    public void row(List<Cell> row) throws IOException {
        for (int i = 0; i < row.size(); i++) {
            columns.get(i).add(row.get(i));
        }
    }

    @Override
    public void close() throws IOException {
        for (Column column : columns) {
            column.close();
        }
    }

    /** One array, and the texts that its numbers stand for. */
    private static final class Column {
        private final NpyWriter array;
        private final Path texts;
        private final Map<String, Long> codes = new HashMap<>();
        private final List<String> ofCode = new ArrayList<>();

        Column(Path folder, String name, TableColumn column) throws IOException {
            NpyType type =
                    switch (column.type()) {
                        case REAL -> NpyType.FLOAT64;
                        case FLOATS -> NpyType.FLOAT32;
                        default -> NpyType.INT64;
                    };
            array = new NpyWriter(folder.resolve(name + ENDING), type);
            texts = folder.resolve(name + JsonSink.ENDING);
        }

        void add(Cell cell) throws IOException {
            if (cell instanceof Cell.Whole it) {
                array.add(it.value());
            } else if (cell instanceof Cell.Real it) {
                array.add(it.value());
            } else if (cell instanceof Cell.Text it) {
                array.add(code(it.value()));
            } else if (cell instanceof Cell.Floats it) {
                add(it.values());
            } else {
                array.add(Double.NaN);
            }
        }

        private void add(FloatMatrix values) throws IOException {
            for (int i = 0; i < values.columns(); i++) {
                array.add(values.get(0, i));
            }
        }

        private long code(String text) {
            Long known = codes.get(text);
            if (known != null) {
                return known;
            }
            ofCode.add(text);
            codes.put(text, ofCode.size() - 1L);
            return ofCode.size() - 1L;
        }

        void close() throws IOException {
            array.close();
            if (ofCode.isEmpty()) {
                return;
            }
            try (BufferedWriter out = Files.newBufferedWriter(texts, StandardCharsets.UTF_8)) {
                for (String text : ofCode) {
                    out.write(JsonText.string(text) + "\n");
                }
            }
        }
    }
}
