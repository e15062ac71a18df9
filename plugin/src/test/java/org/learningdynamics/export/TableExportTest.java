package org.learningdynamics.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileException;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.RunTable;

/** A run as CSV and JSON Lines and back. */
class TableExportTest {
    @TempDir private Path folder;
    private Path run;

    @BeforeEach
    void record() throws IOException {
        folder = folder.toRealPath();
        run = SampleRuns.everything(folder.resolve("run.ldyn"));
    }

    private static Map<String, String> contents(List<Path> files) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        for (Path file : files) {
            String name = file.getFileName().toString();
            Charset charset =
                    name.endsWith(".parquet")
                            ? StandardCharsets.ISO_8859_1
                            : StandardCharsets.UTF_8;
            contents.put(name, Files.readString(file, charset));
        }
        return contents;
    }

    private Path imported(List<Path> files, String name) throws IOException {
        return RunImport.read(files, folder.resolve(name), ReferenceOptions.DEFAULT);
    }

    @ParameterizedTest
    @EnumSource(names = {"CSV", "JSONL", "PARQUET"})
    void exportImportExportGivesTheSameFiles(ExportFormat format) throws IOException {
        List<Path> files = RunExport.write(run, folder.resolve("one"), format);
        assertEquals(RunTable.values().length, files.size());
        Path again = imported(files, "again.ldyn");
        List<Path> second = RunExport.write(again, folder.resolve("two"), format);
        assertEquals(contents(files), contents(second));
    }

    @Test
    void anImportedRunHasTheSameBitsInEveryRow() throws IOException {
        Path again =
                imported(
                        List.of(
                                RunExport.write(run, folder.resolve("x"), ExportFormat.JSONL)
                                        .get(0)
                                        .getParent()),
                        "again.ldyn");
        RunFileReader first = RunFileReader.open(run);
        RunFileReader second = RunFileReader.open(again);
        assertEquals(first.header(), second.header());
        assertEquals(first.steps(), second.steps());
        assertEquals(first.responses(), second.responses());
        assertEquals(first.events(), second.events());
        assertEquals(first.counts(), second.counts());
        assertEquals(first.likelihoods(RowFilter.ALL), second.likelihoods(RowFilter.ALL));
        assertEquals(
                first.interactions().residuals(RowFilter.ALL),
                second.interactions().residuals(RowFilter.ALL));
        assertEquals(rows(first), rows(second));
        assertTrue(second.closed());
    }

    private static List<String> rows(RunFileReader reader) {
        List<String> rows = new ArrayList<>();
        reader.forEachRow(List.of(RunTable.values()), (table, row) -> rows.add(table + " " + row));
        return rows;
    }

    @Test
    void csvTellsNanFromWhatWasNotMeasured() throws IOException {
        Map<String, String> csv =
                contents(RunExport.write(run, folder.resolve("x"), ExportFormat.CSV));
        String[] steps = csv.get("step.csv").split("\r\n", -1);
        assertEquals(
                "step,iteration,epoch,time_ms,loss,learning_rate,grad_norm,step_ms,overhead_ms",
                steps[0]);
        assertEquals("0,0,1,1700000000000,,,2.5,1.0,3.0", steps[1]);
        assertEquals("1,10,1,1700000000000,NaN,0.001,2.5,1.0,3.0", steps[2]);
        assertTrue(csv.get("likelihood.csv").contains(",NaN,-Infinity,Infinity,4.9E-324,"));
        assertTrue(csv.get("influence.csv").contains(",update,1,4,NaN 1.4E-45 -0.1 1.0E30\r\n"));
        assertTrue(csv.get("example.csv").contains("\"a \"\"quoted\"\", text\r\nof 二 lines"));
        assertTrue(csv.get("residual.csv").contains("\r\n0,0,chosen,3,,2.0,NaN,4.0,,5\r\n"));
    }

    @Test
    void jsonLinesAreStrictAndTellNanFromWhatWasNotMeasured() throws IOException {
        Map<String, String> json =
                contents(RunExport.write(run, folder.resolve("x"), ExportFormat.JSONL));
        assertEquals(
                "{\"step\":0,\"iteration\":0,\"epoch\":1,\"time_ms\":1700000000000,\"loss\":null,"
                        + "\"learning_rate\":null,\"grad_norm\":2.5,\"step_ms\":1.0,"
                        + "\"overhead_ms\":3.0}",
                json.get("step.jsonl").lines().findFirst().orElseThrow());
        assertTrue(json.get("step.jsonl").contains("\"loss\":\"NaN\""));
        assertTrue(json.get("influence.jsonl").contains("[\"NaN\",1.4E-45,-0.1,1.0E30]"));
    }

    @Test
    void theDefaultLocaleChangesNothing() throws IOException {
        Map<String, String> before =
                contents(RunExport.write(run, folder.resolve("a"), ExportFormat.CSV));
        Locale locale = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertEquals(
                    before, contents(RunExport.write(run, folder.resolve("b"), ExportFormat.CSV)));
            imported(List.of(folder.resolve("b")), "b.ldyn");
        } finally {
            Locale.setDefault(locale);
        }
    }

    @Test
    void refusesAFolderThatExistsAndLeavesNothingAfterAFailure() throws IOException {
        Path out = Files.createDirectory(folder.resolve("out"));
        assertThrows(
                FileAlreadyExistsException.class,
                () -> RunExport.write(run, out, ExportFormat.CSV));
        assertThrows(
                ExchangeException.class,
                () -> RunExport.write(run, folder.resolve("ref"), ExportFormat.REFERENCE));
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(out, run), left.sorted().toList());
        }
    }

    @Test
    void refusesARunFileThatExistsAndLeavesNothingAfterAFailure() throws IOException {
        List<Path> files = RunExport.write(run, folder.resolve("x"), ExportFormat.CSV);
        assertTrue(
                assertThrows(RunFileException.class, () -> imported(files, "run.ldyn"))
                        .getMessage()
                        .contains("must be a new one"));
        Files.writeString(folder.resolve("x/step.csv"), "no table\r\n");
        assertThrows(ExchangeException.class, () -> imported(files, "new.ldyn"));
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(run, folder.resolve("x")), left.sorted().toList());
        }
    }

    @Test
    void aFileWithoutItsHeaderIsRefused() throws IOException {
        List<Path> files = RunExport.write(run, folder.resolve("x"), ExportFormat.CSV);
        List<Path> rest = files.stream().filter(f -> !f.endsWith("header.csv")).toList();
        assertTrue(
                assertThrows(ExchangeException.class, () -> imported(rest, "a.ldyn"))
                        .getMessage()
                        .startsWith(
                                "files must contain header.csv, header.jsonl or header.parquet, got ["));
    }
}
