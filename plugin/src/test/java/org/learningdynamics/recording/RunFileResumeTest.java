package org.learningdynamics.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFileResumeTest {
    @TempDir private Path directory;
    private Path path;

    @BeforeEach
    void namePath() throws IOException {
        path = directory.toRealPath().resolve("run.ldyn");
    }

    /** Steps 0 to 2 at iterations 0, 10, 20; metrics of iterations 1 to 25. */
    private void record(RunFileRecorder recorder) {
        for (int iteration = 0; iteration <= 25; iteration++) {
            if (iteration > 0) {
                recorder.record(new Metric(iteration, "loss", iteration));
            }
            if (iteration % 10 == 0) {
                recorder.record(SampleRun.recording(recorder.nextStep(), iteration));
            }
        }
    }

    /** Leaves the files as a killed process would: everything committed, nothing closed. */
    private void recordAndKill() throws IOException {
        Path live = directory.resolve("live.ldyn");
        try (RunFileRecorder recorder = SampleRun.builder(live).build()) {
            record(recorder);
            recorder.flush();
            for (String suffix : List.of("", "-wal", "-shm")) {
                Files.copy(
                        live.resolveSibling("live.ldyn" + suffix),
                        path.resolveSibling("run.ldyn" + suffix),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private List<Long> iterations() {
        return RunFileReader.open(path).steps().stream().map(StepRow::iteration).toList();
    }

    private Event lastEvent() {
        List<Event> events = RunFileReader.open(path).events();
        return events.get(events.size() - 1);
    }

    @Test
    void goesOnAfterTheLastStepOfAClosedRun() {
        try (RunFileRecorder recorder = SampleRun.builder(path).build()) {
            assertEquals(-1, recorder.lastIteration());
            record(recorder);
            assertEquals(20, recorder.lastIteration());
        }
        try (RunFileRecorder recorder = SampleRun.builder(path).build()) {
            assertEquals(20, recorder.lastIteration());
            assertEquals(2, recorder.stats().lastStep());
            assertEquals(3, recorder.nextStep());
            recorder.record(SampleRun.recording(3, 30));
        }
        assertEquals(List.of(0L, 10L, 20L, 30L), iterations());
        assertEquals(25, RunFileReader.open(path).counts().metrics());
        assertEquals(
                new Event(
                        2,
                        Severity.INFO,
                        "resumed",
                        "continued after iteration 20, 0 later rows removed"),
                lastEvent());
    }

    @Test
    void removesMetricsAfterTheLastStepOfAKilledRun() throws IOException {
        recordAndKill();
        try (RunFileRecorder recorder = SampleRun.builder(path).build()) {
            assertEquals(3, recorder.nextStep());
        }
        assertEquals(List.of(0L, 10L, 20L), iterations());
        RunFileReader reader = RunFileReader.open(path);
        assertEquals(20, reader.counts().metrics());
        assertEquals(18, reader.counts().likelihoods());
        assertEquals("continued after iteration 20, 5 later rows removed", lastEvent().message());
        assertTrue(reader.closed());
    }

    @Test
    void readsAKilledRunWithoutRecoveringIt() throws IOException {
        recordAndKill();
        RunFileReader reader = RunFileReader.open(path);
        assertEquals(3, reader.counts().steps());
        assertEquals(25, reader.counts().metrics());
        assertEquals(false, reader.closed());
    }

    @Test
    void knowsAKilledRunWithoutItsLogAsARunFile() throws IOException {
        recordAndKill();
        Files.delete(path.resolveSibling("run.ldyn-wal"));
        Files.delete(path.resolveSibling("run.ldyn-shm"));
        RunFileReader reader = RunFileReader.open(path);
        assertEquals("dpo", reader.header().stage());
        assertEquals(6, reader.responses().size());
        assertEquals(List.of(), reader.steps());
    }

    @Test
    void goesBackToTheIterationThatTrainingContinuesFrom() throws IOException {
        recordAndKill();
        try (RunFileRecorder recorder = SampleRun.builder(path).continueFrom(15).build()) {
            assertEquals(10, recorder.lastIteration());
            assertEquals(2, recorder.nextStep());
            recorder.record(SampleRun.recording(2, 20));
        }
        RunFileReader reader = RunFileReader.open(path);
        assertEquals(List.of(0L, 10L, 20L), iterations());
        assertEquals(15, reader.metrics("loss").size());
        assertEquals(
                SampleRun.recording(2, 20).likelihoods(),
                reader.likelihoods(RowFilter.ALL.steps(2, 2)));
        assertEquals(
                "continued after iteration 10, 32 later rows removed",
                reader.events().get(0).message());
    }

    @Test
    void keepsTheLaterValueOfAMetricRecordedTwice() {
        try (RunFileRecorder recorder = SampleRun.builder(path).build()) {
            recorder.record(new Metric(1, "loss", 1));
            recorder.record(new Metric(1, "loss", 2));
        }
        assertEquals(List.of(new Metric(1, "loss", 2)), RunFileReader.open(path).metrics("loss"));
    }

    @Test
    void startsInAnEmptyFileAndAfterAKillBeforeTheFirstCommit() throws IOException {
        Files.createFile(path);
        SampleRun.builder(path).build().close();
        assertEquals(2, RunFileReader.open(path).probes().size());
    }

    @Test
    void refusesOtherDataAndNamesBothDigests() {
        SampleRun.builder(path).build().close();
        String other = "f".repeat(64);
        assertRefused(
                "data SHA-256 must be the run's "
                        + SampleRun.DATA
                        + " to continue it, got "
                        + other,
                RunFileRecorder.builder(path, SampleRun.header().dataSha256(other).build())
                        .probes(SampleRun.probes())
                        .responses(SampleRun.responses()));
        assertRefused(
                "data SHA-256 must be the run's " + SampleRun.DATA + " to continue it, got (none)",
                RunFileRecorder.builder(path, SampleRun.header().dataSha256("").build()));
    }

    @Test
    void refusesOtherProbesAndNamesBothDigests() {
        SampleRun.builder(path).build().close();
        List<ResponseRow> responses = new ArrayList<>(SampleRun.responses());
        responses.set(0, new ResponseRow(0, "rejected", "another text", 3));
        assertRefused(
                "probes SHA-256 must be the run's "
                        + Digests.ofProbes(SampleRun.probes(), SampleRun.responses())
                        + " to continue it, got "
                        + Digests.ofProbes(SampleRun.probes(), responses),
                SampleRun.builder(path).responses(responses));
        assertRefused(
                "probes SHA-256 must be the run's "
                        + Digests.ofProbes(SampleRun.probes(), SampleRun.responses())
                        + " to continue it, got "
                        + Digests.ofProbes(SampleRun.probes(), List.of()),
                SampleRun.builder(path).responses(List.of()));
    }

    @Test
    void refusesToMixTextsAndDigests() {
        SampleRun.builder(path).build().close();
        assertRefused(
                "texts must be the run's full to continue it, got digest",
                SampleRun.builder(path).texts(Texts.DIGEST));
    }

    private void assertRefused(String problem, RunFileRecorderBuilder builder) {
        RunFileException error = assertThrows(RunFileException.class, builder::build);
        assertEquals(path + ": " + problem, error.getMessage());
    }

    @Test
    void tellsWhichOtherHeaderEntriesDiffer() {
        SampleRun.builder(path).build().close();
        RunHeader other = SampleRun.header().seed(43).entry("extra", "x").build();
        RunFileRecorder.builder(path, other)
                .probes(SampleRun.probes())
                .responses(SampleRun.responses())
                .build()
                .close();
        assertEquals(42, RunFileReader.open(path).header().seed());
        assertEquals(Severity.WARNING, lastEvent().severity());
        assertEquals(
                "continued after iteration -1, 0 later rows removed; the header keeps extra (none)"
                        + " (now x), seed 42 (now 43)",
                lastEvent().message());
    }

    @Test
    void dependsOnNeitherTheOrderOfProbesNorThatOfResponses() {
        List<ProbeRow> probes = new ArrayList<>(SampleRun.probes());
        List<ResponseRow> responses = new ArrayList<>(SampleRun.responses());
        java.util.Collections.reverse(probes);
        java.util.Collections.reverse(responses);
        assertEquals(
                Digests.ofProbes(SampleRun.probes(), SampleRun.responses()),
                Digests.ofProbes(probes, responses));
    }

    @Test
    void takesOverTheLockFileOfAKilledProcess() throws IOException, SQLException {
        Path lock = path.resolveSibling("run.ldyn-lock");
        Files.writeString(lock, "process 1");
        try (RunFileRecorder recorder = SampleRun.builder(path).build()) {
            recorder.record(SampleRun.recording(0, 0));
        }
        assertEquals(false, Files.exists(lock));
        assertEquals("1", PlainSql.text(path, "SELECT count(*) FROM step"));
        assertEquals(Optional.of(SampleRun.step(0, 0)), RunFileReader.open(path).lastStep());
    }
}
