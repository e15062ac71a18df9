package org.learningdynamics.recording;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;

/** Turns attributions into table rows, inside the caller's transaction. */
final class AttributionWriter implements AutoCloseable {
    private final PreparedStatement replace;
    private final PreparedStatement add;
    private final PreparedStatement addSelf;
    private final PreparedStatement done;

    AttributionWriter(Connection connection) throws SQLException {
        this.replace =
                connection.prepareStatement(
                        "INSERT OR REPLACE INTO attribution VALUES (?,?,?,?,?)");
        this.add =
                connection.prepareStatement(
                        "INSERT INTO attribution VALUES (?,?,?,?,?)"
                                + " ON CONFLICT(example, probe, kind) DO UPDATE SET"
                                + " total = total + excluded.total,"
                                + " recordings = recordings + excluded.recordings");
        this.addSelf =
                connection.prepareStatement(
                        "INSERT INTO self_influence VALUES (?,?,?) ON CONFLICT(example)"
                                + " DO UPDATE SET total = total + excluded.total,"
                                + " recordings = recordings + excluded.recordings");
        this.done = connection.prepareStatement("INSERT INTO attribution_progress VALUES (?,?)");
    }

    /** Stores a row in the place of an earlier one. */
    void replace(AttributionRow row) throws SQLException {
        set(replace, row);
        replace.executeUpdate();
    }

    /** Adds a block to what is stored; the mark comes first, so that a second time adds nothing. */
    void add(AttributionBlock block) throws SQLException {
        done.setLong(1, block.scored().checkpoint());
        done.setLong(2, block.scored().block());
        done.executeUpdate();
        for (AttributionRow row : block.rows()) {
            set(add, row);
            add.executeUpdate();
        }
        for (SelfInfluenceRow row : block.selfInfluences()) {
            addSelf.setLong(1, row.example());
            real(addSelf, 2, row.total());
            addSelf.setLong(3, row.recordings());
            addSelf.executeUpdate();
        }
    }

    private static void set(PreparedStatement statement, AttributionRow row) throws SQLException {
        statement.setLong(1, row.example());
        statement.setInt(2, row.probe());
        statement.setString(3, row.kind());
        real(statement, 4, row.total());
        statement.setLong(5, row.recordings());
    }

    private static void real(PreparedStatement statement, int index, double value)
            throws SQLException {
        if (Double.isNaN(value)) {
            statement.setNull(index, Types.REAL);
        } else {
            statement.setDouble(index, value);
        }
    }

    @Override
    public void close() throws SQLException {
        replace.close();
        add.close();
        addSelf.close();
        done.close();
    }
}
