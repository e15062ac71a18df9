package org.learningdynamics.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.learningdynamics.series.Alarm;
import org.learningdynamics.series.Alarms;
import org.learningdynamics.series.Lineage;
import org.learningdynamics.series.RecordedRun;
import org.learningdynamics.series.RunSequence;

/**
 * What a report is about: the runs, the sequences in which they continue each other, and the alarms
 * of each run.
 */
final class ReportModel {
    private final List<RecordedRun> runs;
    private final List<RunSequence> sequences;
    private final Map<String, List<Alarm>> alarms = new LinkedHashMap<>();

    ReportModel(List<RecordedRun> recorded) {
        if (recorded.isEmpty()) {
            throw new IllegalArgumentException("runs must not be empty, got none");
        }
        runs = List.copyOf(recorded);
        sequences = Lineage.sequences(runs);
        runs.forEach(run -> alarms.put(run.name(), Alarms.of(run)));
    }

    List<RecordedRun> runs() {
        return runs;
    }

    List<RunSequence> sequences() {
        return sequences;
    }

    List<Alarm> alarms(RecordedRun run) {
        return Objects.requireNonNull(alarms.get(run.name()));
    }

    /** The kinds of all runs in the order in which they first appear. */
    List<String> kinds() {
        Set<String> kinds = new LinkedHashSet<>();
        runs.forEach(run -> kinds.addAll(run.likelihoods().kinds()));
        return new ArrayList<>(kinds);
    }
}
