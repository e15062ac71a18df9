package org.learningdynamics.recording;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Turns measurements into table rows, inside a transaction that the caller commits. NaN becomes
 * NULL, and an event where it was measured; infinite values are stored as they are.
 */
final class RowWriter implements AutoCloseable {
    private final Connection connection;
    private final Texts texts;
    private final PreparedStatement step;
    private final PreparedStatement likelihood;
    private final PreparedStatement token;
    private final PreparedStatement metric;
    private final PreparedStatement example;
    private final PreparedStatement event;
    private final InteractionWriter interactions;
    private final AttributionWriter attributions;
    private final WordingTables.Writer wording;
    private final DistributionTable.Writer distributions;
    private final Set<String> nanMetrics = new HashSet<>();
    private boolean nanAttribution;

    RowWriter(Connection connection, Texts texts) throws SQLException {
        this.connection = connection;
        this.texts = texts;
        this.step = connection.prepareStatement("INSERT INTO step VALUES (?,?,?,?,?,?,?,?,?)");
        this.likelihood =
                connection.prepareStatement(
                        "INSERT INTO likelihood VALUES (?,?,?,?,?,?,?,?,?,?,?)");
        this.token = connection.prepareStatement("INSERT INTO token VALUES (?,?,?,?,?,?)");
        this.metric = connection.prepareStatement("INSERT OR REPLACE INTO metric VALUES (?,?,?)");
        this.example = connection.prepareStatement("INSERT OR REPLACE INTO example VALUES (?,?,?)");
        this.event = connection.prepareStatement("INSERT INTO event VALUES (?,?,?,?)");
        this.interactions = new InteractionWriter(connection);
        this.attributions = new AttributionWriter(connection);
        this.wording = new WordingTables.Writer(connection, texts);
        this.distributions = new DistributionTable.Writer(connection);
    }

    /** Stores one measurement; a recording whole or, throwing, not at all. */
    void write(Measurement measurement, long lastStep) throws SQLException {
        if (measurement instanceof StepRecording recording) {
            whole(() -> recording(recording));
        } else if (measurement instanceof Metric row) {
            metric(row, lastStep);
        } else if (measurement instanceof ExampleRow row) {
            example(row);
        } else if (measurement instanceof ExampleResponse row) {
            wording.write(row);
        } else if (measurement instanceof ResponseTokens row) {
            whole(() -> wording.write(row));
        } else if (measurement instanceof TokenText row) {
            wording.write(row);
        } else if (measurement instanceof AttributionRow row) {
            attributions.replace(row);
            noteNan(row, lastStep);
        } else if (measurement instanceof AttributionBlock block) {
            whole(() -> attributions.add(block));
            for (AttributionRow row : block.rows()) {
                noteNan(row, lastStep);
            }
        } else if (measurement instanceof Event row) {
            event(row);
        }
    }

    private void whole(Inserts rows) throws SQLException {
        RunDatabase.execute(connection, "SAVEPOINT recording");
        try {
            rows.write();
            RunDatabase.execute(connection, "RELEASE recording");
        } catch (SQLException e) {
            likelihood.clearBatch();
            token.clearBatch();
            distributions.clear();
            undo(e);
            throw new RejectedException(e);
        }
    }

    /** Takes the recording back; throws its failure where SQLite gave up the whole transaction. */
    private void undo(SQLException failure) throws SQLException {
        try {
            RunDatabase.execute(connection, "ROLLBACK TO recording");
            RunDatabase.execute(connection, "RELEASE recording");
        } catch (SQLException e) {
            failure.addSuppressed(e);
            throw failure;
        }
    }

    private void recording(StepRecording recording) throws SQLException {
        MissingValues missing = new MissingValues();
        step(recording.step(), missing);
        for (LikelihoodRow row : recording.likelihoods()) {
            likelihood(row, missing);
        }
        likelihood.executeBatch();
        for (TokenRow row : recording.tokens()) {
            token(row, missing);
        }
        if (!recording.tokens().isEmpty()) {
            token.executeBatch();
        }
        distributions.write(recording.distributions(), missing);
        interactions.write(recording.interactions(), missing);
        for (Event row : recording.events()) {
            event(row);
        }
        if (missing.any()) {
            event(missing.event(recording.step().step()));
        }
    }

