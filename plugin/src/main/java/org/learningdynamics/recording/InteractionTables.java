package org.learningdynamics.recording;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** The tables that format version 2 adds: which example moved which response, and why. */
final class InteractionTables {
    static final String ATTRIBUTION = "attribution";

    /** The tables whose rows belong to a recording. */
    static final List<String> OF_STEPS =
            List.of("residual", "influence", "influence_token", "shift", "kernel", "kernel_block");

    static final List<String> DEFINITIONS =
            List.of(
                    """
                    CREATE TABLE residual(
                      step INTEGER NOT NULL, position INTEGER NOT NULL, part TEXT NOT NULL,
                      example INTEGER NOT NULL, coefficient REAL, a_norm REAL, g_norm REAL,
                      grad_norm REAL, self_influence REAL, tokens INTEGER NOT NULL,
                      PRIMARY KEY(step, position, part)) WITHOUT ROWID""",
                    """
                    CREATE TABLE influence(
                      step INTEGER NOT NULL, layer TEXT NOT NULL, part TEXT NOT NULL,
                      form TEXT NOT NULL, examples INTEGER NOT NULL, responses INTEGER NOT NULL,
                      value BLOB NOT NULL, PRIMARY KEY(step, layer, part))""",
                    """
                    CREATE TABLE influence_token(
                      step INTEGER NOT NULL, probe INTEGER NOT NULL, kind TEXT NOT NULL,
                      position INTEGER NOT NULL, examples INTEGER NOT NULL, value BLOB NOT NULL,
                      PRIMARY KEY(step, probe, kind, position))""",
                    """
                    CREATE TABLE shift(
                      step INTEGER NOT NULL, probe INTEGER NOT NULL, kind TEXT NOT NULL,
                      predicted REAL, from_batch REAL, from_history REAL, from_decay REAL,
                      from_statistics REAL, unattributed REAL, actual REAL,
                      PRIMARY KEY(step, probe, kind)) WITHOUT ROWID""",
                    """
                    CREATE TABLE kernel(
                      step INTEGER NOT NULL, name TEXT NOT NULL, probe INTEGER NOT NULL,
                      kind TEXT NOT NULL, position INTEGER NOT NULL, value REAL,
                      standard_error REAL,
                      PRIMARY KEY(step, name, probe, kind, position)) WITHOUT ROWID""",
                    """
                    CREATE TABLE kernel_block(
                      step INTEGER NOT NULL, probe INTEGER NOT NULL, position INTEGER NOT NULL,
                      classes INTEGER NOT NULL, value BLOB NOT NULL,
                      PRIMARY KEY(step, probe, position))""",
                    """
                    CREATE TABLE attribution(
                      example INTEGER NOT NULL, probe INTEGER NOT NULL, kind TEXT NOT NULL,
                      total REAL, recordings INTEGER NOT NULL,
                      PRIMARY KEY(example, probe, kind)) WITHOUT ROWID""",
                    """
                    CREATE TABLE self_influence(
                      example INTEGER PRIMARY KEY, total REAL, recordings INTEGER NOT NULL)""",
                    """
                    CREATE TABLE attribution_progress(
                      checkpoint INTEGER NOT NULL, block INTEGER NOT NULL,
                      PRIMARY KEY(checkpoint, block)) WITHOUT ROWID""");

    /** The tables of sums over recordings or checkpoints. */
    static final List<String> OF_SUMS =
            List.of(ATTRIBUTION, "self_influence", "attribution_progress");

    private InteractionTables() {}

    /** Whether the file has these tables; a file of version 1 has not. */
    static boolean exist(Connection connection) throws SQLException {
        return RunDatabase.number(
                        connection,
                        "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name ="
                                + " 'attribution'")
                > 0;
    }

    static InteractionCounts counts(Connection connection) throws SQLException {
        if (!exist(connection)) {
            return InteractionCounts.NONE;
        }
        String sql =
                "SELECT (SELECT count(*) FROM residual), (SELECT count(*) FROM influence),"
                        + " (SELECT count(*) FROM influence_token), (SELECT count(*) FROM shift),"
                        + " (SELECT count(*) FROM kernel), (SELECT count(*) FROM kernel_block),"
                        + " (SELECT count(*) FROM attribution)";
        try (PreparedStatement select = connection.prepareStatement(sql);
                ResultSet row = select.executeQuery()) {
            return new InteractionCounts(
                    row.getLong(1),
                    row.getLong(2),
                    row.getLong(3),
                    row.getLong(4),
                    row.getLong(5),
                    row.getLong(6),
                    row.getLong(7));
        }
    }
}
