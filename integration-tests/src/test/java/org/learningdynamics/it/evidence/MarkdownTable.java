package org.learningdynamics.it.evidence;

import java.io.PrintStream;
import java.util.Collections;
import java.util.Locale;
import org.learningdynamics.series.Interval;

/** Writes a table line by line. */
final class MarkdownTable {
    private final PrintStream out;

    MarkdownTable(PrintStream out, String... columns) {
        this.out = out;
        row(columns);
        row(Collections.nCopies(columns.length, "---").toArray(String[]::new));
    }

    void row(String... cells) {
        out.println("| " + String.join(" | ", cells) + " |");
    }

    /** A number with three digits after the point. */
    static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    /** A mean and its 95 % interval. */
    static String interval(Interval value) {
        return String.format(
                Locale.ROOT, "%+.3f [%+.3f, %+.3f]", value.mean(), value.low(), value.high());
    }
}
