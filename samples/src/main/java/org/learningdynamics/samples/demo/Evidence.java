package org.learningdynamics.samples.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.learningdynamics.series.Interval;
import org.learningdynamics.series.MeanInterval;

/** Collects the parts of a claim: each a mean over probes whose interval lies on one side of 0. */
final class Evidence {
    private final List<String> lines = new ArrayList<>();
    private boolean holds = true;

    /** The mean must be above 0 with its whole interval. */
    Evidence above(String what, double... values) {
        return part(what, values, true);
    }

    /** The mean must be below 0 with its whole interval. */
    Evidence below(String what, double... values) {
        return part(what, values, false);
    }

    /** Told, without weight in the verdict. */
    Evidence told(String line) {
        lines.add(line);
        return this;
    }

    /** A part that is judged elsewhere. */
    Evidence part(String line, boolean seen) {
        lines.add(mark(seen) + line);
        holds &= seen;
        return this;
    }

    Verdict verdict(char letter, String claim) {
        return new Verdict(letter, claim, holds, lines);
    }

    static String text(Interval interval) {
        return String.format(
                Locale.ROOT,
                "%+.2f [%+.2f, %+.2f]",
                interval.mean(),
                interval.low(),
                interval.high());
    }

    private Evidence part(String what, double[] values, boolean above) {
        Interval interval = MeanInterval.bootstrap(values);
        boolean seen = above ? interval.isAboveZero() : interval.isBelowZero();
        return part(what + " " + text(interval) + " nats", seen);
    }

    private static String mark(boolean seen) {
        return seen ? "yes  " : "no   ";
    }
}
