package org.learningdynamics.samples.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.learningdynamics.report.TerminalSize;

/** How large the terminal is: as the system says, else as the environment says, else 80 × 24. */
final class Terminal {
    /** Without a terminal nothing needs to be cut off. */
    private static final TerminalSize UNLIMITED = new TerminalSize(160, 10_000);

    private static final File DEVICE = new File("/dev/tty");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,4}) (\\d{1,4})\\s*");

    private final Console console;

    Terminal(Console console) {
        this.console = console;
    }

    TerminalSize size() {
        if (!console.isTerminal()) {
            return UNLIMITED;
        }
        return asked().or(Terminal::given).orElse(TerminalSize.DEFAULT);
    }

    /** What {@code stty size} prints: rows and columns. */
    private static Optional<TerminalSize> asked() {
        try {
            Process process =
                    new ProcessBuilder("stty", "size")
                            .redirectInput(DEVICE)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            String text =
                    new String(process.getInputStream().readNBytes(32), StandardCharsets.UTF_8);
            return process.waitFor(2, TimeUnit.SECONDS) ? parsed(text) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static Optional<TerminalSize> given() {
        return parsed(System.getenv("LINES") + " " + System.getenv("COLUMNS"));
    }

    /** Some terminals say that they have no size: 0 and 0. */
    private static Optional<TerminalSize> parsed(String rowsAndColumns) {
        Matcher size = SIZE.matcher(rowsAndColumns);
        if (!size.matches()) {
            return Optional.empty();
        }
        int rows = Integer.parseInt(size.group(1));
        int columns = Integer.parseInt(size.group(2));
        return rows < 1 || columns < 1
                ? Optional.empty()
                : Optional.of(new TerminalSize(columns, rows));
    }
}
