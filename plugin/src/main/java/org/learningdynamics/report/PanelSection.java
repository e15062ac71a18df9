package org.learningdynamics.report;

import java.util.Arrays;
import java.util.List;
import org.learningdynamics.recording.StepRow;
import org.learningdynamics.series.Alarm;
import org.learningdynamics.series.Interval;
import org.learningdynamics.series.KindSeries;
import org.learningdynamics.series.LikelihoodTable;
import org.learningdynamics.series.LinearFit;
import org.learningdynamics.series.Measure;
import org.learningdynamics.series.RecordedRun;
import org.learningdynamics.series.RunSequence;

/**
 * The curves of one sequence of runs: for each kind and measure the mean over probes with its
 * interval, at the recordings that are drawn. Every drawn point is computed from all probes.
 */
final class PanelSection {
    static final int MAX_POINTS = 240;

    private final ReportModel model;
    private final RunSequence sequence;
    private final LikelihoodTable table;
    private final int[] drawn;

    PanelSection(ReportModel model, RunSequence sequence) {
        this.model = model;
        this.sequence = sequence;
        this.table = sequence.likelihoods();
        this.drawn = Sampling.even(table.recordings(), MAX_POINTS, sequence.starts());
    }

    void write(Json json) {
        json.object().key("name").value(sequence.name());
        json.key("runs").values(sequence.runs().stream().map(RecordedRun::name).toList());
        json.key("recordings").value(table.recordings());
        writeAxis(json);
        json.key("kinds").object();
        for (String kind : table.kinds()) {
            writeKind(json, kind);
        }
        json.endObject();
        writeAlarms(json);
        json.endObject();
    }

    private void writeAxis(Json json) {
        json.key("starts").array();
        for (int start : sequence.starts()) {
            json.value(start < table.recordings() ? sequence.iterations().get(start) : 0);
        }
        json.endArray().key("x").array();
        for (int t : drawn) {
            json.value(sequence.iterations().get(t));
        }
        json.endArray().key("at").array();
        for (int t : drawn) {
            json.value(sequence.runAt(t));
        }
        json.endArray();
    }

    private void writeKind(Json json, String kind) {
        json.key(kind).object().key("probes").value(table.probes(kind).length);
        for (Measure measure : Measure.values()) {
            json.key(measure.column()).object();
            writeMeans(json, measure, kind);
            if (measure.isLogProbability()) {
                json.key("changes").array();
                for (int base : sequence.starts()) {
                    writeChanges(json, measure, kind, base);
                }
                json.endArray();
            }
            json.endObject();
        }
        json.key("fits").array();
        for (int r = 0; r < sequence.runs().size(); r++) {
            writeFit(json, kind, r);
        }
        json.endArray().endObject();
    }

    private void writeMeans(Json json, Measure measure, String kind) {
        Curves curves = new Curves(drawn.length);
        for (int p = 0; p < drawn.length; p++) {
            curves.set(p, table.values(measure, kind, drawn[p]));
        }
        curves.write(json, measure == Measure.LOG_PROB);
    }

    /** The changes since one run's beginning; nothing before it. */
    private void writeChanges(Json json, Measure measure, String kind, int base) {
        int first = firstMeasured(measure, kind, base);
        Curves curves = new Curves(drawn.length);
        for (int p = 0; p < drawn.length; p++) {
            boolean before = drawn[p] < base;
            double[] none = new double[0];
            curves.set(p, before ? none : table.change(measure, kind, first, drawn[p]));
        }
        json.object();
        curves.write(json, measure == Measure.LOG_PROB);
        json.endObject();
    }

    private int firstMeasured(Measure measure, String kind, int from) {
        for (int t = from; t < table.recordings(); t++) {
            for (double value : table.values(measure, kind, t)) {
                if (!Double.isNaN(value)) {
                    return t;
                }
            }
        }
        return Math.min(from, table.recordings() - 1);
    }

    /**
     * Two lines through one run's recordings: the rest's mean change over iterations, and the
     * rest's mean over the argmax's.
     */
    private void writeFit(Json json, String kind, int run) {
        int from = sequence.starts().get(run);
        boolean last = run + 1 == sequence.runs().size();
        int to = last ? table.recordings() : sequence.starts().get(run + 1);
        KindSeries rest = KindSeries.of(table, Measure.REST_LOG_PROB, kind);
        List<Interval> argmax = KindSeries.of(table, Measure.ARGMAX_LOG_PROB, kind).means();
        double[] iterations = new double[to - from];
        double[] changes = new double[to - from];
        for (int t = from; t < to; t++) {
            iterations[t - from] = sequence.iterations().get(t);
            changes[t - from] = rest.changes().get(t).mean();
        }
        json.object();
        writeLine(json, iterations, changes);
        json.key("against").object();
        writeLine(json, means(argmax, from, to), means(rest.means(), from, to));
        json.endObject().endObject();
    }

    private static double[] means(List<Interval> series, int from, int to) {
        return series.subList(from, to).stream().mapToDouble(Interval::mean).toArray();
    }

    private static void writeLine(Json json, double[] x, double[] y) {
        LinearFit fit = LinearFit.of(x, y);
        double begin = Arrays.stream(x).min().orElse(Double.NaN);
        double end = Arrays.stream(x).max().orElse(Double.NaN);
        json.key("slope").value(fit.slope()).key("r2").value(fit.rSquared());
        json.key("count").value(fit.count()).key("x").values(begin, end);
        json.key("y").values(fit.at(begin), fit.at(end));
    }

    private void writeAlarms(Json json) {
        json.key("alarms").array();
        for (int r = 0; r < sequence.runs().size(); r++) {
            RecordedRun run = sequence.runs().get(r);
            for (Alarm alarm : model.alarms(run)) {
                json.object().key("run").value(run.name()).key("code").value(alarm.code());
                json.key("severity").value(Keys.of(alarm.severity()));
                json.key("from").value(iteration(r, alarm.firstStep()));
                json.key("to").value(iteration(r, alarm.lastStep())).endObject();
            }
        }
        json.endArray();
    }

    private long iteration(int run, long step) {
        List<StepRow> steps = sequence.runs().get(run).steps();
        for (int t = 0; t < steps.size(); t++) {
            if (steps.get(t).step() == step) {
                return sequence.iterations().get(sequence.starts().get(run) + t);
            }
        }
        return 0;
    }
}
