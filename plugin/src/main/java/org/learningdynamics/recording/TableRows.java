package org.learningdynamics.recording;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads whole tables of a run file row by row, all from one state of the file. */
final class TableRows {
    private final Path path;
    private final Connection connection;
    private final MeasuredColumns measured;

    private TableRows(Path path, Connection connection) throws SQLException {
        this.path = path;
        this.connection = connection;
        this.measured = new MeasuredColumns(HeaderTable.read(connection));
    }

    static void each(
            Path path, Connection connection, List<RunTable> tables, TableRowConsumer action)
            throws SQLException {
        RunDatabase.execute(connection, "BEGIN");
        TableRows rows = new TableRows(path, connection);
        for (RunTable table : tables) {
            if (RunFormat.has(connection, table)) {
                rows.each(table, action);
            }
        }
    }

    private void each(RunTable table, TableRowConsumer action) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(table.select());
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                action.accept(table, row(table, row));
            }
        }
    }

    private List<Cell> row(RunTable table, ResultSet row) throws SQLException {
        List<TableColumn> columns = table.columns();
        List<Cell> cells = new ArrayList<>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            cells.add(cell(table, columns.get(i), cells, row, i + 1));
        }
        return Collections.unmodifiableList(cells);
    }

    private Cell cell(
            RunTable table, TableColumn column, List<Cell> before, ResultSet row, int index)
            throws SQLException {
        return switch (column.type()) {
            case WHOLE -> new Cell.Whole(row.getLong(index));
            case TEXT -> new Cell.Text(row.getString(index));
            case FLOATS -> new Cell.Floats(floats(table, row.getBytes(index)));
            case REAL -> {
                double value = row.getDouble(index);
                yield row.wasNull() ? measured.ofNull(table, column, before) : new Cell.Real(value);
            }
        };
    }

    private FloatMatrix floats(RunTable table, byte[] bytes) {
        if (bytes.length % Float.BYTES != 0) {
            throw new RunFileException(
                    path,
                    "matrix in table "
                            + table.key()
                            + " must have a multiple of 4 bytes, got "
                            + bytes.length);
        }
        return FloatMatrix.ofBytes(1, bytes.length / Float.BYTES, bytes);
    }
}
