package org.learningdynamics.recording;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** The table that format version 4 adds: distributions at single positions. */
final class DistributionTable {
    static final List<String> DEFINITIONS =
            List.of(
                    """
                    CREATE TABLE distribution(
                      step INTEGER NOT NULL, probe INTEGER NOT NULL, kind TEXT NOT NULL,
                      position INTEGER NOT NULL, token INTEGER NOT NULL, log_prob REAL,
                      PRIMARY KEY(step, probe, kind, position, token)) WITHOUT ROWID""");

    private DistributionTable() {}

    static DistributionRow row(ResultSet row) throws SQLException {
        return new DistributionRow(
                row.getLong(1),
                row.getInt(2),
                row.getString(3),
                row.getInt(4),
                row.getInt(5),
                Rows.real(row, 6));
    }

    /** Writes its rows. */
    static final class Writer implements AutoCloseable {
        private final PreparedStatement insert;

        Writer(Connection connection) throws SQLException {
            insert = connection.prepareStatement("INSERT INTO distribution VALUES (?,?,?,?,?,?)");
        }

        void write(List<DistributionRow> rows, MissingValues missing) throws SQLException {
            for (DistributionRow row : rows) {
                insert.setLong(1, row.step());
                insert.setInt(2, row.probe());
                insert.setString(3, row.kind());
                insert.setInt(4, row.position());
                insert.setInt(5, row.token());
                RowWriter.real(insert, 6, row.logProb());
                insert.addBatch();
                missing.addNanOf(row);
            }
            if (!rows.isEmpty()) {
                insert.executeBatch();
            }
        }

        void clear() throws SQLException {
            insert.clearBatch();
        }

        @Override
        public void close() throws SQLException {
            insert.close();
        }
    }
}
