package org.learningdynamics.export;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.learningdynamics.recording.Cell;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.RunTable;
import org.learningdynamics.recording.RunTableWriter;
import org.learningdynamics.recording.TableColumn;

/**
 * Writes a run file from files of the reference, which know likelihoods alone: prompts and texts
 * are empty, tokens 0, times 0, and the header names every column that was not measured.
 */
final class ReferenceRun {
    private static final int NAMED = 5;

    private final RunTableWriter writer;
    private final ReferenceOptions options;
    private final List<ReferenceSlot> slots;
    private final Map<String, Set<ReferenceMeasure>> measured = new LinkedHashMap<>();

    /** The slots are what each recording tells of each probe. */
    ReferenceRun(RunTableWriter writer, ReferenceOptions options, List<ReferenceSlot> slots) {
        this.writer = writer;
        this.options = options;
        this.slots = slots;
        for (ReferenceSlot slot : slots) {
            measured.computeIfAbsent(slot.kind(), kind -> EnumSet.noneOf(ReferenceMeasure.class))
                    .add(slot.measure());
        }
    }

    /** Writes header, probes and responses; the digest tells probes of different files apart. */
    void start(Path file, String layout, String sha256, List<String> setNames) {
        String name = file.toAbsolutePath().normalize().getFileName().toString();
        RunHeader.Builder header =
                RunHeader.builder(runName(file, name), options.createdAt())
                        .entry("imported.file", name)
                        .entry("imported.layout", layout)
                        .entry("imported.sha256", sha256)
                        .entry("imported.shared_rows", options.sharedRows().name())
                        .entry("not_measured.step", "loss");
        measured.keySet().forEach(kind -> header.entry(entry(kind), absentColumns(kind)));
        List<ProbeRow> probes = new ArrayList<>();
        List<ResponseRow> responses = new ArrayList<>();
        for (int probe = 0; probe < setNames.size(); probe++) {
            probes.add(new ProbeRow(probe, sha256 + ":" + probe, setNames.get(probe), ""));
            for (String kind : measured.keySet()) {
                responses.add(new ResponseRow(probe, kind, "", 0));
            }
        }
        writer.start(header.build(), probes, responses);
    }

    /**
     * The reference writes every run's files under the same names, each run into its own folder.
     */
    private static String runName(Path file, String name) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        boolean isItsOwn =
                name.equals(ReferenceExport.ARRAY) || name.equals(ReferenceExport.METRICS);
        return isItsOwn && folder != null && folder.getFileName() != null
                ? folder.getFileName().toString()
                : name;
    }

    private static String entry(String kind) {
        return "not_measured.likelihood." + kind;
    }

    private String absentColumns(String kind) {
        return RunTable.LIKELIHOOD.columns().stream()
                .map(TableColumn::name)
                .filter(column -> isMeasure(column) && !isMeasured(kind, column))
                .collect(Collectors.joining(" "));
    }

    private static boolean isMeasure(String column) {
        return !List.of("step", "probe", "kind", "tokens").contains(column);
    }

    private boolean isMeasured(String kind, String column) {
        return measured.getOrDefault(kind, Set.of()).stream()
                .anyMatch(measure -> measure.column().equals(column));
    }

    /** Writes a recording from its values // [probes][slots]. */
    void recording(long step, double[]... values) {
        writer.add(
                RunTable.STEP,
                List.of(
                        new Cell.Whole(step),
                        new Cell.Whole(options.iteration(step)),
                        new Cell.Whole(0),
                        new Cell.Whole(0),
                        Cell.Absent.NOT_MEASURED,
                        Cell.Absent.NOT_MEASURED,
                        Cell.Absent.NOT_MEASURED,
                        Cell.Absent.NOT_MEASURED,
                        Cell.Absent.NOT_MEASURED));
        List<String> nan = new ArrayList<>();
        for (int probe = 0; probe < values.length; probe++) {
            for (String kind : measured.keySet()) {
                writer.add(RunTable.LIKELIHOOD, likelihood(step, probe, kind, values[probe], nan));
            }
        }
        if (!nan.isEmpty()) {
            tell(step, nan);
        }
    }

    private List<Cell> likelihood(
            long step, int probe, String kind, double[] values, List<String> nan) {
        List<Cell> row = new ArrayList<>();
        for (TableColumn column : RunTable.LIKELIHOOD.columns()) {
            switch (column.name()) {
                case "step" -> row.add(new Cell.Whole(step));
                case "probe" -> row.add(new Cell.Whole(probe));
                case "kind" -> row.add(new Cell.Text(kind));
                case "tokens" -> row.add(new Cell.Whole(0));
                default -> row.add(Cell.Absent.NOT_MEASURED);
            }
        }
        for (int i = 0; i < values.length; i++) {
            ReferenceSlot slot = slots.get(i);
            if (slot.kind().equals(kind)) {
                row.set(slot.measure().index(), new Cell.Real(values[i]));
                if (Double.isNaN(values[i])) {
                    nan.add(slot.measure().column() + " of probe " + probe + " " + kind);
                }
            }
        }
        return row;
    }

    private void tell(long step, List<String> nan) {
        String named = String.join(", ", nan.subList(0, Math.min(NAMED, nan.size())));
        String rest = nan.size() > NAMED ? " and " + (nan.size() - NAMED) + " more" : "";
        writer.add(
                RunTable.EVENT,
                List.of(
                        new Cell.Whole(step),
                        new Cell.Text("warning"),
                        new Cell.Text("nan"),
                        new Cell.Text("not a number: " + named + rest)));
    }
}
