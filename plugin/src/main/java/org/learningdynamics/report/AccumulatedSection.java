package org.learningdynamics.report;

import java.util.List;
import org.learningdynamics.series.AccumulatedInfluence;
import org.learningdynamics.series.Ema;
import org.learningdynamics.series.LikelihoodTable;
import org.learningdynamics.series.LowerBound;
import org.learningdynamics.series.RecordedRun;

/**
 * The lower bound of the kernel (LBK) and the signed change (SignDelta) of each kind over each run,
 * smoothed, thinned for drawing, and what they add up to, from all recordings.
 */
final class AccumulatedSection {
    static final int MAX_POINTS = 120;

    private AccumulatedSection() {}

    static void write(Json json, ReportModel model) {
        json.array();
        for (RecordedRun run : model.runs()) {
            write(json, run, model.moves(run));
        }
        json.endArray();
    }

    private static void write(Json json, RecordedRun run, KindMoves moves) {
        LikelihoodTable table = run.likelihoods();
        int[] drawn = Sampling.even(Math.max(0, table.recordings() - 1), MAX_POINTS, List.of());
        String gapKind = moves.isEmpty() ? "" : moves.main().kind();
        json.object().key("gapKind").value(gapKind).key("x").array();
        for (int t : drawn) {
            json.value(run.steps().get(t + 1).iteration());
        }
        json.endArray().key("kinds").object();
        for (String kind : table.kinds()) {
            json.key(kind).object();
            write(json, "lbk", LowerBound.lbk(table, kind, gapKind), drawn);
            write(json, "sign", LowerBound.signDelta(table, kind, gapKind), drawn);
            json.endObject();
        }
        json.endObject().endObject();
    }

    private static void write(Json json, String name, double[] series, int[] drawn) {
        AccumulatedInfluence sum = AccumulatedInfluence.of(series);
        boolean known = !Double.isNaN(sum.variance());
        json.key(name).object().key("y").values(Sampling.at(Ema.smooth(series), drawn));
        json.key("sum").value(known ? sum.sum() : Double.NaN);
        json.key("variance").value(sum.variance()).endObject();
    }
}
