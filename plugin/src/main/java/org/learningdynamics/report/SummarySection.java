package org.learningdynamics.report;

import java.util.List;
import org.learningdynamics.recording.StepRow;
import org.learningdynamics.series.KindSummary;
import org.learningdynamics.series.RecordedRun;

/** For each run its size and each kind's start, best and end. */
final class SummarySection {
    private SummarySection() {}

    static void write(Json json, List<RecordedRun> runs) {
        json.array();
        for (RecordedRun run : runs) {
            json.object().key("name").value(run.name());
            json.key("stage").value(run.header().getOrDefault("stage", ""));
            json.key("probes").value(run.probes().size());
            json.key("recordings").value(run.steps().size());
            json.key("iterations").value(lastIteration(run)).key("kinds").array();
            for (KindSummary kind : KindSummary.of(run.likelihoods())) {
                write(json, run, kind);
            }
            json.endArray().endObject();
        }
        json.endArray();
    }

    private static void write(Json json, RecordedRun run, KindSummary kind) {
        json.object().key("kind").value(kind.kind());
        json.key("start").value(kind.start()).key("best").value(kind.best());
        json.key("bestIteration").value(run.steps().get(kind.bestRecording()).iteration());
        json.key("end").value(kind.end()).key("change").value(kind.change());
        json.key("sinceBest").value(kind.sinceBest()).endObject();
    }

    private static long lastIteration(RecordedRun run) {
        List<StepRow> steps = run.steps();
        return steps.isEmpty() ? 0 : steps.get(steps.size() - 1).iteration();
    }
}
