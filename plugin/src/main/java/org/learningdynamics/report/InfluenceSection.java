package org.learningdynamics.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.learningdynamics.recording.InfluenceBlock;
import org.learningdynamics.recording.InteractionReader;
import org.learningdynamics.recording.ResidualRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.ShiftRow;
import org.learningdynamics.recording.StepRow;
import org.learningdynamics.series.AttributedExample;
import org.learningdynamics.series.Attribution;
import org.learningdynamics.series.AttributionOrder;
import org.learningdynamics.series.Coverage;
import org.learningdynamics.series.Trust;
import org.learningdynamics.series.TrustSeries;

/**
 * Which example moved which response in one run: influence matrices at the recordings that are
 * drawn, predicted and actual changes there, and the examples that did most to each response over
 * all recordings. Responses and recordings are thinned evenly for drawing; trust and attribution
 * rest on every recorded row.
 */
final class InfluenceSection {
    static final int MAX_RECORDINGS = 40;
    static final int MAX_VALUES = 150_000;
    static final int MAX_RESPONSES = 60;
    static final int TOP = 8;
    static final int MAX_TEXT = 300;

    private final String name;
    private final RunFileReader file;
    private final InteractionReader interactions;
    private final TextUse texts;
    private final List<Long> recorded;
    private final List<ResponseRow> axis;
    private final int[] columns;
    private final TrustSeries trust;
    private final TreeSet<Long> named = new TreeSet<>();

    private InfluenceSection(String name, RunFileReader file, TextUse texts) {
        this.name = name;
        this.file = file;
        this.interactions = file.interactions();
        this.texts = texts;
        this.recorded =
                interactions.influenceSteps(InfluenceBlock.ALL_LAYERS, InfluenceBlock.WHOLE);
        this.axis = interactions.responseAxis();
        int[] measured =
                interactions.measuredResponses().stream().mapToInt(axis::indexOf).toArray();
        this.columns =
                Arrays.stream(Sampling.even(measured.length, MAX_RESPONSES, List.of()))
                        .map(index -> measured[index])
                        .toArray();
        this.trust = TrustSeries.of(file, RowFilter.ALL);
    }

    /** Writes one object a run that holds influences of whole examples over all layers. */
    static void write(Json json, Map<String, RunFileReader> files, ReportOptions options) {
        json.array();
        files.forEach(
                (name, file) -> {
                    InfluenceSection section = new InfluenceSection(name, file, options.texts());
                    if (!section.recorded.isEmpty() && section.columns.length > 0) {
                        section.write(json);
                    }
                });
        json.endArray();
    }

    private void write(Json json) {
        List<Attribution> whole = attributions(InfluenceBlock.WHOLE);
        json.object().key("run").value(name);
        json.key("form").value(whole.get(0).form().map(form -> form.key()).orElse(""));
        writeCoverage(json, whole.get(0).coverage());
        json.key("trust").object().key("recordings").value(trust.steps().size());
        json.key("median").values(median());
        json.key("pooled").values(figures(trust.pooled())).endObject();
        json.key("responseCount")
                .value(interactions.measuredResponses().size())
                .key("responses")
                .array();
        for (int column : columns) {
            ResponseRow response = axis.get(column);
            json.object().key("probe").value(response.probe());
            json.key("kind").value(response.kind()).endObject();
        }
        json.endArray().key("recordings").array();
        writeRecordings(json);
        json.endArray().key("top").array();
        writeTop(json, whole);
        json.endArray();
        writePrompts(json);
        json.endObject();
    }

    private List<Attribution> attributions(String part) {
        List<ResponseRow> shown = new ArrayList<>();
        for (int column : columns) {
            shown.add(axis.get(column));
        }
        return Attribution.ofEach(file, shown, InfluenceBlock.ALL_LAYERS, part);
    }

    private static void writeCoverage(Json json, Coverage coverage) {
        json.key("coverage").object();
        json.key("recordings").value(coverage.recordings());
        json.key("updates").value(coverage.updates());
        json.key("seen").value(coverage.examplesSeen());
        json.key("known").value(coverage.examplesKnown()).endObject();
    }

    private double[] median() {
        return new double[] {
            trust.median(Trust::spearman),
            trust.median(Trust::slope),
            trust.median(Trust::rSquared),
            trust.median(Trust::remainder)
        };
    }

    private static double[] figures(Trust trust) {
        return new double[] {trust.spearman(), trust.slope(), trust.rSquared(), trust.remainder()};
    }

    private void writeRecordings(Json json) {
        Map<Long, Long> iterations = new HashMap<>();
        for (StepRow step : file.steps()) {
            iterations.put(step.step(), step.iteration());
        }
        Map<Long, Trust> trusts = new HashMap<>();
        trust.steps().forEach(at -> trusts.put(at.step(), at.trust()));
        for (int at : Sampling.even(recorded.size(), drawnRecordings(), List.of())) {
            long step = recorded.get(at);
            json.object().key("iteration").value(iterations.getOrDefault(step, step));
            json.key("trust");
            json.values(figures(trusts.getOrDefault(step, Trust.of(new double[0], new double[0]))));
            writeMatrix(json, RowFilter.ALL.steps(step, step));
            writeChanges(json, RowFilter.ALL.steps(step, step));
            json.endObject();
        }
    }

