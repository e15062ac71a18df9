package org.learningdynamics.report;

import java.nio.file.Path;
import java.util.List;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.series.Alarm;
import org.learningdynamics.series.Alarms;
import org.learningdynamics.series.KindSeries;
import org.learningdynamics.series.Measure;
import org.learningdynamics.series.RecordedRun;
import org.learningdynamics.series.RunLoader;

/**
 * A run with what a terminal shows of it, computed once.
 *
 * @param run the run
 * @param closed whether its writer has finished
 * @param alarms its alarms
 * @param kinds the log-probability of each response kind that was measured
 */
record WatchedRun(RecordedRun run, boolean closed, List<Alarm> alarms, List<KindSeries> kinds) {
    static WatchedRun of(RecordedRun run, boolean closed) {
        List<KindSeries> kinds =
                run.likelihoods().kinds().stream()
                        .map(kind -> KindSeries.of(run.likelihoods(), Measure.LOG_PROB, kind))
                        .filter(WatchedRun::isMeasured)
                        .toList();
        return new WatchedRun(run, closed, Alarms.of(run), kinds);
    }

    /** Whether the file is closed is asked first: what a closed file holds is complete. */
    static WatchedRun load(Path file) {
        boolean closed = RunFileReader.open(file).closed();
        return of(RunLoader.load(file), closed);
    }

    private static boolean isMeasured(KindSeries series) {
        return !series.means().isEmpty() && series.means().get(series.first()).count() > 0;
    }
}
