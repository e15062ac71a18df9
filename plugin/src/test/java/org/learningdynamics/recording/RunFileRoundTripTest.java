package org.learningdynamics.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunFileRoundTripTest {
    @TempDir private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"tr-TR", "de-DE", "ar-EG"})
    void returnsWhatWasRecordedInEveryLocale(String locale) throws IOException {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag(locale));
        try {
            RunFileReader reader = RunFileReader.open(writeSampleRun());
            assertSampleHeader(reader.header());
            assertSampleRows(reader);
        } finally {
            Locale.setDefault(before);
        }
    }

    private static void assertSampleHeader(RunHeader header) {
        RunHeader given = SampleRun.header().build();
        String probes = Digests.ofProbes(SampleRun.probes(), SampleRun.responses());
        assertEquals(given.withProbes(probes), header);
        assertEquals(4, header.formatVersion());
        assertEquals("0.1", header.configuration().get("beta"));
        assertEquals("abc", header.entries().get("git"));
    }

    private static void assertSampleRows(RunFileReader reader) {
        assertTrue(reader.closed());
        assertEquals(SampleRun.probes(), reader.probes());
        assertEquals(SampleRun.responses(), reader.responses());
        assertEquals(SampleRun.KINDS, reader.kinds());
        assertEquals(List.of(SampleRun.step(0, 0), SampleRun.step(1, 10)), reader.steps());
        assertEquals(Optional.of(SampleRun.step(1, 10)), reader.lastStep());
        List<LikelihoodRow> likelihoods = new ArrayList<>(SampleRun.recording(0, 0).likelihoods());
        likelihoods.addAll(SampleRun.recording(1, 10).likelihoods());
        assertEquals(likelihoods, reader.likelihoods(RowFilter.ALL));
        List<TokenRow> tokens = new ArrayList<>();
        reader.forEachToken(RowFilter.ALL.steps(1, 1), tokens::add);
        assertEquals(SampleRun.recording(1, 10).tokens(), tokens);
        List<DistributionRow> distributions = new ArrayList<>();
        reader.forEachDistribution(RowFilter.ALL.probe(7).steps(1, 1), distributions::add);
        assertEquals(SampleRun.distributions(1), distributions);
        List<ExampleRow> examples = new ArrayList<>();
        reader.forEachExample(examples::add);
        assertEquals(List.of(new ExampleRow(5, "d", "İstanbul?")), examples);
        assertEquals(List.of("loss", "rewards/margins"), reader.metricNames());
        assertEquals(
                List.of(new Metric(1, "loss", 0.1 + 0.2), new Metric(2, "loss", -1e-310)),
                reader.metrics("loss"));
        assertEquals(List.of(new Event(1, Severity.INFO, "note", "İ ı 1,5")), reader.events());
        assertEquals(new RunCounts(2, 6, 1, 2, 3, 12, 24, 1), reader.counts());
    }

    private Path writeSampleRun() {
        Path path = directory.resolve("a?b #c%20 ü.ldyn");
        try (RunFileRecorder recorder = SampleRun.builder(path).build()) {
            assertEquals(0, recorder.nextStep());
            assertEquals(1, recorder.nextStep());
            recorder.record(SampleRun.recording(0, 0));
            recorder.record(new Metric(2, "loss", -1e-310));
            recorder.record(new Metric(1, "loss", 0.1 + 0.2));
            recorder.record(new Metric(1, "rewards/margins", 0));
            recorder.record(new ExampleRow(5, "d", "İstanbul?"));
            recorder.record(SampleRun.recording(1, 10));
            recorder.record(new Event(1, Severity.INFO, "note", "İ ı 1,5"));
        }
        return path;
    }

    @Test
    void leavesOneFileAfterClose() throws IOException {
        Path path = writeSampleRun();
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(List.of(path), files.toList());
        }
    }

    @Test
    void filtersByStepKindAndProbe() {
        RunFileReader reader = RunFileReader.open(writeSampleRun());
        RowFilter filter = RowFilter.ALL.steps(1, 9).kind("chosen").kind("rejected").probe(7);
        assertEquals(
                List.of(
                        SampleRun.likelihood(1, 7, "chosen"),
                        SampleRun.likelihood(1, 7, "rejected")),
                reader.likelihoods(filter));
        assertEquals(List.of(), reader.likelihoods(RowFilter.ALL.kind("absent")));
    }

    @Test
    void keepsDigestsInPlaceOfTextsWhenAsked() throws IOException {
        Path path = directory.resolve("run.ldyn");
        try (RunFileRecorder recorder = SampleRun.builder(path).texts(Texts.DIGEST).build()) {
            recorder.record(new ExampleRow(1, "d", "secret prompt"));
        }
        RunFileReader reader = RunFileReader.open(path);
        String digest = Digests.sha256("Wer schläft?");
        assertEquals(64, digest.length());
        assertEquals("sha256:" + digest, reader.probes().get(0).prompt());
        assertTrue(reader.responses().get(0).text().startsWith("sha256:"));
        String bytes = Files.readString(path, java.nio.charset.StandardCharsets.ISO_8859_1);
        assertFalse(bytes.contains("secret prompt"));
        assertFalse(bytes.contains("Wer schl"));
        assertTrue(bytes.contains("sha256:" + Digests.sha256("secret prompt")));
    }

    @Test
    void isReadableWhileBeingWritten() {
        Path path = directory.resolve("run.ldyn");
        try (RunFileRecorder recorder = SampleRun.builder(path).build()) {
            recorder.record(SampleRun.recording(recorder.nextStep(), 0));
            recorder.flush();
            RunFileReader reader = RunFileReader.open(path);
            assertFalse(reader.closed());
            assertEquals(6, reader.counts().likelihoods());
            recorder.record(SampleRun.recording(recorder.nextStep(), 10));
            recorder.flush();
            assertEquals(12, reader.counts().likelihoods());
        }
        assertTrue(RunFileReader.open(path).closed());
    }
}
