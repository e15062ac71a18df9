package org.learningdynamics.report;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.learningdynamics.recording.RunFileException;
import org.learningdynamics.recording.RunFileReader;

/**
 * The report of run files that may still be written: a page that asks for newer data, and the data.
 * It does not know how either reaches a browser; {@link ReportServer} is one way.
 *
 * <p>The files are read when somebody asks, and only if they have changed: each time as a whole, in
 * short transactions that hold no writer up, and for at most about a fifth of the time, so that a
 * large recording is drawn a little later instead of slowing its training. Safe for use by several
 * threads; while one reads, the others get what is known.
 */
public final class LiveReport {
    private static final Duration LEAST_PAUSE = Duration.ofMillis(500);
    private static final int PAUSE_PER_COST = 4;

    /** Some file systems tell of changes late: after this long the files are read anyway. */
    private static final Duration STAMPS_TRUSTED = Duration.ofSeconds(15);

    private final List<Path> runs;
    private final ReportOptions options;
    private final LongSupplier nanos;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile Optional<Reading> last = Optional.empty();
    private volatile long nextLook;

    LiveReport(List<Path> runs, ReportOptions options, LongSupplier nanos) {
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("runs must not be empty, got none");
        }
        this.runs = runs.stream().map(run -> run.toAbsolutePath().normalize()).toList();
        this.options = options;
        this.nanos = nanos;
        this.nextLook = nanos.getAsLong();
    }

    /**
     * Prepares the report; nothing is read yet.
     *
     * @param runs the run files, which need not be there yet; those that continue others are drawn
     *     behind them
     * @param options what to show
     * @return the report
     * @throws IllegalArgumentException if there is no file
     */
    public static LiveReport of(List<Path> runs, ReportOptions options) {
        return new LiveReport(runs, options, System::nanoTime);
    }

    /**
     * The page as the files are now, or a page that waits for the first file. It carries its data,
     * its scripts and its content security policy, which lets it ask its own server and nobody
     * else.
     *
     * @param newsAddress where {@link #news} is served, as a path from the page's own address
     * @return HTML
     */
    public String page(String newsAddress) {
        return page(newsAddress, "");
    }

    /**
     * As {@link #page(String)}, with a way back to the server's other pages.
     *
     * @param newsAddress where {@link #news} is served, as a path from the page's own address
     * @param homeAddress where the page's link to all runs leads, empty for no link
     * @return HTML
     */
    public String page(String newsAddress, String homeAddress) {
        Reading now = read();
        return now.data().isEmpty()
                ? WaitingPage.of(now.problem(), now.missing())
                : Page.live(now.data(), newsAddress, homeAddress, now.version());
    }

    /**
     * What has changed since a page was drawn.
     *
     * @param version the version that the page has; any other text is as good as none
     * @return JSON with the keys {@code state} ({@code waiting}, {@code open} or {@code closed}),
     *     {@code problem} (a sentence if the files could not be read, else empty), {@code missing}
     *     (names of files that are not there yet), {@code version}, and, if it is another than the
     *     given one, {@code data}
     */
    public String news(String version) {
        Reading now = read();
        Json json = new Json();
        json.object().key("state").value(now.state()).key("problem").value(now.problem());
        json.key("missing").values(now.missing()).key("version").value(now.version());
        String head = json.endObject().toString();
        return now.data().isEmpty() || now.version().equals(version)
                ? head
                : head.substring(0, head.length() - 1) + ",\"data\":" + now.data() + "}";
    }

    /**
     * Short names of the runs for lists: those in the files' headers, and where a file is not there
     * yet or cannot be read, its own name.
     *
     * @return one name a file
     */
    public List<String> names() {
        return runs.stream().map(LiveReport::name).toList();
    }

    private static String name(Path run) {
        try {
            return RunFileReader.open(run).header().run();
        } catch (RunFileException e) {
            return fileName(run);
        }
    }

    private static String fileName(Path run) {
        return String.valueOf(run.getFileName());
    }

    private Reading read() {
        Optional<Reading> known = last;
        if (known.isPresent() && isPause()) {
            return known.get();
        }
        if (!reading.tryLock()) {
            if (known.isPresent()) {
                return known.get();
            }
            reading.lock();
        }
        try {
            return look();
        } finally {
            reading.unlock();
        }
    }

    private boolean isPause() {
        return nanos.getAsLong() - nextLook < 0;
    }

    private Reading look() {
        Optional<Reading> known = last;
        if (known.isPresent() && isPause()) {
            return known.get();
        }
        long begin = nanos.getAsLong();
        List<FileStamp> stamps = runs.stream().map(FileStamp::of).toList();
        Reading now =
                known.filter(reading -> reading.holds(stamps, begin))
                        .orElseGet(() -> readFiles(stamps, begin));
        last = Optional.of(now);
        long end = nanos.getAsLong();
        nextLook = end + Math.max(LEAST_PAUSE.toNanos(), PAUSE_PER_COST * (end - begin));
        return now;
    }

    private Reading readFiles(List<FileStamp> stamps, long begin) {
        Map<Boolean, List<Path>> parts =
                runs.stream()
                        .collect(
                                Collectors.partitioningBy(
                                        run -> stamps.get(runs.indexOf(run)).isAbsent()));
        List<Path> present = parts.getOrDefault(false, List.of());
        List<String> missing =
                parts.getOrDefault(true, List.of()).stream().map(LiveReport::fileName).toList();
        if (present.isEmpty()) {
            return Reading.waiting(stamps, begin, missing);
        }
        try {
            // Asked before the data are read: a closed file's data are complete.
            boolean closed = missing.isEmpty() && present.stream().allMatch(LiveReport::isClosed);
            return Reading.of(stamps, begin, closed, missing, Report.data(present, options));
        } catch (RunFileException | IllegalArgumentException e) {
            // A file that is begun or taken back at this moment; the next look finds it whole.
            String problem = withoutFolders(String.valueOf(e.getMessage()));
            return last.orElseGet(() -> Reading.waiting(stamps, begin, missing))
                    .failed(begin, problem);
        }
    }

    private static boolean isClosed(Path run) {
        return RunFileReader.open(run).closed();
    }

    private String withoutFolders(String message) {
        String plain = message;
        for (Path run : runs) {
            plain = plain.replace(run.toString(), fileName(run));
        }
        return plain;
    }

    /**
     * What the files held.
     *
     * @param stamps the files' stamps just before
     * @param nanos when they were read
     * @param state {@code waiting}, {@code open} or {@code closed}
     * @param problem why they could not be read, else empty
     * @param missing names of files that are not there yet
     * @param version name of the data, empty without any
     * @param data JSON, empty without any
     */
    private record Reading(
            List<FileStamp> stamps,
            long nanos,
            String state,
            String problem,
            List<String> missing,
            String version,
            String data) {
        static Reading waiting(List<FileStamp> stamps, long nanos, List<String> missing) {
            return new Reading(stamps, nanos, "waiting", "", missing, "", "");
        }

        static Reading of(
                List<FileStamp> stamps,
                long nanos,
                boolean closed,
                List<String> missing,
                String data) {
            String state = closed ? "closed" : "open";
            return new Reading(stamps, nanos, state, "", missing, version(data), data);
        }

        /** The same data, with what stands in the way of newer ones, which are looked for again. */
        Reading failed(long at, String why) {
            String now = data.isEmpty() ? "waiting" : "open";
            return new Reading(List.of(), at, now, why, missing, version, data);
        }

        /** Whether the files cannot have changed since. */
        boolean holds(List<FileStamp> now, long at) {
            return now.equals(stamps) && at - nanos < STAMPS_TRUSTED.toNanos();
        }

        private static String version(String data) {
            return Page.sha256(data).substring(0, 22).replace('+', '-').replace('/', '_');
        }
    }
}
