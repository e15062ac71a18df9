package org.learningdynamics.recording;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * The tables of a run file. A later version adds tables and columns and raises {@link #VERSION}; it
 * never renames nor drops one, so that a reader reads every version from {@link #OLDEST_READABLE}
 * on.
 */
final class RunFormat {
    /** The version that this library writes. */
    static final int VERSION = 4;

    static final int OLDEST_READABLE = 1;

    /** Marks the SQLite file as a run file; the letters LDYN. */
    static final int APPLICATION_ID = 0x4C44594E;

    static final int PAGE_BYTES = 8192;

    private static final List<String> FIRST_TABLES =
            List.of(
                    """
                    CREATE TABLE header(
                      key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID""",
                    """
                    CREATE TABLE probe(
                      probe INTEGER PRIMARY KEY, digest TEXT NOT NULL, set_name TEXT NOT NULL,
                      prompt TEXT NOT NULL)""",
                    """
                    CREATE TABLE response(
                      probe INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL,
                      tokens INTEGER NOT NULL, PRIMARY KEY(probe, kind))""",
                    """
                    CREATE TABLE example(
                      example INTEGER PRIMARY KEY, digest TEXT NOT NULL, prompt TEXT NOT NULL)""",
                    """
                    CREATE TABLE step(
                      step INTEGER PRIMARY KEY, iteration INTEGER NOT NULL, epoch INTEGER NOT NULL,
                      time_ms INTEGER NOT NULL, loss REAL, learning_rate REAL, grad_norm REAL,
                      step_ms REAL, overhead_ms REAL)""",
                    """
                    CREATE TABLE metric(
                      iteration INTEGER NOT NULL, name TEXT NOT NULL, value REAL,
                      PRIMARY KEY(name, iteration)) WITHOUT ROWID""",
                    """
                    CREATE TABLE likelihood(
                      step INTEGER NOT NULL, probe INTEGER NOT NULL, kind TEXT NOT NULL,
                      log_prob REAL, argmax_log_prob REAL, rest_log_prob REAL, peakiness REAL,
                      gap REAL, energy REAL, entropy REAL, tokens INTEGER NOT NULL,
                      PRIMARY KEY(step, probe, kind)) WITHOUT ROWID""",
                    """
                    CREATE TABLE token(
                      step INTEGER NOT NULL, probe INTEGER NOT NULL, kind TEXT NOT NULL,
                      position INTEGER NOT NULL, log_prob REAL, argmax INTEGER NOT NULL,
                      PRIMARY KEY(step, probe, kind, position)) WITHOUT ROWID""",
                    """
                    CREATE TABLE event(
                      step INTEGER NOT NULL, severity TEXT NOT NULL, code TEXT NOT NULL,
                      message TEXT NOT NULL)""");

    private RunFormat() {}

    static void create(Connection connection) throws SQLException {
        create(connection, VERSION);
    }

    /** Creates the tables of a version that can be read. */
    static void create(Connection connection, int version) throws SQLException {
        RunDatabase.execute(connection, "PRAGMA application_id=" + APPLICATION_ID);
        for (String table : FIRST_TABLES) {
            RunDatabase.execute(connection, table);
        }
        addTables(connection, 1, version);
    }

    /** Adds the tables that later versions have. */
    static void upgrade(Connection connection, int version) throws SQLException {
        addTables(connection, version, VERSION);
    }

    private static void addTables(Connection connection, int from, int to) throws SQLException {
        List<List<String>> added =
                List.of(
                        InteractionTables.DEFINITIONS,
                        WordingTables.DEFINITIONS,
                        DistributionTable.DEFINITIONS);
        for (int version = from + 1; version <= to; version++) {
            for (String table : added.get(version - 2)) {
                RunDatabase.execute(connection, table);
            }
        }
    }

    /** Whether a file has a table; those of later format versions are missing in earlier ones. */
    static boolean has(Connection connection, RunTable table) throws SQLException {
        return RunDatabase.number(
                        connection,
                        "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '"
                                + table.key()
                                + "'")
                > 0;
    }

    static void requireReadable(Path path, int version) {
        if (version < OLDEST_READABLE || version > VERSION) {
            throw new RunFileException(
                    path,
                    "format version must be "
                            + OLDEST_READABLE
                            + " to "
                            + VERSION
                            + " for this library, got "
                            + version);
        }
    }
}
