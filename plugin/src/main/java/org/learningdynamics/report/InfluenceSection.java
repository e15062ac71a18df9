package org.learningdynamics.report;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.learningdynamics.recording.InfluenceBlock;
import org.learningdynamics.recording.ResidualRow;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.StepRow;
import org.learningdynamics.series.Attribution;
import org.learningdynamics.series.Coverage;
import org.learningdynamics.series.Trust;
import org.learningdynamics.series.TrustSeries;

/**
 * Which example moved which response: of each run with influences, or with sums over checkpoints,
 * the batches at the recordings that are drawn, what the layers and the kernel did there, predicted
 * and actual changes, and the examples that did most to each response over all recordings.
 * Responses, recordings and examples of a batch are thinned for drawing; trust, residuals, kernel
 * and attribution rest on every recorded row.
 */
final class InfluenceSection {
    static final int MAX_RECORDINGS = 40;
    static final int MAX_VALUES = 400_000;

    private final String name;
    private final RunFileReader file;
    private final DrawnResponses responses;
    private final TextUse texts;
    private final List<Long> recorded;
    private final TrustSeries trust;

    private InfluenceSection(String name, RunFileReader file, TextUse texts) {
        this.name = name;
        this.file = file;
        this.texts = texts;
        this.responses = DrawnResponses.of(file.interactions());
        this.recorded =
                file.interactions().influenceSteps(InfluenceBlock.ALL_LAYERS, InfluenceBlock.WHOLE);
        this.trust = TrustSeries.of(file, RowFilter.ALL);
    }

    /** Writes one object a run that holds influences of whole examples over all layers. */
    static void write(Json json, Map<String, RunFileReader> files, ReportOptions options) {
        Map<String, RunFileReader> held = new LinkedHashMap<>();
        files.forEach(
                (name, file) -> {
                    if (holdsInfluences(file)) {
                        held.put(name, file);
                    }
                });
        json.array();
        held.forEach(
                (name, file) ->
                        new InfluenceSection(name, file, options.texts())
                                .write(json, MAX_VALUES / held.size()));
        json.endArray();
    }

    private static boolean holdsInfluences(RunFileReader file) {
        return Attribution.isStored(file)
                ? file.counts().interactions().attributions() > 0
                : holdsMatrices(file);
    }

    private static boolean holdsMatrices(RunFileReader file) {
        return !file.interactions()
                        .influenceSteps(InfluenceBlock.ALL_LAYERS, InfluenceBlock.WHOLE)
                        .isEmpty()
                && !file.interactions().measuredResponses().isEmpty();
    }

    private void write(Json json, int values) {
        Map<Long, Long> iterations = iterations();
        InfluenceTop top = new InfluenceTop(file, responses);
        Attribution any = top.any();
        json.object().key("run").value(name);
        json.key("stored").value(Attribution.isStored(file));
        json.key("form").value(any.form().map(form -> form.key()).orElse(""));
        writeCoverage(json, any.coverage());
        writeTrust(json, iterations);
        json.key("responseCount").value(responses.measured());
        json.key("responses");
        responses.write(json, file.probes(), texts);
        json.key("parts").values(file.interactions().parts());
        json.key("layers").values(BatchSection.layers(file.interactions()));
        json.key("residuals");
        ResidualCurves.of(file).write(json, iterations);
        json.key("kernel");
        KernelCurves.of(file).write(json, iterations);
        ExampleTexts named = new ExampleTexts(file, texts);
        writeRecordings(json, iterations, named, values);
        json.key("top");
        top.write(json, named);
        json.key("examples");
        named.write(json);
        json.endObject();
    }

    private Map<Long, Long> iterations() {
        Map<Long, Long> iterations = new HashMap<>();
        for (StepRow step : file.steps()) {
            iterations.put(step.step(), step.iteration());
        }
        return iterations;
    }

    private static void writeCoverage(Json json, Coverage coverage) {
        json.key("coverage").object();
        json.key("recordings").value(coverage.recordings());
        json.key("updates").value(coverage.updates());
        json.key("seen").value(coverage.examplesSeen());
        json.key("known").value(coverage.examplesKnown()).endObject();
    }

    private void writeTrust(Json json, Map<Long, Long> iterations) {
        json.key("trust").object().key("recordings").value(trust.steps().size());
        json.key("median")
                .values(
                        trust.median(Trust::spearman),
                        trust.median(Trust::slope),
                        trust.median(Trust::rSquared),
                        trust.median(Trust::remainder));
        json.key("pooled").values(figures(trust.pooled()));
        json.key("steps").array();
        List<TrustSeries.AtStep> steps = trust.steps();
        for (int t : Sampling.even(steps.size(), PanelSection.MAX_POINTS, List.of())) {
            TrustSeries.AtStep at = steps.get(t);
            json.array().value(iterations.getOrDefault(at.step(), at.step()));
            for (double figure : figures(at.trust())) {
                json.value(figure);
            }
            json.value(at.trust().rows()).endArray();
        }
        json.endArray().endObject();
    }

    private static double[] figures(Trust trust) {
        return new double[] {trust.spearman(), trust.slope(), trust.rSquared(), trust.remainder()};
    }

    private void writeRecordings(
            Json json, Map<Long, Long> iterations, ExampleTexts named, int values) {
        Map<Long, Trust> trusts = new HashMap<>();
        trust.steps().forEach(at -> trusts.put(at.step(), at.trust()));
        Trust unknown = Trust.of(new double[0], new double[0]);
        json.key("recordings").array();
        int drawn = recorded.isEmpty() ? 0 : drawnRecordings(values);
        for (int at : Sampling.even(recorded.size(), drawn, List.of())) {
            long step = recorded.get(at);
            json.object().key("iteration").value(iterations.getOrDefault(step, step));
            json.key("trust").values(figures(trusts.getOrDefault(step, unknown)));
            new BatchSection(file.interactions(), responses, step).write(json, named);
            ChangeSection.write(json, file.interactions(), responses, step);
            json.endObject();
        }
        json.endArray();
    }

    /** As many recordings as fit, by the size of the first one's batch. */
    private int drawnRecordings(int values) {
        RowFilter first = RowFilter.ALL.steps(recorded.get(0), recorded.get(0));
        long examples =
                file.interactions().residuals(first).stream()
                        .mapToInt(ResidualRow::position)
                        .distinct()
                        .count();
        long drawn = Math.max(1, Math.min(examples, BatchSection.MAX_EXAMPLES));
        long matrices = file.interactions().parts().size() + 1L;
        long layers = file.interactions().layers().size();
        long each = responses.count() * (drawn * matrices + layers + 6);
        return (int) Math.max(2, Math.min(MAX_RECORDINGS, values / each));
    }
}
