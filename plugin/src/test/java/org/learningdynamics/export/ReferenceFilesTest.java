package org.learningdynamics.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.series.Alarm;
import org.learningdynamics.series.Alarms;
import org.learningdynamics.series.RunLoader;

/** The files of the paper's reference code, both ways. */
class ReferenceFilesTest {
    private static final ReferenceOptions OF_CHOSEN =
            new ReferenceOptions(SharedRows.OF_CHOSEN, 5, Instant.EPOCH);

    @TempDir private Path folder;

    private Path exported() throws IOException {
        Path run = SampleRuns.reference(folder.resolve("run.ldyn"), 3, 2);
        RunExport.write(run, folder.resolve("out"), ExportFormat.REFERENCE);
        return folder.resolve("out");
    }

    /** Value of row r, recording t, probe n: r + t / 10 + n / 100, with the sign of the layout. */
    private Path array(int rows, boolean normFirst) throws IOException {
        Path file = folder.resolve("logp_npy_all_x.npy");
        try (NpyWriter writer = new NpyWriter(file, NpyType.FLOAT64, rows, 2)) {
            for (int t = 0; t < 3; t++) {
                for (int r = 0; r < rows; r++) {
                    for (int n = 0; n < 2; n++) {
                        // Row 1 of files that begin with a norm is the log-probability of chosen.
                        boolean negative = normFirst ? r == 1 : r == 0;
                        double value = r + 1 + t / 10.0 + n / 100.0;
                        writer.add(r == 3 && t == 1 ? Double.NaN : negative ? -value : value);
                    }
                }
            }
        }
        return file;
    }

    private RunFileReader imported(Path file, ReferenceOptions options) throws IOException {
        Path run = folder.resolve("imported.ldyn");
        Files.deleteIfExists(run);
        return RunFileReader.open(RunImport.read(List.of(file), run, options));
    }

    private static LikelihoodRow row(RunFileReader run, long step, int probe, String kind) {
        return run.likelihoods(RowFilter.ALL.steps(step, step).kind(kind).probe(probe)).get(0);
    }

    /** Columns are the rows of the array, from 1, that hold the measure; 0 where none does. */
    @ParameterizedTest
    @CsvSource({
        "17, true, chosen, 2, 3, 4, 1, 5, 6",
        "17, true, chosen_initial, 0, 0, 0, 7, 0, 0",
        "17, true, random_nonhum, 0, 0, 0, 17, 0, 0",
        "17, false, chosen, 1, 0, 0, 0, 0, 0",
        "17, false, chosen_initial, 7, 0, 0, 0, 0, 0",
        "17, false, random_nonhum, 17, 2, 3, 4, 5, 6",
        "28, false, chosen, 1, 0, 0, 4, 0, 0",
        "28, false, rejected, 13, 0, 0, 14, 0, 0",
        "28, false, random_nonhum, 27, 2, 3, 28, 5, 6",
        "28, true, chosen, 2, 3, 4, 1, 5, 6",
        "28, true, irr_train, 20, 0, 0, 19, 0, 0",
        "28, true, random_nonhum, 28, 0, 0, 27, 0, 0",
    })
    void everyLayoutIsReadRowByRow(
            int rows,
            boolean normFirst,
            String kind,
            int logProb,
            int argmax,
            int rest,
            int norm,
            int gap,
            int energy)
            throws IOException {
        RunFileReader run = imported(array(rows, normFirst), ReferenceOptions.DEFAULT);
        assertEquals(3, run.steps().size());
        assertEquals(6L * ReferenceLayout.KINDS.size(), run.counts().likelihoods());
        LikelihoodRow row = row(run, 2, 1, kind);
        assertEquals(value(logProb), Math.abs(row.logProb()));
        assertEquals(value(argmax), row.argmaxLogProb());
        assertEquals(value(rest), row.restLogProb());
        assertEquals(value(norm), row.peakiness());
        assertEquals(value(gap), row.gap());
        assertEquals(value(energy), row.energy());
        assertTrue(Double.isNaN(row.entropy()));
    }

    private static double value(int row) {
        return row == 0 ? Double.NaN : row + 2 / 10.0 + 1 / 100.0;
    }

