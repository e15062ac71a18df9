package org.learningdynamics.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.series.RecordedRun;
import org.learningdynamics.series.RunLoader;
import org.learningdynamics.series.RunSequence;
import org.learningdynamics.series.TrustSeries;

/**
 * One self-contained HTML page from run files: findings, curves, influences, single probes,
 * provenance, cost.
 *
 * <p>Statistics are computed here from all rows; the page holds the results, thinned for drawing,
 * and asks nothing of the network. The same files give the same bytes.
 */
public final class Report {
    private Report() {}

    /**
     * Writes the report of run files.
     *
     * @param runs the files; runs that continue others are drawn behind them (see {@link
     *     org.learningdynamics.series.Lineage})
     * @param out the page to write; replaced if it exists
     * @param options what to show
     * @throws IOException if the page cannot be written
     * @throws org.learningdynamics.recording.RunFileException if a file cannot be read
     * @throws IllegalArgumentException if there is no file
     */
    public static void write(List<Path> runs, Path out, ReportOptions options) throws IOException {
        String page = Page.of(data(runs, options));
        Path folder = out.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.writeString(out, page, StandardCharsets.UTF_8);
    }

    /**
     * The report of runs in memory, without influences, which are read from run files alone.
     *
     * @param runs the runs, with different names
     * @param options what to show
     * @return the page
     * @throws IllegalArgumentException if there is no run or two have the same name
     */
    public static String html(List<RecordedRun> runs, ReportOptions options) {
        return Page.of(data(new ReportModel(runs, Map.of()), Map.of(), options));
    }

    /**
     * Loads run files, giving runs of the same name different ones.
     *
     * @param files the run files
     * @return one run a file
     * @throws org.learningdynamics.recording.RunFileException if a file cannot be read
     */
    public static List<RecordedRun> load(List<Path> files) {
        List<RecordedRun> runs = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Path file : files) {
            RecordedRun run = RunLoader.load(file);
            String name = run.name();
            for (int copy = 2; !names.add(name); copy++) {
                name = run.name() + " (" + copy + ")";
            }
            runs.add(run.named(name));
        }
        return runs;
    }

    /** What the page of run files shows, as JSON. */
    static String data(List<Path> runs, ReportOptions options) {
        List<RecordedRun> loaded = load(runs);
        Map<String, RunFileReader> files = new LinkedHashMap<>();
        for (int i = 0; i < runs.size(); i++) {
            files.put(loaded.get(i).name(), RunFileReader.open(runs.get(i)));
        }
        return data(new ReportModel(loaded, trust(files)), files, options);
    }

    private static Map<String, TrustSeries> trust(Map<String, RunFileReader> files) {
        Map<String, TrustSeries> trust = new LinkedHashMap<>();
        files.forEach((run, file) -> trust.put(run, TrustSeries.of(file, RowFilter.ALL)));
        trust.values().removeIf(series -> series.steps().isEmpty());
        return trust;
    }

    private static String data(
            ReportModel model, Map<String, RunFileReader> files, ReportOptions options) {
        Json json = new Json();
        json.object().key("title").value(options.title());
        json.key("kinds").values(model.kinds());
        json.key("first");
        FirstScreen.write(json, model);
        json.key("runs");
        SummarySection.write(json, model.runs());
        json.key("panels").array();
        for (RunSequence sequence : model.sequences()) {
            new PanelSection(model, sequence).write(json);
        }
        json.endArray().key("differences");
        DifferenceSection.write(json, model);
        json.key("accumulated");
        AccumulatedSection.write(json, model);
        json.key("classes");
        ClassSection.write(json, model.runs());
        json.key("metrics");
        MetricSection.write(json, model.runs());
        json.key("influence");
        InfluenceSection.write(json, files, options);
        json.key("probes");
        ProbeSection probes = new ProbeSection(model.sequences(), options);
        probes.write(json);
        json.key("tokens");
        TokenSection.write(json, model.runs(), files, probes.numbers(), options);
        json.key("masses");
        MassSection.write(json, model.sequences(), probes.numbers());
        json.key("provenance");
        ProvenanceSection.writeHeaders(json, model.runs());
        json.key("overhead");
        ProvenanceSection.writeOverhead(json, model.runs());
        json.key("events");
        ProvenanceSection.writeEvents(json, model.runs());
        json.key("eventCount").value(ProvenanceSection.eventCount(model.runs()));
        return json.endObject().toString();
    }
}
