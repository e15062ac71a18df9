package org.learningdynamics.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.recording.Cell;
import org.learningdynamics.recording.RunTable;
import org.learningdynamics.recording.RunTableWriter;

/**
 * Makes a run file from the reference's {@code metrics.json}, one object of means over the probes a
 * recording: one probe, of the set {@code mean}. Keys that are no measure become metrics.
 */
final class ReferenceMetricsImport {
    static final String SET_NAME = "mean";

    private final ReferenceOptions options;
    private final RunTableWriter writer;
    private @Nullable ReferenceRun run;
    private Map<String, ReferenceSlot> slots = new LinkedHashMap<>();
    private List<String> keys = List.of();
    private long recordings;

    private ReferenceMetricsImport(ReferenceOptions options, RunTableWriter writer) {
        this.options = options;
        this.writer = writer;
    }

    static Path read(Path file, Path run, ReferenceOptions options) throws IOException {
        String sha256 = FileDigest.sha256(file);
        try (RunTableWriter writer = RunTableWriter.create(run);
                TextLines lines = new TextLines(file)) {
            ReferenceMetricsImport target = new ReferenceMetricsImport(options, writer);
            for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
                String text = line.get();
                RowReader.at(file, lines.number(), () -> target.add(file, sha256, text));
            }
            if (target.recordings == 0) {
                throw new ExchangeException(file + ": must have a line, got none");
            }
            return writer.finish();
        }
    }

    private void add(Path file, String sha256, String line) {
        Map<String, Double> numbers = MetricsLine.parse(line);
        ReferenceRun target = run;
        if (target == null) {
            keys = List.copyOf(numbers.keySet());
            slots = ReferenceKeys.slots(keys, options.sharedRows());
            target = new ReferenceRun(writer, options, new ArrayList<>(slots.values()));
            target.start(file, "METRICS", sha256, List.of(SET_NAME));
            run = target;
        }
        if (!keys.equals(List.copyOf(numbers.keySet()))) {
            throw new IllegalArgumentException(
                    "keys must be those of line 1, got "
                            + Numbers.show(String.join(", ", numbers.keySet())));
        }
        double[] values = new double[slots.size()];
        int next = 0;
        for (String key : slots.keySet()) {
            values[next++] = numbers.getOrDefault(key, Double.NaN);
        }
        target.recording(recordings, values);
        numbers.forEach(this::metric);
        recordings++;
    }

    private void metric(String key, double value) {
        if (!slots.containsKey(key)) {
            writer.add(
                    RunTable.METRIC,
                    List.of(
                            new Cell.Whole(options.iteration(recordings)),
                            new Cell.Text(key),
                            new Cell.Real(value)));
        }
    }
}
