package org.learningdynamics.report;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.learningdynamics.recording.RunFileException;

/**
 * Looks at a run file again and again while another process writes it. The file may appear later,
 * be continued, or be replaced by another run. It is loaded only if it has changed, and for at most
 * about a tenth of the time. Used by one thread.
 */
final class RunFollower {
    private static final int PAUSE_PER_COST = 9;
    private static final Duration STAMPS_TRUSTED = Duration.ofSeconds(15);

    /** A file that is begun is no run file for a moment; after this long it is none. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Path run;
    private final LongSupplier nanos;
    private FileStamp stamp = new FileStamp(FileStamp.ABSENT, FileStamp.ABSENT);
    private Optional<WatchedRun> last = Optional.empty();
    private long readAt;
    private long nextLook;
    private Optional<Long> failingSince = Optional.empty();

    RunFollower(Path run, LongSupplier nanos) {
        this.run = run;
        this.nanos = nanos;
        this.nextLook = nanos.getAsLong();
    }

    /**
     * Looks once.
     *
     * @return the run as it is now or, if it was loaded a moment ago, was then; empty as long as
     *     there is none
     * @throws RunFileException if a file is there that for some time could not be read
     */
    Optional<WatchedRun> look() {
        long now = nanos.getAsLong();
        if (now - nextLook < 0) {
            return last;
        }
        FileStamp found = FileStamp.of(run);
        if (found.isAbsent()) {
            last = Optional.empty();
            failingSince = Optional.empty();
        } else if (!found.equals(stamp) || now - readAt >= STAMPS_TRUSTED.toNanos()) {
            load(now);
        }
        stamp = failingSince.isPresent() ? new FileStamp("", "") : found;
        return last;
    }

    private void load(long begin) {
        try {
            last = Optional.of(WatchedRun.load(run));
            failingSince = Optional.empty();
        } catch (RunFileException | IllegalArgumentException e) {
            long since = failingSince.orElse(begin);
            failingSince = Optional.of(since);
            if (begin - since >= PATIENCE.toNanos()) {
                throw e;
            }
        }
        readAt = begin;
        long end = nanos.getAsLong();
        nextLook = end + PAUSE_PER_COST * (end - begin);
    }
}
