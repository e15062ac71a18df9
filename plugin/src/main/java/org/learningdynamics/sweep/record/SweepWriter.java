package org.learningdynamics.sweep.record;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Writes a sweep file: one line a record, each forced to the disk before the call returns, so that
 * a kill loses at most the line being written, which the next opening cuts off. One writer at a
 * time, held by a lock on {@code sweep.lock} beside the file; safe for use by several threads.
 */
public final class SweepWriter implements AutoCloseable {
    private static final String LOCK = "sweep.lock";

    private final Path file;
    private final FileChannel lockFile;
    private final FileChannel channel;
    private final SweepFile before;
    private final Set<Integer> drawn = new HashSet<>();
    private final Set<Integer> ended = new HashSet<>();

    private SweepWriter(Path file, FileChannel lockFile, FileChannel channel, SweepFile before) {
        this.file = file;
        this.lockFile = lockFile;
        this.channel = channel;
        this.before = before;
        before.candidates().forEach(row -> drawn.add(row.index()));
        before.results().forEach(row -> ended.add(row.index()));
    }

    /**
     * Begins a sweep file, or goes on with one of the same identity.
     *
     * @param folder an existing folder that gets {@value SweepFile#NAME}
     * @param header what the sweep is
     * @return the writer
     * @throws SweepFileException if the file is of another identity, damaged or being written
     * @throws UncheckedIOException if it cannot be written
     */
    public static SweepWriter open(Path folder, SweepHeader header) {
        Path file = folder.resolve(SweepFile.NAME);
        try {
            FileChannel lockFile = lock(file);
            try {
                return open(file, lockFile, header);
            } catch (IOException | RuntimeException e) {
                lockFile.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": " + e.getMessage(), e);
        }
    }

    private static SweepWriter open(Path file, FileChannel lockFile, SweepHeader header)
            throws IOException {
        boolean isNew = !Files.exists(file) || SweepLines.isEmpty(file);
        SweepLines lines =
                isNew
                        ? new SweepLines(new SweepFile(file, header, List.of(), List.of()), 0)
                        : SweepLines.read(file);
        String identity = lines.file().header().identity();
        if (!identity.equals(header.identity())) {
            throw new SweepFileException(
                    file,
                    "must be of the same configuration and data to be resumed; its identity is "
                            + identity
                            + ", this sweep's is "
                            + header.identity()
                            + "; give another folder");
        }
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel.truncate(lines.bytes());
        channel.position(lines.bytes());
        SweepWriter writer = new SweepWriter(file, lockFile, channel, lines.file());
        if (isNew) {
            writer.append(SweepJson.of(header));
        }
        return writer;
    }

    private static FileChannel lock(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        file.resolveSibling(LOCK),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        boolean isHeld = false;
        try {
            FileLock lock = channel.tryLock();
            isHeld = Objects.nonNull(lock);
        } catch (OverlappingFileLockException e) {
            isHeld = false;
        }
        if (!isHeld) {
            channel.close();
            throw new SweepFileException(file, "is being written by another sweep");
        }
        return channel;
    }

    /**
     * What the file held when it was opened.
     *
     * @return candidates and results of earlier processes
     */
    public SweepFile before() {
        return before;
    }

    /**
     * Writes what was drawn.
     *
     * @param row a candidate with a number of its own
     * @throws IllegalStateException if the file has a candidate of this number
     * @throws UncheckedIOException if it cannot be written
     */
    public synchronized void write(CandidateRow row) {
        if (!drawn.add(row.index())) {
            throw new IllegalStateException(file + " holds candidate " + row.index() + " already");
        }
        append(SweepJson.of(row));
    }

    /**
     * Writes what became of a candidate.
     *
     * @param row the first result of a candidate that was drawn
     * @throws IllegalStateException if the file has no such candidate or a result of it
     * @throws UncheckedIOException if it cannot be written
     */
    public synchronized void write(ResultRow row) {
        if (!drawn.contains(row.index()) || !ended.add(row.index())) {
            throw new IllegalStateException(
                    file + " must hold candidate " + row.index() + " without a result");
        }
        append(SweepJson.of(row));
    }

    private void append(JsonObject json) {
        ByteBuffer line = ByteBuffer.wrap((json + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            while (line.hasRemaining()) {
                channel.write(line);
            }
            channel.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": " + e.getMessage(), e);
        }
    }

    /** Closes the file and lets others write it. */
    @Override
    public void close() {
        try {
            channel.close();
            lockFile.close();
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": " + e.getMessage(), e);
        }
    }
}