    @Test
    void aMeasuredNanHasAnEventAndComesBackAsOne() throws IOException {
        RunFileReader run = imported(array(17, true), ReferenceOptions.DEFAULT);
        assertEquals(
                List.of(
                        "not a number: rest_log_prob of probe 0 chosen, rest_log_prob of probe 1"
                                + " chosen"),
                run.events().stream().map(event -> event.message()).toList());
        RunExport.write(run.path(), folder.resolve("csv"), ExportFormat.CSV);
        String csv = Files.readString(folder.resolve("csv/likelihood.csv"));
        assertTrue(csv.contains("\r\n1,0,chosen,-2.1,3.1,NaN,1.1,5.1,6.1,,0\r\n"), csv);
        assertTrue(csv.contains("\r\n1,0,rejected,,,,10.1,,,,0\r\n"), csv);
        Path again = folder.resolve("again.ldyn");
        RunImport.read(List.of(folder.resolve("csv")), again, ReferenceOptions.DEFAULT);
        RunExport.write(again, folder.resolve("csv2"), ExportFormat.CSV);
        assertEquals(csv, Files.readString(folder.resolve("csv2/likelihood.csv")));
    }

    @Test
    void ourArrayComesBackBitForBit() throws IOException {
        Path out = exported();
        RunFileReader run = imported(out.resolve(ReferenceExport.ARRAY), OF_CHOSEN);
        LikelihoodRow row = row(run, 2, 1, "chosen");
        LikelihoodRow ours = SampleRuns.referenceRow(2, 1, "chosen");
        assertEquals(ours.logProb(), row.logProb());
        assertEquals(ours.argmaxLogProb(), row.argmaxLogProb());
        assertEquals(ours.energy(), row.energy());
        assertEquals(10, run.steps().get(2).iteration());
        RunExport.write(run.path(), folder.resolve("out2"), ExportFormat.REFERENCE);
        for (String name : List.of(ReferenceExport.ARRAY, ReferenceExport.METRICS)) {
            assertArrayEquals(
                    Files.readAllBytes(out.resolve(name)),
                    Files.readAllBytes(folder.resolve("out2").resolve(name)),
                    name);
        }
        assertFalse(Files.exists(folder.resolve("out2").resolve(ReferenceExport.TOKENS)));
    }

    @Test
    void ourMetricsComeBackBitForBit() throws IOException {
        Path out = exported();
        RunFileReader run =
                imported(out.resolve(ReferenceExport.METRICS), ReferenceOptions.DEFAULT);
        assertEquals("mean", run.probes().get(0).setName());
        RunExport.write(run.path(), folder.resolve("out2"), ExportFormat.REFERENCE);
        assertEquals(
                Files.readString(out.resolve(ReferenceExport.METRICS)),
                Files.readString(folder.resolve("out2").resolve(ReferenceExport.METRICS)));
    }

    @Test
    void theLikeliestTokensAreOneLineARecording() throws IOException {
        assertEquals(
                "[[10, 20], [11, 21]]\n".repeat(3),
                Files.readString(exported().resolve(ReferenceExport.TOKENS)));
    }

    private Path metrics(String... lines) throws IOException {
        return Files.writeString(
                folder.resolve("prob_train_metrics.json"), String.join("\n", lines) + "\n");
    }

    @Test
    void bareTokensAndForeignKeysAreRead() throws IOException {
        RunFileReader run =
                imported(
                        metrics(
                                "{\"logps_eval_prob_train/chosen\": -1.5,"
                                        + " \"argmax_prob_logits\": -2,"
                                        + " \"except_argmax_prob_logits\": NaN, \"A_o\": 4e2,"
                                        + " \"logps_eval_prob_train/rejected\": -Infinity,"
                                        + " \"rewards_eval/margins\": 0.25}"),
                        ReferenceOptions.DEFAULT);
        assertEquals(-1.5, row(run, 0, 0, "chosen").logProb());
        assertTrue(Double.isNaN(row(run, 0, 0, "chosen").argmaxLogProb()));
        LikelihoodRow last = row(run, 0, 0, "rejected");
        assertEquals(Double.NEGATIVE_INFINITY, last.logProb());
        assertEquals(-2, last.argmaxLogProb());
        assertEquals(400, last.peakiness());
        assertEquals(0.25, run.metrics("rewards_eval/margins").get(0).value());
        assertTrue(run.events().get(0).message().endsWith("rest_log_prob of probe 0 rejected"));
    }

