package org.learningdynamics.recording;

import java.sql.ResultSet;
import java.sql.SQLException;

/** Turns table rows about interactions back into measurements. */
final class InteractionRows {
    private InteractionRows() {}

    static ResidualRow residual(ResultSet row) throws SQLException {
        return new ResidualRow(
                row.getLong(1),
                row.getInt(2),
                row.getString(3),
                row.getLong(4),
                Rows.real(row, 5),
                Rows.real(row, 6),
                Rows.real(row, 7),
                Rows.real(row, 8),
                Rows.real(row, 9),
                row.getInt(10));
    }

    static InfluenceBlock influence(ResultSet row) throws SQLException {
        return new InfluenceBlock(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                InfluenceForm.ofKey(row.getString(4)),
                FloatMatrix.ofBytes(row.getInt(5), row.getInt(6), row.getBytes(7)));
    }

    static TokenInfluenceRow tokenInfluence(ResultSet row) throws SQLException {
        return new TokenInfluenceRow(
                row.getLong(1),
                row.getInt(2),
                row.getString(3),
                row.getInt(4),
                FloatMatrix.ofBytes(1, row.getInt(5), row.getBytes(6)));
    }

    static ShiftRow shift(ResultSet row) throws SQLException {
        return new ShiftRow(
                row.getLong(1),
                row.getInt(2),
                row.getString(3),
                Rows.real(row, 4),
                Rows.real(row, 5),
                Rows.real(row, 6),
                Rows.real(row, 7),
                Rows.real(row, 8),
                Rows.real(row, 9),
                Rows.real(row, 10));
    }

    static KernelRow kernel(ResultSet row) throws SQLException {
        return new KernelRow(
                row.getLong(1),
                row.getString(2),
                row.getInt(3),
                row.getString(4),
                row.getInt(5),
                Rows.real(row, 6),
                Rows.real(row, 7));
    }

    static KernelBlock kernelBlock(ResultSet row) throws SQLException {
        int classes = row.getInt(4);
        return new KernelBlock(
                row.getLong(1),
                row.getInt(2),
                row.getInt(3),
                FloatMatrix.ofBytes(classes, classes, row.getBytes(5)));
    }

    static AttributionRow attribution(ResultSet row) throws SQLException {
        return new AttributionRow(
                row.getLong(1), row.getInt(2), row.getString(3), Rows.real(row, 4), row.getLong(5));
    }

    static SelfInfluenceRow selfInfluence(ResultSet row) throws SQLException {
        return new SelfInfluenceRow(row.getLong(1), Rows.real(row, 2), row.getLong(3));
    }

    static ScoredBlock scoredBlock(ResultSet row) throws SQLException {
        return new ScoredBlock(row.getLong(1), row.getLong(2));
    }
}
