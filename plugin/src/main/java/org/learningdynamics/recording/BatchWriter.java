package org.learningdynamics.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The background thread's work: takes batches from the queue, commits each as one transaction,
 * counts what could not be stored, and finishes the file once the queue is closed.
 */
final class BatchWriter implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(RunFileRecorder.class);
    private static final long BATCH_ROWS = 20_000;
    private static final String STOPPED = "the writer stopped early";

    private final Path path;
    private final Connection connection;
    private final WriterLock lock;
    private final WriteQueue queue;
    private final Tally tally;
    private final RowWriter rows;
    private final Duration patience;
    private final @Nullable Object fileKey;

    BatchWriter(
            Path path,
            Connection connection,
            WriterLock lock,
            WriteQueue queue,
            Tally tally,
            RunFileRecorderBuilder settings)
            throws SQLException, IOException {
        this.path = path;
        this.connection = connection;
        this.lock = lock;
        this.queue = queue;
        this.tally = tally;
        this.rows = new RowWriter(connection, settings.texts);
        this.patience = settings.closePatience();
        this.fileKey = fileKey();
    }

    @Override
    public void run() {
        try {
            writeUntilClosed();
        } catch (InterruptedException e) {
            LOG.error("{}: the writer was interrupted and stops", path, e);
            Thread.currentThread().interrupt();
        } finally {
            int left = queue.abandon();
            if (left > 0) {
                tally.lost(left, STOPPED, null);
            }
            finish();
        }
    }

    private void writeUntilClosed() throws InterruptedException {
        List<Measurement> batch = queue.take(BATCH_ROWS);
        while (!batch.isEmpty()) {
            boolean done = false;
            try {
                write(batch);
                done = true;
            } finally {
                if (!done) {
                    tally.lost(batch.size(), STOPPED, null);
                }
                queue.settle(batch.size());
            }
            batch = queue.take(BATCH_ROWS);
        }
    }

    private void write(List<Measurement> batch) {
        try {
            requireSameFile();
            RunDatabase.begin(connection);
            Tally.Losses told = tally.unreported();
            tell(told);
            Batch done = writeAll(batch);
            RunDatabase.commit(connection);
            tally.reported(told);
            tally.committed(done.measurements, done.rows, done.lastStep);
        } catch (SQLException | IOException | RuntimeException e) {
            tally.lost(batch.size(), e.getMessage() == null ? e.toString() : e.getMessage(), e);
            rollback();
        }
    }

    private Batch writeAll(List<Measurement> batch) throws SQLException {
        Batch done = new Batch(tally.lastStep());
        for (Measurement measurement : batch) {
            try {
                rows.write(measurement, done.lastStep);
                done.add(measurement);
            } catch (RowWriter.RejectedException e) {
                tally.lost(1, String.valueOf(e.getMessage()), e);
            }
        }
        return done;
    }

    private void tell(Tally.Losses losses) throws SQLException {
        if (!losses.none()) {
            rows.event(new Event(tally.lastStep(), Severity.WARNING, "lost", losses.toString()));
        }
    }

    private void rollback() {
        rows.rolledBack();
        try {
            RunDatabase.execute(connection, "ROLLBACK");
        } catch (SQLException e) {
            LOG.debug("{}: nothing left to roll back", path, e);
        }
    }

    private void requireSameFile() throws IOException {
        if (!Files.exists(path) || !Objects.equals(fileKey, fileKey())) {
            throw new IOException("run file was removed or replaced while recording");
        }
    }

    private @Nullable Object fileKey() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    private void finish() {
        try {
            requireSameFile();
            RunDatabase.begin(connection);
            Tally.Losses told = tally.unreported();
            tell(told);
            HeaderTable.write(connection, Map.of(HeaderTable.STATE, HeaderTable.CLOSED));
            RunDatabase.commit(connection);
            tally.reported(told);
            rows.close();
            RunDatabase.intoOneFile(path, connection, patience);
        } catch (SQLException | IOException e) {
            LOG.error("{}: could not be finished: {}", path, e.getMessage(), e);
        } finally {
            release();
        }
    }

    private void release() {
        try (lock;
                connection) {
            LOG.debug("{}: closing", path);
        } catch (SQLException | IOException e) {
            LOG.error("{}: could not be released: {}", path, e.getMessage(), e);
        }
        Tally.Losses losses = tally.losses();
        if (!losses.none()) {
            LOG.error("{}: recording is incomplete: {}", path, losses);
        }
    }

    /** What one transaction holds. */
    private static final class Batch {
        private long measurements;
        private long rows;
        private long lastStep;

        Batch(long lastStep) {
            this.lastStep = lastStep;
        }

        void add(Measurement measurement) {
            measurements++;
            rows += WriteQueue.rowsOf(measurement);
            if (measurement instanceof StepRecording recording) {
                lastStep = Math.max(lastStep, recording.step().step());
            }
        }
    }
}
