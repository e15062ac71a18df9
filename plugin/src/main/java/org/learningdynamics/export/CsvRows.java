package org.learningdynamics.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.learningdynamics.recording.Cell;
import org.learningdynamics.recording.FloatMatrix;
import org.learningdynamics.recording.RunTable;
import org.learningdynamics.recording.TableColumn;

/** Rows of a table from a CSV file as {@link CsvSink} writes it. */
final class CsvRows implements RowReader {
    private final List<TableColumn> columns;

    CsvRows(RunTable table) {
        this.columns = table.columns();
    }

    @Override
    public void read(Path file, Consumer<List<Cell>> action) throws IOException {
        try (CsvReader in = new CsvReader(file)) {
            List<String> names = in.next();
            RowReader.at(file, 1, () -> requireNames(names));
            List<String> record = in.next();
            while (!record.isEmpty()) {
                List<String> fields = record;
                RowReader.at(file, in.recordLine(), () -> action.accept(row(fields)));
                record = in.next();
            }
        }
    }

    private void requireNames(List<String> names) {
        List<String> expected = columns.stream().map(TableColumn::name).toList();
        if (!names.equals(expected)) {
            throw new IllegalArgumentException(
                    "columns must be "
                            + String.join(",", expected)
                            + ", got "
                            + Numbers.show(String.join(",", names)));
        }
    }

    private List<Cell> row(List<String> fields) {
        if (fields.size() != columns.size()) {
            throw new IllegalArgumentException(
                    "record must have " + columns.size() + " fields, got " + fields.size());
        }
        List<Cell> row = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            row.add(cell(columns.get(i), fields.get(i)));
        }
        return row;
    }

    private static Cell cell(TableColumn column, String field) {
        return switch (column.type()) {
            case WHOLE -> new Cell.Whole(Numbers.whole(column.name(), field));
            case TEXT -> new Cell.Text(field);
            case FLOATS -> new Cell.Floats(floats(column.name(), field));
            case REAL ->
                    field.isEmpty()
                            ? Cell.Absent.NOT_MEASURED
                            : new Cell.Real(Numbers.real(column.name(), field));
        };
    }

    private static FloatMatrix floats(String name, String field) {
        String[] texts = field.isEmpty() ? new String[0] : field.split(" ", -1);
        float[] values = new float[texts.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Numbers.single(name, texts[i]);
        }
        return FloatMatrix.of(1, values.length, values);
    }
}
