package org.learningdynamics.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** Settings of a {@link RunFileRecorder}. */
public final class RunFileRecorderBuilder {
    /**
     * Table rows that may wait in the queue, 16 values of a matrix counted as a row more; roughly
     * 100 bytes of heap each.
     */
    public static final int DEFAULT_QUEUE_CAPACITY = 200_000;

    /** How long a transaction waits for another process's lock on the file. */
    public static final Duration DEFAULT_LOCK_TIMEOUT = Duration.ofSeconds(30);

    /** How long closing waits for a writer that makes no progress. */
    public static final Duration DEFAULT_CLOSE_TIMEOUT = Duration.ofSeconds(60);

    private static final Duration LONGEST_PATIENCE = Duration.ofSeconds(5);

    private final Path path;
    final RunHeader header;
    private List<ProbeRow> probes = List.of();
    private List<ResponseRow> responses = List.of();
    private OptionalLong continueFrom = OptionalLong.empty();
    private Duration lockTimeout = DEFAULT_LOCK_TIMEOUT;
    int queueCapacity = DEFAULT_QUEUE_CAPACITY;
    Overflow overflow = Overflow.BLOCK;
    Texts texts = Texts.FULL;
    Duration closeTimeout = DEFAULT_CLOSE_TIMEOUT;

    RunFileRecorderBuilder(Path path, RunHeader header) {
        this.path = path;
        this.header = header;
    }

    /**
     * Gives the probes that are watched; a continued run must have the same.
     *
     * @param rows one row a probe
     * @return these settings
     */
    public RunFileRecorderBuilder probes(List<ProbeRow> rows) {
        this.probes = List.copyOf(rows);
        return this;
    }

    /**
     * Gives the probes' responses; a continued run must have the same.
     *
     * @param rows one row a response, in the order to show the kinds in
     * @return these settings
     */
    public RunFileRecorderBuilder responses(List<ResponseRow> rows) {
        this.responses = List.copyOf(rows);
        return this;
    }

    /**
     * Bounds the queue; {@value #DEFAULT_QUEUE_CAPACITY} if left out.
     *
     * @param rows table rows that may wait, &gt; 0; a larger recording is let in when the queue is
     *     empty
     * @return these settings
     * @throws IllegalArgumentException if it is not positive
     */
    public RunFileRecorderBuilder queueCapacity(int rows) {
        if (rows <= 0) {
            throw new IllegalArgumentException("queueCapacity must be > 0, got " + rows);
        }
        this.queueCapacity = rows;
        return this;
    }

    /**
     * Chooses what happens while the queue is full; {@link Overflow#BLOCK} if left out.
     *
     * @param rule wait or drop
     * @return these settings
     */
    public RunFileRecorderBuilder overflow(Overflow rule) {
        this.overflow = rule;
        return this;
    }

    /**
     * Chooses how much wording the file keeps; {@link Texts#FULL} if left out.
     *
     * @param kept texts or digests
     * @return these settings
     */
    public RunFileRecorderBuilder texts(Texts kept) {
        this.texts = kept;
        return this;
    }

    /**
     * Tells after which iteration training goes on, so that recordings and metrics of later
     * iterations are removed from a continued run. If left out, a run that was killed goes on after
     * its last recording and a run that was closed keeps everything.
     *
     * @param iteration parameter updates that are done, &ge; 0
     * @return these settings
     * @throws IllegalArgumentException if it is negative
     */
    public RunFileRecorderBuilder continueFrom(long iteration) {
        if (iteration < 0) {
            throw new IllegalArgumentException("continueFrom must be >= 0, got " + iteration);
        }
        this.continueFrom = OptionalLong.of(iteration);
        return this;
    }

    /**
     * Bounds the wait for another process's lock; 30 s if left out.
     *
     * @param timeout longest wait, &gt; 0
     * @return these settings
     * @throws IllegalArgumentException if it is not positive
     */
    public RunFileRecorderBuilder lockTimeout(Duration timeout) {
        this.lockTimeout = positive("lockTimeout", timeout);
        return this;
    }

