package org.learningdynamics.report;

import java.util.ArrayList;
import java.util.List;
import org.learningdynamics.series.Measure;
import org.learningdynamics.series.RecordedRun;
import org.learningdynamics.series.RunDifference;
import org.learningdynamics.series.RunSequence;

/**
 * What one run says of the same responses more than another: for each pair of runs at the same
 * place before the ends of their sequences the difference of each kind at the iterations that both
 * recorded, paired by probe.
 */
final class DifferenceSection {
    static final int MAX_PAIRS = 10;
    static final int MAX_POINTS = 80;

    private static final List<Measure> MEASURES =
            List.of(Measure.LOG_PROB, Measure.ARGMAX_LOG_PROB, Measure.REST_LOG_PROB);

    private DifferenceSection() {}

    static void write(Json json, ReportModel model) {
        List<RecordedRun> runs = model.runs();
        json.array();
        for (RunDifference difference : pairs(model)) {
            json.object().key("base").value(runs.indexOf(difference.base()));
            json.key("other").value(runs.indexOf(difference.other()));
            write(json, difference);
            json.endObject();
        }
        json.endArray();
    }

    /**
     * The ends of sequences first, then what stands one place before them, and so on; pairs that
     * watch no probe in common, or were recorded together only once, are left out.
     */
    static List<RunDifference> pairs(ReportModel model) {
        List<RunDifference> pairs = new ArrayList<>();
        int longest = model.sequences().stream().mapToInt(s -> s.runs().size()).max().orElse(0);
        for (int back = 0; back < longest; back++) {
            List<RecordedRun> level = at(model.sequences(), back);
            for (int a = 0; a < level.size(); a++) {
                for (RecordedRun other : level.subList(a + 1, level.size())) {
                    RunDifference difference = RunDifference.between(level.get(a), other);
                    if (difference.iterations().length > 1 && !difference.kinds().isEmpty()) {
                        pairs.add(difference);
                    }
                }
            }
        }
        return pairs.subList(0, Math.min(MAX_PAIRS, pairs.size()));
    }

    /** The different runs that stand so many places before the ends of their sequences. */
    private static List<RecordedRun> at(List<RunSequence> sequences, int back) {
        return sequences.stream()
                .filter(sequence -> sequence.runs().size() > back)
                .map(sequence -> sequence.runs().get(sequence.runs().size() - 1 - back))
                .distinct()
                .toList();
    }

    private static void write(Json json, RunDifference difference) {
        long[] iterations = difference.iterations();
        int[] drawn = Sampling.even(iterations.length, MAX_POINTS, List.of());
        json.key("matched").value(iterations.length).key("x").array();
        for (int at : drawn) {
            json.value(iterations[at]);
        }
        json.endArray().key("kinds").object();
        for (String kind : difference.kinds()) {
            json.key(kind).object().key("probes").value(difference.probes(kind));
            for (Measure measure : MEASURES) {
                json.key(measure.column());
                write(json, difference, measure, kind, drawn);
            }
            json.endObject();
        }
        json.endObject();
    }

    private static void write(
            Json json, RunDifference difference, Measure measure, String kind, int[] drawn) {
        Curves levels = new Curves(drawn.length);
        Curves changes = new Curves(drawn.length);
        for (int p = 0; p < drawn.length; p++) {
            levels.set(p, difference.levels(measure, kind, drawn[p]));
            changes.set(p, difference.changes(measure, kind, drawn[p]));
        }
        boolean withQuantiles = measure == Measure.LOG_PROB;
        json.object().key("level").object();
        levels.write(json, withQuantiles);
        json.endObject().key("change").object();
        changes.write(json, withQuantiles);
        json.endObject().endObject();
    }
}
