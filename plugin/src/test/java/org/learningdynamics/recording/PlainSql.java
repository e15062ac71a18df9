package org.learningdynamics.recording;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A run file seen by somebody who knows SQL and nothing of this library. */
final class PlainSql {
    private PlainSql() {}

    static void execute(Path path, String... statements) throws SQLException {
        try (Connection connection = connect(path);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    static String text(Path path, String sql) throws SQLException {
        try (Connection connection = connect(path);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return result.next() ? String.valueOf(result.getString(1)) : "no row";
        }
    }

    static Connection connect(Path path) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + path);
    }
}