    /**
     * Bounds the wait in {@link RunFileRecorder#close} for a writer without progress; 60 s if left
     * out.
     *
     * @param timeout longest wait, &gt; 0
     * @return these settings
     * @throws IllegalArgumentException if it is not positive
     */
    public RunFileRecorderBuilder closeTimeout(Duration timeout) {
        this.closeTimeout = positive("closeTimeout", timeout);
        return this;
    }

    /** How long the writer waits for readers to let go when it folds the log into the file. */
    Duration closePatience() {
        return lockTimeout.compareTo(LONGEST_PATIENCE) < 0 ? lockTimeout : LONGEST_PATIENCE;
    }

    private static Duration positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be > 0, got " + value);
        }
        return value;
    }

    /**
     * Creates or continues the run file and starts the background thread.
     *
     * @return the recorder
     * @throws RunFileException if the file cannot be written, is damaged, is no run file, has
     *     another format version, belongs to a run with other data or probes or is being written
     * @throws IllegalArgumentException if probes or responses do not fit together
     */
    public RunFileRecorder build() {
        requireConsistent();
        Path file = resolve(path);
        WriterLock lock = WriterLock.acquire(file);
        RunFileRecorder recorder = null;
        try {
            recorder = start(file, lock);
            return recorder;
        } finally {
            if (recorder == null) {
                release(file, lock);
            }
        }
    }

    private RunFileRecorder start(Path file, WriterLock lock) {
        Connection connection =
                new RunFileOpening(file, header, probes, responses, texts, continueFrom)
                        .open(lockTimeout);
        try {
            return RunFileRecorder.start(this, file, connection, lock);
        } catch (SQLException e) {
            throw abandoned(connection, RunDatabase.explain(file, e));
        } catch (IOException e) {
            String problem = "must be readable, got " + e.getMessage();
            throw abandoned(connection, new RunFileException(file, problem, e));
        } catch (RuntimeException e) {
            throw abandoned(connection, e);
        }
    }

    private static RuntimeException abandoned(Connection connection, RuntimeException cause) {
        try {
            connection.close();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
        return cause;
    }

    private static void release(Path file, WriterLock lock) {
        try {
            lock.close();
        } catch (IOException e) {
            throw new RunFileException(file, "lock must be removable, got " + e.getMessage(), e);
        }
    }

    /** The path without symbolic links, so that two names of a file meet in one lock. */
    private static Path resolve(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        if (Files.isDirectory(absolute)) {
            throw new RunFileException(absolute, "run file must be a file, got a directory");
        }
        if (parent == null || !Files.isDirectory(parent)) {
            throw new RunFileException(absolute, "parent directory must exist, got " + parent);
        }
        try {
            boolean exists = Files.exists(absolute);
            if (exists && !Files.isWritable(absolute)) {
                throw new RunFileException(
                        absolute, "run file must be writable, permission is missing");
            }
            return exists
                    ? absolute.toRealPath()
                    : parent.toRealPath().resolve(absolute.getFileName());
        } catch (IOException e) {
            throw new RunFileException(absolute, "must be readable, got " + e.getMessage(), e);
        }
    }

    private void requireConsistent() {
        Set<Integer> ids = new HashSet<>();
        for (ProbeRow row : probes) {
            if (!ids.add(row.probe())) {
                throw new IllegalArgumentException("probe id must be unique, got " + row.probe());
            }
        }
        Set<String> kinds = new HashSet<>();
        for (ResponseRow row : responses) {
            if (!ids.contains(row.probe())) {
                throw new IllegalArgumentException(
                        "response must belong to a probe, got probe " + row.probe());
            }
            if (!kinds.add(row.probe() + " " + row.kind())) {
                throw new IllegalArgumentException(
                        "kind must be unique in a probe, got "
                                + row.kind()
                                + " twice in probe "
                                + row.probe());
            }
        }
    }
}
