package org.learningdynamics.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Format version 1 stays readable for ever; the expected values are literals on purpose. */
class GoldenFileTest {
    private static final double NAN = Double.NaN;

    @TempDir private Path directory;
    private Path golden;
    private RunFileReader reader;

    @BeforeEach
    void open() throws URISyntaxException {
        golden = Path.of(Objects.requireNonNull(getClass().getResource("version-1.ldyn")).toURI());
        reader = RunFileReader.open(golden);
    }

    @Test
    void isTheFileThatWasReleased() throws IOException, NoSuchAlgorithmException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(golden));
        assertEquals(
                "6572a0a7476795a4a06bc605824bed46e0b18427c2560a6f998cca6c492142f8",
                HexFormat.of().formatHex(digest));
    }

    @Test
    void hasItsHeader() {
        RunHeader header = reader.header();
        assertEquals(1, header.formatVersion());
        assertEquals("run ä", header.run());
        assertEquals("dpo", header.stage());
        assertEquals("0.1.0", header.libraryVersion());
        assertEquals("1.0.0-M2.1", header.dl4jVersion());
        assertEquals("nd4j-native 1.0.0-M2.1", header.backend());
        assertEquals("a JVM 17", header.jvm());
        assertEquals("an OS", header.os());
        assertEquals(42, header.seed());
        assertEquals(Map.of("beta", "0.1", "learningRate", "5.0E-7"), header.configuration());
        assertEquals("0123456789abcdef".repeat(4), header.dataSha256());
        assertEquals(
                "5ce450a080ee449080717c884d041560db73ac85864c91479b34857c22a27e84",
                header.probesSha256());
        assertEquals(Instant.parse("2026-01-02T03:04:05.678Z"), header.createdAt());
        assertEquals(Map.of("git", "abc"), header.entries());
        assertTrue(reader.closed());
    }

    @Test
    void hasItsProbesAndExamples() {
        assertEquals(
                List.of(
                        new ProbeRow(0, "d0", "set", "Wer schläft?"),
                        new ProbeRow(7, "d7", "set", "二?")),
                reader.probes());
        assertEquals(6, reader.responses().size());
        assertEquals(
                new ResponseRow(7, "irr_train", "irr_train <b>'\"\0x", 3),
                reader.responses().get(5));
        assertEquals(List.of("rejected", "chosen", "irr_train"), reader.kinds());
        List<ExampleRow> examples = new ArrayList<>();
        reader.forEachExample(examples::add);
        assertEquals(List.of(new ExampleRow(5, "d5", "İstanbul?")), examples);
    }

    @Test
    void hasItsMeasurements() {
        assertEquals(new RunCounts(2, 6, 1, 2, 2, 7, 13, 4), reader.counts());
        assertEquals(
                List.of(
                        new StepRow(0, 0, 1, 1_700_000_000_000L, 0.69, 1e-3, 2.5, 12.25, 3.5),
                        new StepRow(1, 10, 2, 1_700_000_000_001L, NAN, NAN, NAN, NAN, NAN)),
                reader.steps());
        assertEquals(
                List.of(
                        new LikelihoodRow(
                                1,
                                7,
                                "chosen",
                                NAN,
                                Double.NEGATIVE_INFINITY,
                                -2.5,
                                1,
                                2,
                                3,
                                4,
                                5)),
                reader.likelihoods(RowFilter.ALL.steps(1, 1)));
        assertEquals(
                -0.706, reader.likelihoods(RowFilter.ALL.kind("chosen")).get(1).logProb(), 1e-15);
        List<TokenRow> tokens = new ArrayList<>();
        reader.forEachToken(RowFilter.ALL.probe(7).kind("chosen"), tokens::add);
        assertEquals(
                List.of(
                        new TokenRow(0, 7, "chosen", 0, -0.5, 11),
                        new TokenRow(0, 7, "chosen", 1, -1.5, 12),
                        new TokenRow(1, 7, "chosen", 0, NAN, 9)),
                tokens);
        assertEquals(
                List.of(
                        new Metric(1, "rewards/margins", 0.25),
                        new Metric(2, "rewards/margins", NAN)),
                reader.metrics("rewards/margins"));
    }

    @Test
    void hasItsEvents() {
        assertEquals(
                List.of(
                        new Event(
                                0,
                                Severity.WARNING,
                                "nan",
                                "not a number: metric rewards/margins from iteration 2 on"),
                        new Event(0, Severity.INFO, "note", "a note, 1,5"),
                        new Event(1, Severity.ERROR, "probe_failed", "probe 0 failed"),
                        new Event(
                                1,
                                Severity.WARNING,
                                "nan",
                                "not a number: loss, log_prob of probe 7 chosen, token 0 of probe"
                                        + " 7 chosen")),
                reader.events());
    }

    @Test
    void hasTheTablesAndColumnsOfItsVersion() throws SQLException {
        String columns =
                "SELECT group_concat(t.name || '.' || c.name, ' ') FROM sqlite_master t, "
                        + "pragma_table_info(t.name) c WHERE t.type = 'table'";
        assertEquals(
                "header.key header.value probe.probe probe.digest probe.set_name probe.prompt"
                        + " response.probe response.kind response.text response.tokens"
                        + " example.example example.digest example.prompt"
                        + " step.step step.iteration step.epoch step.time_ms step.loss"
                        + " step.learning_rate step.grad_norm step.step_ms step.overhead_ms"
                        + " metric.iteration metric.name metric.value"
                        + " likelihood.step likelihood.probe likelihood.kind likelihood.log_prob"
                        + " likelihood.argmax_log_prob likelihood.rest_log_prob"
                        + " likelihood.peakiness likelihood.gap likelihood.energy"
                        + " likelihood.entropy likelihood.tokens"
                        + " token.step token.probe token.kind token.position token.log_prob"
                        + " token.argmax"
                        + " event.step event.severity event.code event.message",
                PlainSql.text(golden, columns));
    }

    @Test
    void hasNoInteractions() {
        InteractionReader interactions = reader.interactions();
        assertEquals(InteractionCounts.NONE, reader.counts().interactions());
        assertEquals(List.of(), interactions.residuals(RowFilter.ALL));
        assertEquals(List.of(), interactions.shifts(RowFilter.ALL));
        assertEquals(List.of(), interactions.layers());
        assertEquals(6, interactions.responseAxis().size());
    }

    @Test
    void canBeContinued() throws IOException {
        Path copy = directory.resolve("copy.ldyn");
        Files.copy(golden, copy);
        try (RunFileRecorder recorder = SampleRun.builder(copy).build()) {
            assertEquals(2, recorder.nextStep());
            recorder.record(SampleRun.recording(2, 20));
        }
        assertEquals(3, RunFileReader.open(copy).counts().steps());
    }

    @Test
    void isRaisedToTheLatestVersionWhenContinued() throws IOException {
        Path copy = directory.resolve("copy.ldyn");
        Files.copy(golden, copy);
        try (RunFileRecorder recorder = SampleRun.builder(copy).build()) {
            recorder.record(SampleInteractions.recording(recorder.nextStep(), 20));
            recorder.record(new TokenText(11, "eleven"));
        }
        RunFileReader raised = RunFileReader.open(copy);
        assertEquals(4, raised.header().formatVersion());
        assertEquals(reader.steps(), raised.steps().subList(0, 2));
        assertEquals(List.of(new TokenText(11, "eleven")), GoldenVersion3Test.words(raised));
        assertEquals(
                SampleInteractions.of(2).residuals(),
                raised.interactions().residuals(RowFilter.ALL));
        assertTrue(
                raised.events().stream()
                        .anyMatch(
                                event ->
                                        event.message()
                                                .equals(
                                                        "continued after iteration 10, 0 later rows"
                                                                + " removed, format version raised"
                                                                + " from 1 to 4")));
    }
}
