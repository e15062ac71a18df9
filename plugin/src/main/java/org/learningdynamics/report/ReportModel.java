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
import org.learningdynamics.series.TrustSeries;

/**
 * What a report is about: the runs, the sequences in which they continue each other, and the alarms
 * of each run.
 */
final class ReportModel {
    private final List<RecordedRun> runs;
    private final List<RunSequence> sequences;
    private final Map<String, TrustSeries> trust;
    private final Map<String, List<Alarm>> alarms = new LinkedHashMap<>();
    private final Map<String, KindMoves> moves = new LinkedHashMap<>();

    /** Takes runs, and the trust in the predictions of those that were read from files. */
    ReportModel(List<RecordedRun> recorded, Map<String, TrustSeries> trusts) {
        if (recorded.isEmpty()) {
            throw new IllegalArgumentException("runs must not be empty, got none");
        }
        runs = List.copyOf(recorded);
        sequences = Lineage.sequences(runs);
        trust = trusts;
        for (RecordedRun run : runs) {
            TrustSeries known = trust.get(run.name());
            alarms.put(run.name(), known == null ? Alarms.of(run) : Alarms.of(run, known));
            moves.put(run.name(), KindMoves.of(run));
        }
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

    /** What a run did to each kind. */
    KindMoves moves(RecordedRun run) {
        return Objects.requireNonNull(moves.get(run.name()));
    }

    /** How predictions agree with what happened, by the names of runs that recorded both. */
    Map<String, TrustSeries> trust() {
        return trust;
    }

    /** The kinds of all runs in the order in which they first appear. */
    List<String> kinds() {
        Set<String> kinds = new LinkedHashSet<>();
        runs.forEach(run -> kinds.addAll(run.likelihoods().kinds()));
        return new ArrayList<>(kinds);
    }
}
