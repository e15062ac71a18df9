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
    private static final Duration RETRY = Duration.ofMillis(20);
    private static final String UNCLOSED =
            "was not closed by its writer and must be recovered first, but it or its directory"
                    + " cannot be written";

    private RunDatabase() {}

    /**
     * Opens an existing file for reading only. A file with neither log nor writer, but still in
     * write-ahead mode (a copy, say), can be read in a read-only place too: nothing can change it.
     */
    static Connection openForReading(Path path, Duration lockTimeout) throws SQLException {
        try {
            return readable(url(path), lockTimeout);
        } catch (SQLException e) {
            if (!unwritable(e) || hasLog(path)) {
                throw e;
            }
            return readable(url(path) + "?immutable=1", lockTimeout);
        }
    }

    private static Connection readable(String url, Duration lockTimeout) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout((int) lockTimeout.toMillis());
        Connection connection = config.createConnection(url);
        try {
            isEmpty(connection);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static boolean hasLog(Path path) {
        return path.resolveSibling(path.getFileName() + "-wal").toFile().length() > 0;
    }

    private static boolean unwritable(SQLException error) {
        int code = error.getErrorCode() & 0xff;
        return code == SQLiteErrorCode.SQLITE_READONLY.code
                || code == SQLiteErrorCode.SQLITE_CANTOPEN.code;
    }

    /**
     * Opens or creates a file for writing; nothing is changed yet. Transactions are begun and ended
     * in SQL: the driver's own begin at the end of the one before, which would lock others out or
     * hold on to an old state of the file.
     */
    static Connection openForWriting(Path path, Duration lockTimeout) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout((int) lockTimeout.toMillis());
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
        if (!Files.isReadable(path)) {
            throw new RunFileException(path, "run file must be readable, permission is missing");
        }
    }

    static void requireRunFile(Path path, Connection connection) throws SQLException {
        long id = number(connection, "PRAGMA application_id");
        if (id != RunFormat.APPLICATION_ID) {
            throw new RunFileException(
                    path,
                    "run file must be an SQLite database with application id "
                            + RunFormat.APPLICATION_ID
                            + ", got application id "
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

    static void begin(Connection connection) throws SQLException {
        execute(connection, "BEGIN IMMEDIATE");
    }

    static void commit(Connection connection) throws SQLException {
        execute(connection, "COMMIT");
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static long update(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
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
    static void intoOneFile(Path path, Connection connection, Duration patience)
            throws SQLException {
        long deadline = System.nanoTime() + patience.toNanos();
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
        if (unwritable(error)) {
            return UNCLOSED + " (" + error.getMessage() + ")";
        }
        return "cannot be used (" + error.getMessage() + ")";
    }
}