    private void step(StepRow row, MissingValues missing) throws SQLException {
        step.setLong(1, row.step());
        step.setLong(2, row.iteration());
        step.setInt(3, row.epoch());
        step.setLong(4, row.timeMillis());
        real(step, 5, row.loss());
        real(step, 6, row.learningRate());
        real(step, 7, row.gradNorm());
        real(step, 8, row.stepMillis());
        real(step, 9, row.overheadMillis());
        step.executeUpdate();
        if (row.iteration() > 0 && Double.isNaN(row.loss())) {
            missing.add("loss");
        }
    }

    private void likelihood(LikelihoodRow row, MissingValues missing) throws SQLException {
        likelihood.setLong(1, row.step());
        likelihood.setInt(2, row.probe());
        likelihood.setString(3, row.kind());
        real(likelihood, 4, row.logProb());
        real(likelihood, 5, row.argmaxLogProb());
        real(likelihood, 6, row.restLogProb());
        real(likelihood, 7, row.peakiness());
        real(likelihood, 8, row.gap());
        real(likelihood, 9, row.energy());
        real(likelihood, 10, row.entropy());
        likelihood.setInt(11, row.tokens());
        likelihood.addBatch();
        missing.addNanOf(row);
    }

    private void token(TokenRow row, MissingValues missing) throws SQLException {
        token.setLong(1, row.step());
        token.setInt(2, row.probe());
        token.setString(3, row.kind());
        token.setInt(4, row.position());
        real(token, 5, row.logProb());
        token.setInt(6, row.argmax());
        token.addBatch();
        missing.addNanOf(row);
    }

    private void metric(Metric row, long lastStep) throws SQLException {
        metric.setLong(1, row.iteration());
        metric.setString(2, row.name());
        real(metric, 3, row.value());
        metric.executeUpdate();
        if (!Double.isNaN(row.value())) {
            nanMetrics.remove(row.name());
        } else if (nanMetrics.add(row.name())) {
            event(MissingValues.event(row, lastStep));
        }
    }

    private void noteNan(AttributionRow row, long lastStep) throws SQLException {
        if (Double.isNaN(row.total()) && !nanAttribution) {
            nanAttribution = true;
            event(MissingValues.event(row, lastStep));
        }
    }

    private void example(ExampleRow row) throws SQLException {
        example.setLong(1, row.example());
        example.setString(2, row.digest());
        example.setString(3, texts.store(row.prompt()));
        example.executeUpdate();
    }

    void event(Event row) throws SQLException {
        event.setLong(1, row.step());
        event.setString(2, row.severity().name().toLowerCase(Locale.ROOT));
        event.setString(3, row.code());
        event.setString(4, row.message());
        event.executeUpdate();
    }

    static void real(PreparedStatement statement, int index, double value) throws SQLException {
        if (Double.isNaN(value)) {
            statement.setNull(index, Types.REAL);
        } else {
            statement.setDouble(index, value);
        }
    }

    /** Forgets what a rolled back transaction would have told. */
    void rolledBack() {
        nanMetrics.clear();
        nanAttribution = false;
    }

    @Override
    public void close() throws SQLException {
        step.close();
        likelihood.close();
        token.close();
        metric.close();
        example.close();
        event.close();
        interactions.close();
        attributions.close();
        wording.close();
        distributions.close();
    }

    /** What is stored whole or not at all. */
    @FunctionalInterface
    private interface Inserts {
        void write() throws SQLException;
    }

    /** One recording was refused and left no trace; the transaction can go on. */
    static final class RejectedException extends SQLException {
        private static final long serialVersionUID = 1L;

        RejectedException(SQLException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
