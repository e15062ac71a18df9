package org.learningdynamics.report;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A run that is being written, on a terminal: a screen that is drawn again in place, or, where the
 * output is no terminal, a line for each new recording and each alarm.
 *
 * <p>The caller decides how often to look: {@code while (watch.look()) { sleep }}. Used by one
 * thread, but for {@link #close()}.
 */
public final class TerminalWatch implements AutoCloseable {
    /** How a watch writes. */
    public enum Style {
        /** A screen drawn in place, for terminals. */
        SCREEN,
        /** Lines below each other, for files and pipes. */
        LINES
    }

    private static final String ESCAPE = "\u001b[";
    private static final String ENTER = ESCAPE + "?1049h" + ESCAPE + "?25l";
    private static final String LEAVE = ESCAPE + "?25h" + ESCAPE + "?1049l";
    private static final String HOME = ESCAPE + "H";
    private static final String CLEAR_LINE = ESCAPE + "K";
    private static final String CLEAR_BELOW = ESCAPE + "J";

    private final Path run;
    private final PrintStream out;
    private final Style style;
    private final Supplier<TerminalSize> size;
    private final InstantSource clock;
    private final RunFollower follower;
    private final WatchLines news = new WatchLines();
    private Optional<WatchedRun> seen = Optional.empty();
    private boolean entered;
    private boolean closed;

    TerminalWatch(
            Path run,
            PrintStream out,
            Style style,
            Supplier<TerminalSize> size,
            InstantSource clock,
            LongSupplier nanos) {
        this.run = run;
        this.out = out;
        this.style = style;
        this.size = size;
        this.clock = clock;
        this.follower = new RunFollower(run, nanos);
    }

    /**
     * Starts a watch; nothing is read or written yet.
     *
     * @param run the run file, which need not be there yet
     * @param out where it is drawn
     * @param style how it is drawn
     * @param size asked for the size of the terminal at each look
     * @param clock the time of day
     * @return the watch
     */
    public static TerminalWatch of(
            Path run,
            PrintStream out,
            Style style,
            Supplier<TerminalSize> size,
            InstantSource clock) {
        return new TerminalWatch(run, out, style, size, clock, System::nanoTime);
    }

    /**
     * One screen of a run file as it is now, without any control sequence.
     *
     * @param run the run file
     * @param size most columns and rows
     * @param now the time of day
     * @return lines that end with a line feed
     * @throws org.learningdynamics.recording.RunFileException if the file cannot be read
     */
    public static String snapshot(Path run, TerminalSize size, Instant now) {
        return text(Dashboard.lines(WatchedRun.load(run), size, now));
    }

    private static String text(List<String> lines) {
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }

    /**
     * Looks at the file and draws what is new.
     *
     * @return false once the run is finished
     * @throws org.learningdynamics.recording.RunFileException if a file is there that for some time
     *     could not be read
     */
    public boolean look() {
        Optional<WatchedRun> now = follower.look();
        if (style == Style.SCREEN) {
            drawScreen(now);
        } else {
            news.of(run, now).forEach(out::println);
            out.flush();
        }
        return now.isEmpty() || !now.get().closed();
    }

    private void drawScreen(Optional<WatchedRun> now) {
        List<String> lines = lines(now, size.get());
        synchronized (out) {
            if (closed) {
                return;
            }
            seen = now;
            // One write a frame, each line overwritten in place: nothing flickers.
            StringBuilder frame = new StringBuilder(entered ? "" : ENTER).append(HOME);
            frame.append(String.join(CLEAR_LINE + "\n", lines));
            out.print(frame.append(CLEAR_LINE).append(CLEAR_BELOW));
            out.flush();
            entered = true;
        }
    }

    private List<String> lines(Optional<WatchedRun> what, TerminalSize room) {
        return what.map(found -> Dashboard.lines(found, room, clock.instant()))
                .orElseGet(
                        () -> List.of(TerminalText.clip(WatchLines.waiting(run), room.columns())));
    }

    /**
     * Gives the terminal back and leaves the last state of the run on it, uncut. May be called by
     * another thread, such as one that runs when the process ends; does nothing when repeated.
     */
    @Override
    public void close() {
        synchronized (out) {
            if (entered && !closed) {
                TerminalSize room = new TerminalSize(size.get().columns(), Integer.MAX_VALUE);
                out.print(LEAVE + (seen.isPresent() ? text(lines(seen, room)) : ""));
                out.flush();
            }
            closed = true;
        }
    }
}
