package org.learningdynamics.sweep;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.Severity;
import org.learningdynamics.series.Alarm;
import org.learningdynamics.series.Alarms;
import org.learningdynamics.series.RecordedRun;
import org.learningdynamics.series.RunLoader;
import org.learningdynamics.series.Trust;
import org.learningdynamics.series.TrustSeries;

/** Reads the scores of one candidate from the run file of its last stage. */
final class CandidateScores {
    private final Path file;
    private final RecordedRun run;
    private final String kind;

    CandidateScores(Path file, String kind) {
        this.file = file;
        this.kind = kind;
        run = RunLoader.load(file);
        if (run.steps().isEmpty()) {
            throw new CandidateFailed(file.getFileName() + " holds no recording");
        }
    }

    double[] curve(Score score) {
        return score.curve(run, kind);
    }

    Map<String, Double> of(List<Score> scores, Map<Score, Double> others, double seconds) {
        Map<String, Double> values = new LinkedHashMap<>();
        for (Score score : scores) {
            double value =
                    switch (score) {
                        case WALL_TIME -> seconds;
                        case TRUST -> trust();
                        case SQUEEZED_SHARE -> squeezed(run);
                        case ORACLE_WIN_RATE -> others.getOrDefault(score, Double.NaN);
                        default -> score.at(run, run.steps().size() - 1, kind);
                    };
            values.put(score.label(), value);
        }
        return values;
    }

    private double trust() {
        TrustSeries series = TrustSeries.of(RunFileReader.open(file), RowFilter.ALL);
        return series.median(Trust::spearman);
    }

    static double squeezed(RecordedRun run) {
        List<Alarm> alarms =
                Alarms.of(run).stream()
                        .filter(
                                a ->
                                        a.code().equals(Alarm.SQUEEZING)
                                                && a.severity() == Severity.WARNING)
                        .toList();
        long covered =
                run.steps().stream()
                        .filter(
                                step ->
                                        alarms.stream()
                                                .anyMatch(
                                                        a ->
                                                                a.firstStep() <= step.step()
                                                                        && step.step()
                                                                                <= a.lastStep()))
                        .count();
        return (double) covered / run.steps().size();
    }
}
