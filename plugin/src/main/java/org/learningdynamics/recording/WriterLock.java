package org.learningdynamics.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The right to write a run file, held by one recorder of one process: a lock of the operating
 * system on {@code NAME-lock} beside the file. It ends with the process, however that ends; a file
 * left behind by a killed process is taken over.
 */
final class WriterLock implements AutoCloseable {
    private static final int ATTEMPTS = 10;

    /** Far behind the content, which stays readable where locks are mandatory. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    /**
     * Locks of this process. A second channel to a locked file must not even be opened: closing it
     * would give up the first one's lock on POSIX systems.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path lockPath;
    private final FileChannel channel;

    private WriterLock(Path lockPath, FileChannel channel) {
        this.lockPath = lockPath;
        this.channel = channel;
    }

    static WriterLock acquire(Path run) {
        Path lockPath = run.resolveSibling(run.getFileName() + "-lock");
        if (!HELD.add(lockPath)) {
            throw new RunFileException(
                    run, "run file must have one writer, got a second in this process");
        }
        FileChannel channel = null;
        try {
            channel = lock(run, lockPath);
            return new WriterLock(lockPath, channel);
        } catch (IOException e) {
            throw new RunFileException(
                    run, "directory must be writable, got " + e.getClass().getSimpleName(), e);
        } finally {
            if (channel == null) {
                HELD.remove(lockPath);
            }
        }
    }

    private static FileChannel lock(Path run, Path lockPath) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            FileChannel channel = tryLock(run, lockPath);
            if (channel != null) {
                return channel;
            }
        }
        throw new RunFileException(
                run, "lock file must stay in place, got " + ATTEMPTS + " removals of " + lockPath);
    }

    /** Returns nothing if the file at the path was another one before or after locking. */
    private static @Nullable FileChannel tryLock(Path run, Path lockPath) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        lockPath,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        boolean kept = false;
        try {
            Object before = fileKey(lockPath);
            FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
            if (lock == null) {
                throw new RunFileException(
                        run,
                        "run file must have one writer, is being written by " + owner(channel));
            }
            kept = before != null && Objects.equals(before, fileKey(lockPath));
            if (kept) {
                sign(channel);
            }
            return kept ? channel : null;
        } finally {
            if (!kept) {
                channel.close();
            }
        }
    }

    /** Identifies the file at a path; Windows has no key, and no way to remove an open file. */
    private static @Nullable Object fileKey(Path path) throws IOException {
        if (!Files.exists(path)) {
            return null;
        }
        Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return key == null ? path : key;
    }

    private static void sign(FileChannel channel) throws IOException {
        String owner = "process " + ProcessHandle.current().pid();
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(owner.getBytes(StandardCharsets.UTF_8)), 0);
    }

    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(64);
        int length = channel.read(content, 0);
        return length <= 0
                ? "another process"
                : new String(content.array(), 0, length, StandardCharsets.UTF_8);
    }

    /** Removes the lock file and gives up the lock. */
    @Override
    public void close() throws IOException {
        try {
            Files.deleteIfExists(lockPath);
        } finally {
            channel.close();
            HELD.remove(lockPath);
        }
    }
}
