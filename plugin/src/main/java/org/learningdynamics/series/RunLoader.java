package org.learningdynamics.series;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.learningdynamics.recording.Metric;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.StepRow;

/** Loads run files into memory, also while they are being written. */
public final class RunLoader {
    private RunLoader() {}

    /**
     * Loads a run: everything up to the last recording that was committed when the loading began.
     * Takes about 60 bytes a likelihood row.
     *
     * @param path the run file
     * @return the run, under the name of its header
     * @throws org.learningdynamics.recording.RunFileException if the file cannot be read
     */
    public static RecordedRun load(Path path) {
        RunFileReader reader = RunFileReader.open(path);
        List<StepRow> steps = reader.steps();
        List<ResponseRow> responses = reader.responses();
        return new RecordedRun(
                reader.header().run(),
                header(reader.header()),
                reader.probes(),
                responses,
                steps,
                metrics(reader),
                reader.events(),
                likelihoods(reader, steps, responses));
    }

    private static LikelihoodTable likelihoods(
            RunFileReader reader, List<StepRow> steps, List<ResponseRow> responses) {
        List<Long> numbers = steps.stream().map(StepRow::step).toList();
        LikelihoodTable.Builder table = LikelihoodTable.builder(numbers, responses);
        if (!steps.isEmpty()) {
            long last = numbers.get(numbers.size() - 1);
            reader.forEachLikelihood(RowFilter.ALL.steps(0, last), table::add);
        }
        return table.build();
    }

    private static List<MetricSeries> metrics(RunFileReader reader) {
        List<MetricSeries> series = new ArrayList<>();
        for (String name : reader.metricNames()) {
            List<Metric> rows = reader.metrics(name);
            long[] iterations = rows.stream().mapToLong(Metric::iteration).toArray();
            double[] values = rows.stream().mapToDouble(Metric::value).toArray();
            series.add(new MetricSeries(name, iterations, values));
        }
        return series;
    }

    /** Provenance by key. */
    static Map<String, String> header(RunHeader header) {
        Map<String, String> rows = new TreeMap<>(header.entries());
        header.configuration().forEach((key, value) -> rows.put("config." + key, value));
        rows.put("run", header.run());
        rows.put("stage", header.stage());
        rows.put("library_version", header.libraryVersion());
        rows.put("dl4j_version", header.dl4jVersion());
        rows.put("backend", header.backend());
        rows.put("jvm", header.jvm());
        rows.put("os", header.os());
        rows.put("seed", Long.toString(header.seed()));
        rows.put("data_sha256", header.dataSha256());
        rows.put("probes_sha256", header.probesSha256());
        rows.put("format_version", Integer.toString(header.formatVersion()));
        rows.put("created_at", header.createdAt().toString());
        return rows;
    }
}
