package org.learningdynamics.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.recording.Cell;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.RunTable;

/**
 * Writes a run file as files that other tools read. Works while the run is being written: all files
 * tell of one state of it. Tables without rows leave no file. Memory: one row of a table, except
 * for the different texts of array files and one recording of the reference's files. Time: one pass
 * over the run file.
 */
public final class RunExport {
    /** Tables of texts, which array files do not hold. */
    private static final Set<RunTable> TEXTS =
            EnumSet.of(
                    RunTable.HEADER,
                    RunTable.PROBE,
                    RunTable.RESPONSE,
                    RunTable.EXAMPLE,
                    RunTable.EXAMPLE_RESPONSE,
                    RunTable.VOCABULARY,
                    RunTable.EVENT);

    private RunExport() {}

    /**
     * Exports a run.
     *
     * @param run the run file
     * @param folder gets the files; must not exist, and exists after a failure as little as before
     * @param format what to write
     * @return the files, sorted
     * @throws IOException if the files cannot be written or the folder exists
     * @throws ExchangeException if the run cannot be told in this format
     * @throws org.learningdynamics.recording.RunFileException if the run file cannot be read
     */
    public static List<Path> write(Path run, Path folder, ExportFormat format) throws IOException {
        if (format == ExportFormat.PARQUET) {
            ParquetLibrary.require();
        }
        RunFileReader reader = RunFileReader.open(run);
        try (NewFolder files = NewFolder.beside(folder)) {
            if (format == ExportFormat.REFERENCE) {
                ReferenceExport.write(reader, files.path());
            } else {
                tables(reader, files.path(), format);
            }
            return files.publish();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void tables(RunFileReader reader, Path folder, ExportFormat format)
            throws IOException {
        try (Sinks sinks = new Sinks(folder, format)) {
            reader.forEachRow(List.of(RunTable.values()), sinks::row);
        }
    }

    /** The sink of the table whose rows come now. */
    private static final class Sinks implements AutoCloseable {
        private final Path folder;
        private final ExportFormat format;
        private @Nullable RunTable table;
        private @Nullable TableSink sink;

        Sinks(Path folder, ExportFormat format) {
            this.folder = folder;
            this.format = format;
        }

        void row(RunTable next, List<Cell> row) {
            try {
                of(next).row(row);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private TableSink of(RunTable next) throws IOException {
            if (sink == null || table != next) {
                close();
                table = next;
                sink = open(next);
            }
            return sink;
        }

        private TableSink open(RunTable next) throws IOException {
            if (format == ExportFormat.CSV) {
                return new CsvSink(folder, next);
            }
            if (format == ExportFormat.PARQUET) {
                return new ParquetSink(folder, next);
            }
            boolean array = format == ExportFormat.NPY && !TEXTS.contains(next);
            return array ? new NpySink(folder, next) : new JsonSink(folder, next);
        }

        @Override
        public void close() throws IOException {
            if (sink != null) {
                TableSink open = sink;
                sink = null;
                open.close();
            }
        }
    }
}