    /** As many recordings as fit, by the size of the first one's batch. */
    private int drawnRecordings() {
        RowFilter first = RowFilter.ALL.steps(recorded.get(0), recorded.get(0));
        long examples =
                interactions.residuals(first).stream()
                        .mapToInt(ResidualRow::position)
                        .distinct()
                        .count();
        long values = Math.max(1, examples) * columns.length;
        return (int) Math.max(2, Math.min(MAX_RECORDINGS, MAX_VALUES / values));
    }

    private void writeMatrix(Json json, RowFilter step) {
        Map<Integer, Long> examples = new HashMap<>();
        interactions.forEachResidual(step, row -> examples.put(row.position(), row.example()));
        interactions.forEachInfluence(
                step,
                InfluenceBlock.ALL_LAYERS,
                InfluenceBlock.WHOLE,
                block -> {
                    json.key("examples").array();
                    for (int position = 0; position < block.examples(); position++) {
                        long example = examples.getOrDefault(position, -1L);
                        named.add(example);
                        json.value(example);
                    }
                    json.endArray().key("values").array();
                    for (int position = 0; position < block.examples(); position++) {
                        json.values(row(block, position));
                    }
                    json.endArray();
                });
    }

    private double[] row(InfluenceBlock block, int position) {
        double[] values = new double[columns.length];
        for (int c = 0; c < columns.length; c++) {
            values[c] = block.values().get(position, columns[c]);
        }
        return values;
    }

    /** Predicted and actual change of every drawn response, NaN where there is none. */
    private void writeChanges(Json json, RowFilter step) {
        Map<String, ShiftRow> shifts = new HashMap<>();
        interactions.forEachShift(step, row -> shifts.put(row.probe() + " " + row.kind(), row));
        double[] predicted = new double[columns.length];
        double[] actual = new double[columns.length];
        for (int c = 0; c < columns.length; c++) {
            ResponseRow response = axis.get(columns[c]);
            ShiftRow shift = shifts.get(response.probe() + " " + response.kind());
            predicted[c] = shift == null ? Double.NaN : shift.predicted();
            actual[c] = shift == null ? Double.NaN : shift.actual();
        }
        json.key("predicted").values(predicted).key("actual").values(actual);
    }

    private void writeTop(Json json, List<Attribution> whole) {
        List<String> parts = interactions.parts();
        boolean paired = parts.contains(ResidualRow.CHOSEN) && parts.contains(ResidualRow.REJECTED);
        List<Attribution> chosen = paired ? attributions(ResidualRow.CHOSEN) : List.of();
        List<Attribution> rejected = paired ? attributions(ResidualRow.REJECTED) : List.of();
        for (int c = 0; c < columns.length; c++) {
            Map<Long, Double> plus = paired ? totals(chosen.get(c)) : Map.of();
            Map<Long, Double> minus = paired ? totals(rejected.get(c)) : Map.of();
            Attribution attribution = whole.get(c);
            json.object().key("paired").value(paired).key("helpers");
            writeExamples(json, attribution.helpers(TOP, AttributionOrder.OCCURRENCE), plus, minus);
            json.key("harmers");
            writeExamples(json, attribution.harmers(TOP, AttributionOrder.OCCURRENCE), plus, minus);
            json.endObject();
        }
    }

    private static Map<Long, Double> totals(Attribution attribution) {
        Map<Long, Double> totals = new HashMap<>();
        attribution.examples().forEach(e -> totals.put(e.example(), e.total()));
        return totals;
    }

    private void writeExamples(
            Json json,
            List<AttributedExample> examples,
            Map<Long, Double> plus,
            Map<Long, Double> minus) {
        json.array();
        for (AttributedExample example : examples) {
            named.add(example.example());
            json.object().key("id").value(example.example());
            json.key("total").value(example.total());
            json.key("occurrences").value(example.occurrences());
            json.key("each").value(example.perOccurrence());
            json.key("chosen").value(plus.getOrDefault(example.example(), Double.NaN));
            json.key("rejected").value(minus.getOrDefault(example.example(), Double.NaN));
            json.endObject();
        }
        json.endArray();
    }

    private void writePrompts(Json json) {
        json.key("prompts").object();
        if (texts == TextUse.SHOWN) {
            file.forEachExample(
                    row -> {
                        if (named.contains(row.example())) {
                            json.key(Long.toString(row.example())).value(excerpt(row.prompt()));
                        }
                    });
        }
        json.endObject();
    }

    private static String excerpt(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + " […]";
    }
}
