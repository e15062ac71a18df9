package org.learningdynamics.samples.digits;

import java.util.Locale;
import org.learningdynamics.series.MeanPrediction;

/**
 * How pairs of look-alike digits pull each other, as a table of text.
 *
 * <p>Columns: the mean probability on the other digit of the pair early in training and at its end,
 * and by how much one step on an example of the one raises its log-probability on images of the
 * other (mean of both directions; nats); the last row is the mean over all pairs of different
 * digits.
 */
final class PullTable {
    private static final int[][] PAIRS = {{4, 9}, {3, 8}, {1, 7}, {5, 6}};

    private PullTable() {}

    static String of(DigitExperiment.Result result) {
        StringBuilder table = new StringBuilder();
        line(table, "%-10s %8s %8s %16s", "pair", "early", "end", "one example");
        double[][] changes = result.changes();
        for (int[] pair : PAIRS) {
            int a = pair[0];
            int b = pair[1];
            row(
                    table,
                    a + " and " + b,
                    result.early().pull(a, b),
                    result.last().pull(a, b),
                    (changes[a][b] + changes[b][a]) / 2);
        }
        MeanPrediction early = result.early();
        row(table, "all pairs", early.meanPull(), result.last().meanPull(), meanChange(changes));
        return table.toString();
    }

    private static double meanChange(double[][] changes) {
        double sum = 0;
        for (int u = 0; u < changes.length; u++) {
            for (int o = 0; o < changes.length; o++) {
                sum += u == o ? 0 : changes[u][o];
            }
        }
        return sum / (changes.length * (changes.length - 1));
    }

    private static void row(
            StringBuilder table, String name, double early, double end, double change) {
        line(table, "%-10s %8.4f %8.4f %+16.4f", name, early, end, change);
    }

    private static void line(StringBuilder table, String format, Object... values) {
        table.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
