package org.learningdynamics.report;

import java.util.List;
import org.learningdynamics.recording.StepRow;
import org.learningdynamics.series.Quantiles;
import org.learningdynamics.series.RecordedRun;

/**
 * What recording cost. The share of training time is the waiting of all recordings after the first
 * divided by the wall time from the first recording to the last.
 *
 * @param recordings number of recordings
 * @param rowsPerRecording likelihood rows at each
 * @param medianMillis median waiting of a recording
 * @param maxMillis longest waiting of a recording
 * @param totalMillis waiting of all recordings
 * @param wallMillis wall time from the first recording to the last
 * @param share waiting as a share of wall time, NaN if there is none
 */
record Overhead(
        int recordings,
        int rowsPerRecording,
        double medianMillis,
        double maxMillis,
        double totalMillis,
        long wallMillis,
        double share) {
    static Overhead of(RecordedRun run) {
        List<StepRow> steps = run.steps();
        double[] waits = steps.stream().mapToDouble(StepRow::overheadMillis).toArray();
        double total = sum(waits, 0);
        long wall =
                steps.isEmpty()
                        ? 0
                        : steps.get(steps.size() - 1).timeMillis() - steps.get(0).timeMillis();
        double[] quantiles = Quantiles.of(waits, 0.5, 1);
        double share = wall > 0 ? sum(waits, 1) / wall : Double.NaN;
        return new Overhead(
                steps.size(),
                run.responses().size(),
                quantiles[0],
                quantiles[1],
                total,
                wall,
                share);
    }

    double millisPerRow() {
        return rowsPerRecording == 0 ? Double.NaN : medianMillis / rowsPerRecording;
    }

    private static double sum(double[] values, int from) {
        double sum = 0;
        for (int i = from; i < values.length; i++) {
            sum += Double.isNaN(values[i]) ? 0 : values[i];
        }
        return sum;
    }
}