    @Test
    void aNormAtTheBeginningTellsThatTheRestIsOfChosen() throws IOException {
        RunFileReader run =
                imported(
                        metrics(
                                "{\"chosen_A_o\": 448.5, \"logps_eval_prob_train/chosen\": -132.6,"
                                        + " \"argmax_prob_logits\": -51.5, \"energy\": 0.5,"
                                        + " \"rejected_A_o\": 439.2}"),
                        ReferenceOptions.DEFAULT);
        assertEquals(-51.5, row(run, 0, 0, "chosen").argmaxLogProb());
        assertEquals(439.2, row(run, 0, 0, "rejected").peakiness());
        assertTrue(Double.isNaN(row(run, 0, 0, "rejected").logProb()));
        assertEquals(folder.getFileName().toString(), run.header().run());
        assertEquals("prob_train_metrics.json", run.header().entries().get("imported.file"));
    }

    /** A recording of one kind whose others have norms alone, as some published files are. */
    @Test
    void whatWasNeverMeasuredRaisesNoAlarmAndWhatIsNaNDoes() throws IOException {
        String rest = " \"argmax_prob_logits\": -58.1, \"rejected_A_o\": 253.0}";
        RunFileReader run =
                imported(
                        metrics(
                                "{\"chosen_A_o\": 253.5, \"logps_eval_prob_train/chosen\": -177.1,"
                                        + rest,
                                "{\"chosen_A_o\": 251.5, \"logps_eval_prob_train/chosen\": -177.0,"
                                        + rest),
                        ReferenceOptions.DEFAULT);
        assertEquals(List.of(), nanAlarms(run));
        RunFileReader broken =
                imported(
                        metrics(
                                "{\"chosen_A_o\": 253.5, \"logps_eval_prob_train/chosen\": NaN,"
                                        + rest),
                        ReferenceOptions.DEFAULT);
        assertEquals(1, nanAlarms(broken).size());
    }

    private static List<Alarm> nanAlarms(RunFileReader run) {
        return Alarms.of(RunLoader.load(run.path())).stream()
                .filter(alarm -> alarm.code().equals(Alarm.NAN))
                .toList();
    }

    private String refusal(Path file, ReferenceOptions options) {
        return assertThrows(ExchangeException.class, () -> imported(file, options)).getMessage();
    }

    @Test
    void aLieInMetricsIsNamed() throws IOException {
        String good = "{\"p_e\": 1}";
        String[] bad = {
            "{\"p_e\": nan}", "{\"p_e\": 1", "{\"p_e\": 1} x", "[1]", "{\"q\": 1}",
            "{\"p_e\": 1, \"p_e\": 1}", "{\"p_e\": 1e999}", "{\"p_e\": \"1\"}", "{}", ""
        };
        for (String line : bad) {
            String refusal = refusal(metrics(good, line), ReferenceOptions.DEFAULT);
            assertTrue(refusal.contains("prob_train_metrics.json:2: "), refusal);
            assertTrue(refusal.contains(", got "), refusal);
        }
        assertTrue(
                refusal(Files.writeString(folder.resolve("metrics.json"), ""), OF_CHOSEN)
                        .endsWith("must have a line, got none"));
    }

    @Test
    void rowsOfAnotherKindAreNotTakenForThoseOfChosen() throws IOException {
        Path file = folder.resolve("a.npy");
        try (NpyWriter writer = new NpyWriter(file, NpyType.FLOAT64, 28, 1)) {
            for (int r = 0; r < 28; r++) {
                writer.add(r == 1 ? -90.0 : -80.0);
            }
        }
        assertEquals(1, imported(file, ReferenceOptions.DEFAULT).steps().size());
        String refusal = refusal(file, OF_CHOSEN);
        assertTrue(
                refusal.endsWith(
                        "a.npy: at byte 136: argmax_log_prob of chosen must be >= its log_prob"
                                + " -80.0, got -90.0; the rows are those of another kind"),
                refusal);
    }

    @Test
    void arraysOfOtherShapesAndSignsAreRefused() throws IOException {
        Path file = folder.resolve("a.npy");
        try (NpyWriter writer = new NpyWriter(file, NpyType.FLOAT64, 16, 1)) {
            for (int r = 0; r < 16; r++) {
                writer.add(1.0);
            }
        }
        assertTrue(
                refusal(file, OF_CHOSEN)
                        .endsWith("17 or 28 rows, 1 to 1000000 probes], got [1, 16, 1]"));
        Path mixed = folder.resolve("b.npy");
        try (NpyWriter writer = new NpyWriter(mixed, NpyType.FLOAT64, 17, 2)) {
            for (int i = 0; i < 34; i++) {
                writer.add(i % 2 - 0.5);
            }
        }
        assertTrue(refusal(mixed, OF_CHOSEN).endsWith("(log-probabilities), got both"));
    }
}
