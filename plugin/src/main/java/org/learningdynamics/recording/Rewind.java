package org.learningdynamics.recording;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Takes a run file back to an iteration, so that what is trained again is not in it twice. */
final class Rewind {
    private static final List<String> TABLES_OF_STEPS = List.of("likelihood", "token", "event");

    private final Connection connection;

    Rewind(Connection connection) {
        this.connection = connection;
    }

    static long lastStep(Connection connection) throws SQLException {
        return RunDatabase.number(connection, "SELECT coalesce(max(step), -1) FROM step");
    }

    static long lastIteration(Connection connection) throws SQLException {
        return RunDatabase.number(
                connection,
                "SELECT coalesce((SELECT iteration FROM step ORDER BY step DESC LIMIT 1), -1)");
    }

    /** Removes recordings and metrics of later iterations; returns how many rows. */
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
        removed += delete("DELETE FROM step WHERE iteration > ?", iteration);
        return removed + delete("DELETE FROM metric WHERE iteration > ?", iteration);
    }

    private long delete(String sql, long iteration) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(sql)) {
            delete.setLong(1, iteration);
            return delete.executeUpdate();
        }
    }
}
