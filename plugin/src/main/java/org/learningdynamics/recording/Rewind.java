package org.learningdynamics.recording;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Takes a run file back to an iteration, so that what is trained again is not in it twice. */
final class Rewind {
    private static final List<String> TABLES_OF_STEPS = tablesOfSteps();

    private final Connection connection;

    Rewind(Connection connection) {
        this.connection = connection;
    }

    private static List<String> tablesOfSteps() {
        List<String> tables =
                new ArrayList<>(List.of("likelihood", "token", "distribution", "event"));
        tables.addAll(InteractionTables.OF_STEPS);
        return List.copyOf(tables);
    }

    static long lastStep(Connection connection) throws SQLException {
        return RunDatabase.number(connection, "SELECT coalesce(max(step), -1) FROM step");
    }

    static long lastIteration(Connection connection) throws SQLException {
        return RunDatabase.number(
                connection,
                "SELECT coalesce((SELECT iteration FROM step ORDER BY step DESC LIMIT 1), -1)");
    }

    /**
     * Removes recordings and metrics of later iterations, and with a recording the attributions,
     * which may rest on it; returns how many rows.
     */
    long to(long iteration) throws SQLException {
        long removed = 0;
        for (String table : TABLES_OF_STEPS) {
            removed +=
                    delete(
                            "DELETE FROM "
                                    + table
                                    + " WHERE step IN (SELECT step FROM step WHERE iteration > ?)",
                            iteration);
        }
        long steps = delete("DELETE FROM step WHERE iteration > ?", iteration);
        removed += steps;
        if (steps > 0) {
            for (String table : InteractionTables.OF_SUMS) {
                removed += RunDatabase.update(connection, "DELETE FROM " + table);
            }
        }
        return removed + delete("DELETE FROM metric WHERE iteration > ?", iteration);
    }

    private long delete(String sql, long iteration) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(sql)) {
            delete.setLong(1, iteration);
            return delete.executeUpdate();
        }
    }
}
