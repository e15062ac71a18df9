package org.learningdynamics.samples.cli;

import java.io.PrintStream;
import java.util.Locale;
import org.learningdynamics.train.TrainingProgress;

/** Results on standard output; progress on standard error, a bar on a terminal, lines elsewhere. */
final class Console {
    private static final int BAR_WIDTH = 30;
    private static final long LINE_INTERVAL_MILLIS = 5_000;
    private static final long BAR_INTERVAL_MILLIS = 100;

    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;
    private long lastMillis;
    private int lastLength;

    Console(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
        this.terminal = hasConsole() && !"dumb".equals(System.getenv("TERM"));
    }

    @SuppressWarnings("SystemConsoleNull") // the build allows JDK 17 to 21 only
    private static boolean hasConsole() {
        return System.console() != null;
    }

    /** Whether input and output are a terminal that can draw in place. */
    boolean isTerminal() {
        return terminal;
    }

    PrintStream out() {
        return out;
    }

    /** One line of news. */
    synchronized void say(String text) {
        clear();
        err.println(text);
    }

    /** Where a stage of training stands. */
    void show(TrainingProgress at) {
        double seconds = at.elapsed().toMillis() / 1000.0;
        String detail = String.format(Locale.ROOT, "loss %.4f  %.1f s", at.loss(), seconds);
        progress(at.run(), at.updatesDone(), at.updates(), detail);
    }

    /** Progress of a named piece of work; the last call of a piece has {@code done == total}. */
    synchronized void progress(String name, long done, long total, String detail) {
        long now = System.currentTimeMillis();
        boolean last = done >= total;
        if (!last && now - lastMillis < (terminal ? BAR_INTERVAL_MILLIS : LINE_INTERVAL_MILLIS)) {
            return;
        }
        lastMillis = now;
        String text = terminal ? bar(name, done, total, detail) : line(name, done, total, detail);
        if (terminal) {
            clear();
            err.print(text);
            lastLength = text.length();
            if (last) {
                err.println();
                lastLength = 0;
            }
            err.flush();
        } else {
            err.println(text);
        }
    }

    private void clear() {
        if (lastLength > 0) {
            err.print("\r" + " ".repeat(lastLength) + "\r");
            lastLength = 0;
        }
    }

    private static String line(String name, long done, long total, String detail) {
        return String.format(Locale.ROOT, "%-22s %d/%d  %s", name, done, total, detail);
    }

    private static String bar(String name, long done, long total, String detail) {
        int filled = (int) (BAR_WIDTH * Math.min(done, total) / Math.max(1, total));
        return String.format(
                Locale.ROOT,
                "%-22s [%s%s] %d/%d  %s",
                name,
                "#".repeat(filled),
                ".".repeat(BAR_WIDTH - filled),
                done,
                total,
                detail);
    }
}
