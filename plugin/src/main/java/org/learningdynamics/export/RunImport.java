package org.learningdynamics.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.learningdynamics.recording.RunTable;
import org.learningdynamics.recording.RunTableWriter;

/**
 * Makes a run file from files of other tools: the tables that {@link RunExport} wrote as CSV, JSON
 * Lines or Parquet, or one file of the paper's reference code. Every double is the very number of
 * the file. Memory: one row of a table, one recording of an array.
 */
public final class RunImport {
    private static final String ARRAY = ".npy";
    private static final String METRICS = "metrics.json";

    private RunImport() {}

    /**
     * Imports a run.
     *
     * @param files tables {@code TABLE.csv}, {@code TABLE.jsonl} and {@code TABLE.parquet}, among
     *     them that of the header; or one folder with them alone; or one {@code *.npy} or {@code
     *     *metrics.json} of the reference
     * @param run gets the run file; must not exist, and exists after a failure as little as before
     * @param options what the reference's files do not tell
     * @return the run file's absolute path
     * @throws IOException if a file cannot be read
     * @throws ExchangeException if a file is not what it has to be; names file and line or byte,
     *     rule and value
     * @throws org.learningdynamics.recording.RunFileException if the run file exists, cannot be
     *     written, or its header is not that of a run
     */
    public static Path read(List<Path> files, Path run, ReferenceOptions options)
            throws IOException {
        List<Path> all = inFolder(files);
        String first = all.isEmpty() ? "" : name(all.get(0));
        if (all.size() == 1 && first.endsWith(ARRAY)) {
            return ReferenceArrayImport.read(all.get(0), run, options);
        }
        if (all.size() == 1 && first.endsWith(METRICS)) {
            return ReferenceMetricsImport.read(all.get(0), run, options);
        }
        return tables(byTable(all), run);
    }

    private static List<Path> inFolder(List<Path> files) throws IOException {
        if (files.size() != 1 || !Files.isDirectory(files.get(0))) {
            return files;
        }
        try (Stream<Path> inside = Files.list(files.get(0))) {
            return inside.sorted().toList();
        }
    }

    private static Map<RunTable, Path> byTable(List<Path> files) {
        Map<RunTable, Path> tables = new EnumMap<>(RunTable.class);
        for (Path file : files) {
            Path before = tables.put(table(file), file);
            if (before != null) {
                throw new ExchangeException(
                        file + ": every table must come from one file, got " + before + " before");
            }
        }
        if (!tables.containsKey(RunTable.HEADER)) {
            throw new ExchangeException(
                    "files must contain header.csv, header.jsonl or header.parquet, got "
                            + names(files));
        }
        return tables;
    }

    private static List<String> names(List<Path> files) {
        List<String> names = new ArrayList<>();
        files.forEach(file -> names.add(name(file)));
        return names;
    }

    private static RunTable table(Path file) {
        String name = name(file);
        String key = name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
        boolean known =
                Stream.of(CsvSink.ENDING, JsonSink.ENDING, ParquetTypes.ENDING)
                        .anyMatch(ending -> name.equals(key + ending));
        return RunTable.ofKey(known ? key : "")
                .orElseThrow(
                        () ->
                                new ExchangeException(
                                        file
                                                + ": name must be that of a table and end in"
                                                + " .csv, .jsonl or .parquet, or be the only"
                                                + " file and end in .npy or metrics.json, got "
                                                + name));
    }

    private static String name(Path file) {
        return file.toAbsolutePath().normalize().getFileName().toString();
    }

    private static Path tables(Map<RunTable, Path> files, Path run) throws IOException {
        try (RunTableWriter writer = RunTableWriter.create(run)) {
            for (Map.Entry<RunTable, Path> entry : files.entrySet()) {
                RunTable table = entry.getKey();
                reader(table, entry.getValue())
                        .read(entry.getValue(), row -> writer.add(table, row));
            }
            return writer.finish();
        }
    }

    private static RowReader reader(RunTable table, Path file) {
        String name = name(file);
        if (name.endsWith(ParquetTypes.ENDING)) {
            ParquetLibrary.require();
            return new ParquetRows(table);
        }
        return name.endsWith(CsvSink.ENDING) ? new CsvRows(table) : new JsonRows(table);
    }
}
