package org.learningdynamics.recording;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/**
 * Connections to a run file and SQLite's errors in plain words. Nothing here or elsewhere opens the
 * file by other means: on POSIX systems closing a second descriptor would give up SQLite's locks.
 */
final class RunDatabase {
    private static final Logger LOG = LoggerFactory.getLogger(RunFileRecorder.class);
    private static final Duration LEAVE_LOG = Duration.ofSeconds(5);
    private static final Duration RETRY = Duration.ofMillis(20);
    private static final String UNCLOSED =
            "was not closed by its writer and must be recovered first, but it or its directory"
                    + " cannot be written";

    private RunDatabase() {}

    /** Opens an existing file for reading only. */
    static Connection openForReading(Path path, Duration lockTimeout) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout((int) lockTimeout.toMillis());
        return config.createConnection(url(path));
    }

    /** Opens or creates a file for writing; nothing is changed yet. */
    static Connection openForWriting(Path path, Duration lockTimeout) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout((int) lockTimeout.toMillis());
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        return config.createConnection(url(path));
    }

    private static String url(Path path) {
        return "jdbc:sqlite:" + path.toUri().toASCIIString();
    }

    static void requireFile(Path path) {
        if (Files.isDirectory(path)) {
            throw new RunFileException(path, "run file must be a file, got a directory");
        }
        if (!Files.exists(path)) {
            throw new RunFileException(path, "run file must exist, found none");
        }
    }

    static void requireRunFile(Path path, Connection connection) throws SQLException {
        long id = number(connection, "PRAGMA application_id");
        if (id != RunFormat.APPLICATION_ID) {
            throw new RunFileException(
                    path,
                    "run file must have application id "
                            + RunFormat.APPLICATION_ID
                            + ", got an SQLite database with "
                            + id);
        }
    }

    /** Reads the whole file and checks that every table is sound. */
    static void requireSound(Path path, Connection connection) throws SQLException {
        String verdict = text(connection, "PRAGMA quick_check(1)");
        if (!"ok".equals(verdict)) {
            throw new RunFileException(path, "is damaged or truncated (" + verdict + ")");
        }
    }

    static boolean isEmpty(Connection connection) throws SQLException {
        return number(connection, "SELECT count(*) FROM sqlite_master") == 0;
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return result.next() ? result.getLong(1) : 0;
        }
    }

    static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return result.next() ? String.valueOf(result.getString(1)) : "";
        }
    }

    /**
     * Moves the write-ahead log into the file and leaves it. Other connections, even idle ones,
     * stand in the way; after a while the file is left as it is, complete but with its log beside
     * it.
     */
    static void intoOneFile(Path path, Connection connection) throws SQLException {
        connection.setAutoCommit(true);
        long deadline = System.nanoTime() + LEAVE_LOG.toNanos();
        while (!leaveLog(connection)) {
            if (System.nanoTime() - deadline > 0) {
                LOG.warn(
                        "{}: is being read, so its -wal file stays until it is opened again", path);
                return;
            }
            LockSupport.parkNanos(RETRY.toNanos());
        }
    }

    private static boolean leaveLog(Connection connection) throws SQLException {
        try {
            text(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
            return "delete".equals(text(connection, "PRAGMA journal_mode=DELETE"));
        } catch (SQLException e) {
            if ((e.getErrorCode() & 0xff) != SQLiteErrorCode.SQLITE_BUSY.code) {
                throw e;
            }
            return false;
        }
    }

    /** Says what an error of SQLite means for the file. */
    static RunFileException explain(Path path, SQLException error) {
        return new RunFileException(path, problem(error), error);
    }

    private static String problem(SQLException error) {
        int code = error.getErrorCode() & 0xff;
        if (code == SQLiteErrorCode.SQLITE_NOTADB.code) {
            return "run file must be an SQLite database, got something else";
        }
        if (code == SQLiteErrorCode.SQLITE_CORRUPT.code) {
            return "is damaged or truncated (" + error.getMessage() + ")";
        }
        if (code == SQLiteErrorCode.SQLITE_BUSY.code) {
            return "stayed locked by another process (" + error.getMessage() + ")";
        }
        if (code == SQLiteErrorCode.SQLITE_READONLY.code
                || code == SQLiteErrorCode.SQLITE_CANTOPEN.code) {
            return UNCLOSED + " (" + error.getMessage() + ")";
        }
        return "cannot be used (" + error.getMessage() + ")";
    }
}
