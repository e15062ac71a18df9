package org.learningdynamics.report;

import java.util.ArrayList;
import java.util.List;
import org.learningdynamics.recording.StepRow;
import org.learningdynamics.series.KindSummary;
import org.learningdynamics.series.RecordedRun;

/**
 * The report's main table for a terminal: start, best and end of each response kind, in nats, with
 * 95 % intervals over probes (Student's t; changes paired by probe). Plain ASCII but for what the
 * recordings hold.
 */
public final class TextTable {
    private static final List<String> HEAD =
            List.of("kind", "start", "best", "at", "end", "change", "since best");

    private TextTable() {}

    /**
     * The tables of several runs, one below the other.
     *
     * @param runs the runs
     * @return lines that end with a line feed
     */
    public static String of(List<RecordedRun> runs) {
        StringBuilder out = new StringBuilder();
        for (RecordedRun run : runs) {
            out.append(out.length() == 0 ? "" : "\n").append(of(run));
        }
        return out.toString();
    }

    /**
     * The table of one run.
     *
     * @param run the run
     * @return lines that end with a line feed
     */
    public static String of(RecordedRun run) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        for (KindSummary kind : KindSummary.of(run.likelihoods())) {
            rows.add(row(run, kind));
        }
        int[] widths = new int[HEAD.size()];
        for (List<String> row : rows) {
            for (int c = 0; c < widths.length; c++) {
                widths[c] = Math.max(widths[c], row.get(c).length());
            }
        }
        StringBuilder out = new StringBuilder(title(run));
        rows.forEach(row -> append(out, row, widths));
        return out.toString();
    }

    private static String title(RecordedRun run) {
        List<StepRow> steps = run.steps();
        long iterations = steps.isEmpty() ? 0 : steps.get(steps.size() - 1).iteration();
        return TerminalText.printable(run.name())
                + ": "
                + Words.count(run.probes().size(), "probe")
                + ", "
                + Words.count(steps.size(), "recording")
                + ", "
                + Words.count(iterations, "iteration")
                + "; nats, [95 % interval over probes]\n";
    }

    private static List<String> row(RecordedRun run, KindSummary kind) {
        return List.of(
                TerminalText.printable(kind.kind()),
                Words.level(kind.start()),
                Words.level(kind.best()),
                Long.toString(run.steps().get(kind.bestRecording()).iteration()),
                Words.level(kind.end()),
                Words.change(kind.change()),
                Words.change(kind.sinceBest()));
    }

    private static void append(StringBuilder out, List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int c = 0; c < widths.length; c++) {
            String gap = " ".repeat(widths[c] - row.get(c).length());
            line.append(c == 0 ? row.get(c) + gap : "  " + gap + row.get(c));
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }
}
