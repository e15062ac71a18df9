package org.learningdynamics.report;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.learningdynamics.recording.Severity;
import org.learningdynamics.recording.StepRow;
import org.learningdynamics.series.Alarm;
import org.learningdynamics.series.Interval;
import org.learningdynamics.series.KindSeries;
import org.learningdynamics.series.MetricSeries;
import org.learningdynamics.series.RecordedRun;

/**
 * One run as a screen of text: where training stands, the loss, the alarms, and for each response
 * kind its mean log-probability, the change since the first recording and a curve.
 */
final class Dashboard {
    private static final int RATE_WINDOW = 5;
    private static final int LEAST_CURVE = 6;
    private static final int LONGEST_CURVE = 48;
    private static final int INTERVALS_FROM = 64;

    private final WatchedRun watched;
    private final RecordedRun run;
    private final TerminalSize size;
    private final List<String> lines = new ArrayList<>();

    private Dashboard(WatchedRun watched, TerminalSize size) {
        this.watched = watched;
        this.run = watched.run();
        this.size = size;
    }

    /**
     * Draws a run.
     *
     * @param run the run
     * @param size the screen; no line is longer and there are no more lines
     * @param now the time, for the age of the last recording
     * @return the lines, from the top
     */
    static List<String> lines(WatchedRun run, TerminalSize size, Instant now) {
        Dashboard dashboard = new Dashboard(run, size);
        dashboard.head(now);
        dashboard.alarms();
        dashboard.kinds();
        return dashboard.fitting(dashboard.lines, size.rows());
    }

    private void head(Instant now) {
        String stage = run.header().getOrDefault("stage", "");
        add(run.name() + (stage.isEmpty() ? "" : " (" + stage + ")") + ": " + state(now));
        add(
                "iteration "
                        + iteration(run)
                        + ", "
                        + Words.count(run.steps().size(), "recording")
                        + " of "
                        + Words.count(run.probes().size(), "probe")
                        + speed(run)
                        + cost());
        loss();
    }

    private String state(Instant now) {
        if (watched.closed()) {
            return "finished";
        }
        return last(run)
                .map(step -> "being written, last recording " + age(step, now) + " ago")
                .orElse("being written, nothing recorded yet");
    }

    private static String age(StepRow step, Instant now) {
        Duration age = Duration.between(Instant.ofEpochMilli(step.timeMillis()), now);
        long seconds = Math.max(0, age.toSeconds());
        return seconds < 120
                ? seconds + " s"
                : seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
    }

    /** The last iteration that left a metric or a recording. */
    static long iteration(RecordedRun run) {
        long metrics =
                run.metrics().stream()
                        .filter(metric -> metric.size() > 0)
                        .mapToLong(metric -> metric.iterations()[metric.size() - 1])
                        .max()
                        .orElse(0);
        return Math.max(metrics, last(run).map(StepRow::iteration).orElse(0L));
    }

    private static Optional<StepRow> last(RecordedRun run) {
        List<StepRow> steps = run.steps();
        return steps.isEmpty() ? Optional.empty() : Optional.of(steps.get(steps.size() - 1));
    }

    /** Iterations per second of wall time over the last recordings, their cost included. */
    static String speed(RecordedRun run) {
        int end = run.steps().size() - 1;
        if (end < 1) {
            return "";
        }
        StepRow to = run.steps().get(end);
        StepRow from = run.steps().get(Math.max(0, end - RATE_WINDOW));
        double seconds = (to.timeMillis() - from.timeMillis()) / 1000.0;
        double rate = (to.iteration() - from.iteration()) / seconds;
        return Double.isFinite(rate) && rate >= 0
                ? String.format(Locale.ROOT, ", %s steps/s", Words.level(rate))
                : "";
    }

    private String cost() {
        double share = Overhead.of(run).share();
        return share >= 0
                ? String.format(Locale.ROOT, ", recording takes %.1f %% of the time", 100 * share)
                : "";
    }

    private void loss() {
        Optional<MetricSeries> loss = run.metric("loss").filter(series -> series.size() > 0);
        double[] values =
                loss.map(MetricSeries::values)
                        .orElseGet(() -> run.steps().stream().mapToDouble(StepRow::loss).toArray());
        if (values.length == 0) {
            return;
        }
        String text = "loss " + Words.level(values[values.length - 1]) + "  ";
        int room = Math.min(LONGEST_CURVE, size.columns() - text.length());
        add(text + (room < LEAST_CURVE ? "" : Sparkline.of(values, room)));
    }

    /** The alarms in at most a third of the screen, so that the kinds stay in sight. */
    private void alarms() {
        List<String> all = new ArrayList<>();
        for (Alarm alarm : watched.alarms()) {
            all.addAll(TerminalText.wrap(sentence(alarm), size.columns(), "  "));
        }
        lines.addAll(fitting(all, Math.max(2, size.rows() / 3)));
    }

    /** An alarm in one line for people. */
    static String sentence(Alarm alarm) {
        String tone = alarm.severity() == Severity.INFO ? "Note" : alarm.severity().name();
        return TerminalText.printable(tone + " " + alarm.code() + ": " + alarm.message());
    }

    private void kinds() {
        List<KindSeries> measured = watched.kinds();
        if (measured.isEmpty()) {
            return;
        }
        boolean intervals = size.columns() >= INTERVALS_FROM;
        List<String> names = measured.stream().map(one -> printable(one.kind())).toList();
        List<String> levels = measured.stream().map(Dashboard::level).toList();
        List<String> changes = measured.stream().map(one -> change(one, intervals)).toList();
        int name = Math.min(widest("kind", names), Math.max(8, size.columns() / 4));
        int level = widest("nats", levels);
        int change = widest("change", changes);
        int curve = Math.min(LONGEST_CURVE, size.columns() - name - level - change - 6);
        add("");
        add(row("kind", "nats", "change", "", name, level, change));
        for (int k = 0; k < measured.size(); k++) {
            String line = curve < LEAST_CURVE ? "" : Sparkline.of(means(measured.get(k)), curve);
            add(row(names.get(k), levels.get(k), changes.get(k), line, name, level, change));
        }
    }

    private static String printable(String kind) {
        return TerminalText.printable(kind);
    }

    private static String level(KindSeries series) {
        return Words.level(series.means().get(series.last()).mean());
    }

    private static String change(KindSeries series, boolean interval) {
        Interval change = series.changes().get(series.last());
        return interval ? Words.change(change) : Words.signed(change.mean());
    }

    private static double[] means(KindSeries series) {
        return series.means().stream().mapToDouble(Interval::mean).toArray();
    }

    private static int widest(String head, List<String> cells) {
        return Math.max(
                head.length(), cells.stream().mapToInt(TerminalText::width).max().orElse(0));
    }

    private static String row(
            String kind, String nats, String change, String curve, int a, int b, int c) {
        String cells =
                TerminalText.left(kind, a)
                        + "  "
                        + TerminalText.right(nats, b)
                        + "  "
                        + TerminalText.right(change, c);
        return (cells + "  " + curve).stripTrailing();
    }

    private void add(String line) {
        lines.add(TerminalText.clip(TerminalText.printable(line), size.columns()));
    }

    private List<String> fitting(List<String> all, int rows) {
        if (all.size() <= rows) {
            return all;
        }
        List<String> fitting = new ArrayList<>(all.subList(0, rows - 1));
        String rest = "(" + (all.size() - rows + 1) + " more lines)";
        fitting.add(TerminalText.clip(rest, size.columns()));
        return fitting;
    }
}
