package org.learningdynamics.recording;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a run into one file, an SQLite database with write-ahead log while open, by one background
 * thread. What was committed survives the end of the process, however it comes; a {@link
 * StepRecording} is committed whole or not at all.
 *
 * <p>Threads: every method may be called from any thread. {@link #record} keeps the measurement,
 * which is immutable, and returns; it waits only while the queue is full under {@link
 * Overflow#BLOCK}. A recorder that is never closed is closed when the Java virtual machine ends in
 * an orderly way; after a kill the file is recovered when it is next opened for writing.
 *
 * <p>Failures of the storage (disk full, file removed) never reach training: the measurements of
 * the failed transaction are counted as lost, the first failure is logged, an event is written once
 * writing works again, and {@link #stats} tells at any time.
 */
public final class RunFileRecorder implements Recorder {
    private static final Logger LOG = LoggerFactory.getLogger(RunFileRecorder.class);

    private final Path path;
    private final RunHeader header;
    private final WriteQueue queue;
    private final Tally tally;
    private final Overflow overflow;
    private final Duration closeTimeout;
    private final AtomicLong nextStep;
    private final AtomicLong lastIteration;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread writer;
    private final Thread closeAtExit = new Thread(this::finish, "ldyn-close");

    private RunFileRecorder(
            RunFileRecorderBuilder settings, Path path, Connection connection, WriterLock lock)
            throws SQLException, IOException {
        this.path = path;
        this.header = settings.header;
        this.queue = new WriteQueue(settings.queueCapacity);
        long lastStep = Rewind.lastStep(connection);
        this.tally = new Tally(path.toString(), lastStep);
        this.nextStep = new AtomicLong(lastStep + 1);
        this.lastIteration = new AtomicLong(Rewind.lastIteration(connection));
        this.overflow = settings.overflow;
        this.closeTimeout = settings.closeTimeout;
        BatchWriter work = new BatchWriter(path, connection, lock, queue, tally, settings);
        this.writer = new Thread(work, "ldyn-writer " + path.getFileName());
        this.writer.setDaemon(true);
    }

    /**
     * Starts the settings of a recorder.
     *
     * @param path the run file, continued if it exists; by custom its name ends in {@code .ldyn}
     * @param header where the run comes from
     * @return the settings, with defaults
     */
    public static RunFileRecorderBuilder builder(Path path, RunHeader header) {
        return new RunFileRecorderBuilder(path, header);
    }

    static RunFileRecorder start(
            RunFileRecorderBuilder settings, Path path, Connection connection, WriterLock lock)
            throws SQLException, IOException {
        RunFileRecorder recorder = new RunFileRecorder(settings, path, connection, lock);
        Runtime.getRuntime().addShutdownHook(recorder.closeAtExit);
        recorder.writer.start();
        return recorder;
    }

    @Override
    public Optional<RunHeader> header() {
        return Optional.of(header);
    }

    @Override
    public long nextStep() {
        return nextStep.getAndIncrement();
    }

    @Override
    public long lastIteration() {
        return lastIteration.get();
    }

    @Override
    public List<DistributionRow> firstDistributions() {
        if (lastIteration() < 0) {
            return List.of();
        }
        flush();
        RunFileReader file = RunFileReader.open(path);
        List<DistributionRow> rows = new ArrayList<>();
        List<StepRow> steps = file.steps();
        if (!steps.isEmpty()) {
            long first = steps.get(0).step();
            file.forEachDistribution(RowFilter.ALL.steps(first, first), rows::add);
        }
        return List.copyOf(rows);
    }

    @Override
    public void record(Measurement measurement) {
        try {
            if (queue.put(measurement, overflow)) {
                noteIteration(measurement);
            } else {
                tally.dropped(closed.get() ? "the recorder is closed" : "the queue is full");
            }
        } catch (InterruptedException e) {
            tally.dropped("the recording thread was interrupted");
            Thread.currentThread().interrupt();
        }
    }

    private void noteIteration(Measurement measurement) {
        if (measurement instanceof StepRecording recording) {
            lastIteration.accumulateAndGet(recording.step().iteration(), Math::max);
        }
    }

    @Override
    public void flush() {
        try {
            queue.awaitSettled();
        } catch (InterruptedException e) {
            LOG.warn("{}: flush was interrupted; writing goes on", path);
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Tells what became of the measurements so far.
     *
     * @return the counts
     */
    public RecorderStats stats() {
        return tally.stats(queue.queuedRows());
    }

    /**
     * The file being written.
     *
     * @return its absolute path
     */
    public Path path() {
        return path;
    }

    /**
     * Stores what is queued, folds the write-ahead log into the file and gives up its lock. Waits
     * as long as writing makes progress and gives up, with an error in the log, after the close
     * timeout without any. Losses are logged. Does nothing when repeated.
     */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(closeAtExit);
        } catch (IllegalStateException e) {
            LOG.debug("{}: closed while the virtual machine ends", path, e);
        }
        finish();
    }

    private void finish() {
        closed.set(true);
        queue.close();
        boolean interrupted = false;
        long seen = queue.settled();
        long deadline = System.nanoTime() + closeTimeout.toNanos();
        while (writer.isAlive() && System.nanoTime() - deadline < 0) {
            interrupted |= !pause();
            if (queue.settled() != seen) {
                seen = queue.settled();
                deadline = System.nanoTime() + closeTimeout.toNanos();
            }
        }
        if (writer.isAlive()) {
            LOG.error("{}: gave up closing after {} without progress", path, closeTimeout);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean pause() {
        try {
            writer.join(100);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
