package org.learningdynamics.recording;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.function.Consumer;

/** Turns table rows back into measurements. */
final class Rows {
    private Rows() {}

    static <T> void each(
            Connection connection,
            String sql,
            Mapping<T> mapping,
            Consumer<T> action,
            Object... arguments)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                select.setObject(i + 1, arguments[i]);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    action.accept(mapping.map(row));
                }
            }
        }
    }

    static ProbeRow probe(ResultSet row) throws SQLException {
        return new ProbeRow(row.getInt(1), row.getString(2), row.getString(3), row.getString(4));
    }

    static ResponseRow response(ResultSet row) throws SQLException {
        return new ResponseRow(row.getInt(1), row.getString(2), row.getString(3), row.getInt(4));
    }

    static ExampleRow example(ResultSet row) throws SQLException {
        return new ExampleRow(row.getLong(1), row.getString(2), row.getString(3));
    }

    static StepRow step(ResultSet row) throws SQLException {
        return new StepRow(
                row.getLong(1),
                row.getLong(2),
                row.getInt(3),
                row.getLong(4),
                real(row, 5),
                real(row, 6),
                real(row, 7),
                real(row, 8),
                real(row, 9));
    }

    static LikelihoodRow likelihood(ResultSet row) throws SQLException {
        return new LikelihoodRow(
                row.getLong(1),
                row.getInt(2),
                row.getString(3),
                real(row, 4),
                real(row, 5),
                real(row, 6),
                real(row, 7),
                real(row, 8),
                real(row, 9),
                real(row, 10),
                row.getInt(11));
    }

    static TokenRow token(ResultSet row) throws SQLException {
        return new TokenRow(
                row.getLong(1),
                row.getInt(2),
                row.getString(3),
                row.getInt(4),
                real(row, 5),
                row.getInt(6));
    }

    static Metric metric(ResultSet row) throws SQLException {
        return new Metric(row.getLong(1), row.getString(2), real(row, 3));
    }

    static Event event(ResultSet row) throws SQLException {
        Severity severity = Severity.valueOf(row.getString(2).toUpperCase(Locale.ROOT));
        return new Event(row.getLong(1), severity, row.getString(3), row.getString(4));
    }

    static RunCounts counts(ResultSet row) throws SQLException {
        return new RunCounts(
                row.getLong(1),
                row.getLong(2),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                row.getLong(8));
    }

    static double real(ResultSet row, int column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? Double.NaN : value;
    }

    /** Makes one value of the current row. */
    @FunctionalInterface
    interface Mapping<T> {
        T map(ResultSet row) throws SQLException;
    }

    /** Does something with a connection. */
    @FunctionalInterface
    interface Query<T> {
        T run(Connection connection) throws SQLException;
    }
}
