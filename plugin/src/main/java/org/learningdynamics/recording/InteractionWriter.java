package org.learningdynamics.recording;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;

/** Turns the interactions of a recording into table rows, inside the caller's transaction. */
final class InteractionWriter implements AutoCloseable {
    private final PreparedStatement residual;
    private final PreparedStatement influence;
    private final PreparedStatement tokenInfluence;
    private final PreparedStatement shift;
    private final PreparedStatement kernel;
    private final PreparedStatement kernelBlock;

    InteractionWriter(Connection connection) throws SQLException {
        this.residual =
                connection.prepareStatement("INSERT INTO residual VALUES (?,?,?,?,?,?,?,?,?,?)");
        this.influence =
                connection.prepareStatement("INSERT INTO influence VALUES (?,?,?,?,?,?,?)");
        this.tokenInfluence =
                connection.prepareStatement("INSERT INTO influence_token VALUES (?,?,?,?,?,?)");
        this.shift = connection.prepareStatement("INSERT INTO shift VALUES (?,?,?,?,?,?,?,?,?,?)");
        this.kernel = connection.prepareStatement("INSERT INTO kernel VALUES (?,?,?,?,?,?,?)");
        this.kernelBlock =
                connection.prepareStatement("INSERT INTO kernel_block VALUES (?,?,?,?,?)");
    }

    void write(Interactions rows, MissingValues missing) throws SQLException {
        for (ResidualRow row : rows.residuals()) {
            residual(row);
            missing.addNanOf(row);
        }
        for (InfluenceBlock row : rows.influences()) {
            influence(row);
            missing.addNanOf(row);
        }
        for (TokenInfluenceRow row : rows.tokenInfluences()) {
            tokenInfluence(row);
            missing.addNanOf(row);
        }
        for (ShiftRow row : rows.shifts()) {
            shift(row);
            missing.addNanOf(row);
        }
        for (KernelRow row : rows.kernels()) {
            kernel(row);
            missing.addNanOf(row);
        }
        for (KernelBlock row : rows.kernelBlocks()) {
            kernelBlock(row);
            missing.addNanOf(row);
        }
    }

    private void residual(ResidualRow row) throws SQLException {
        insert(
                residual,
                row.step(),
                row.position(),
                row.part(),
                row.example(),
                row.coefficient(),
                row.aNorm(),
                row.gNorm(),
                row.gradNorm(),
                row.selfInfluence(),
                row.tokens());
    }

    private void influence(InfluenceBlock row) throws SQLException {
        insert(
                influence,
                row.step(),
                row.layer(),
                row.part(),
                row.form().key(),
                row.examples(),
                row.responses(),
                row.values().bytes());
    }

    private void tokenInfluence(TokenInfluenceRow row) throws SQLException {
        insert(
                tokenInfluence,
                row.step(),
                row.probe(),
                row.kind(),
                row.position(),
                row.examples(),
                row.values().bytes());
    }

    private void shift(ShiftRow row) throws SQLException {
        insert(
                shift,
                row.step(),
                row.probe(),
                row.kind(),
                row.predicted(),
                row.fromBatch(),
                row.fromHistory(),
                row.fromDecay(),
                row.fromStatistics(),
                row.unattributed(),
                row.actual());
    }

    private void kernel(KernelRow row) throws SQLException {
        insert(
                kernel,
                row.step(),
                row.name(),
                row.probe(),
                row.kind(),
                row.position(),
                row.value(),
                row.standardError());
    }

    private void kernelBlock(KernelBlock row) throws SQLException {
        insert(
                kernelBlock,
                row.step(),
                row.probe(),
                row.position(),
                row.classes(),
                row.values().bytes());
    }

    /** Inserts one row; NaN becomes NULL. */
    private static void insert(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            if (values[i] instanceof Double number && number.isNaN()) {
                statement.setNull(i + 1, Types.REAL);
            } else {
                statement.setObject(i + 1, values[i]);
            }
        }
        statement.executeUpdate();
    }

    @Override
    public void close() throws SQLException {
        residual.close();
        influence.close();
        tokenInfluence.close();
        shift.close();
        kernel.close();
        kernelBlock.close();
    }
}
