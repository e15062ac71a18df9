package org.learningdynamics.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.learningdynamics.recording.StepRow;
import org.learningdynamics.series.Alarm;
import org.learningdynamics.series.KindSeries;
import org.learningdynamics.series.MetricSeries;
import org.learningdynamics.series.RecordedRun;

/** What is new about a run since the last look, as lines. Used by one thread. */
final class WatchLines {
    private final Set<String> alarmed = new HashSet<>();
    private String begun = "";
    private long lastStep = -1;
    private boolean waited;

    static String waiting(Path run) {
        return "waiting for " + TerminalText.printable(run.toString());
    }

    List<String> of(Path file, Optional<WatchedRun> seen) {
        List<String> lines = new ArrayList<>();
        if (seen.isPresent()) {
            add(seen.get(), lines);
        } else if (!waited) {
            lines.add(waiting(file));
        }
        waited = seen.isEmpty();
        return lines;
    }

    private void add(WatchedRun seen, List<String> lines) {
        begin(seen.run(), lines);
        steps(seen, lines);
        if (seen.closed()) {
            lines.add("finished at iteration " + Dashboard.iteration(seen.run()));
        }
    }

    /** Notes that a file holds another run than before, or the same one taken back. */
    private void begin(RecordedRun run, List<String> lines) {
        String start = run.header().getOrDefault("created_at", "");
        if (!start.equals(begun)) {
            lines.add(TerminalText.printable(run.name()) + ", started " + start);
            alarmed.clear();
            lastStep = -1;
        }
        begun = start;
    }

    private void steps(WatchedRun seen, List<String> lines) {
        List<StepRow> steps = seen.run().steps();
        if (steps.isEmpty()) {
            return;
        }
        StepRow last = steps.get(steps.size() - 1);
        if (last.step() == lastStep) {
            return;
        }
        if (last.step() < lastStep) {
            lines.add("taken back to iteration " + last.iteration());
        }
        lastStep = last.step();
        lines.add(line(seen, last));
        for (Alarm alarm : seen.alarms()) {
            if (alarmed.add(alarm.severity() + alarm.code())) {
                lines.add(Dashboard.sentence(alarm));
            }
        }
    }

    private static String line(WatchedRun seen, StepRow last) {
        String loss =
                seen.run()
                        .metric("loss")
                        .filter(series -> series.size() > 0)
                        .map(WatchLines::lastValue)
                        .map(value -> ", loss " + Words.level(value))
                        .orElse("");
        String kinds =
                seen.kinds().stream().map(WatchLines::kind).collect(Collectors.joining(", "));
        return "iteration "
                + last.iteration()
                + Dashboard.speed(seen.run())
                + loss
                + (kinds.isEmpty() ? "" : "; " + kinds);
    }

    private static double lastValue(MetricSeries series) {
        return series.values()[series.size() - 1];
    }

    private static String kind(KindSeries series) {
        int last = series.last();
        return TerminalText.printable(series.kind())
                + " "
                + Words.level(series.means().get(last).mean())
                + " ("
                + Words.signed(series.changes().get(last).mean())
                + ")";
    }
}
