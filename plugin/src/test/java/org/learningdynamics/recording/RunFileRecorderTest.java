package org.learningdynamics.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFileRecorderTest {
    @TempDir private Path directory;
    private Path path;

    @BeforeEach
    void namePath() throws IOException {
        path = directory.toRealPath().resolve("run.ldyn");
    }

    @Test
    void takesRecordingsFromSeveralThreads() throws InterruptedException {
        int threads = 8;
        int each = 50;
        long steps = 400;
        try (RunFileRecorder recorder = SampleRun.builder(path).queueCapacity(40).build()) {
            List<Thread> workers = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                workers.add(new Thread(() -> recordSome(recorder, each)));
            }
            workers.forEach(Thread::start);
            for (Thread worker : workers) {
                worker.join();
            }
            recorder.flush();
            assertEquals(2 * steps, recorder.stats().committed());
            assertEquals(20 * steps, recorder.stats().committedRows());
            assertEquals(steps - 1, recorder.stats().lastStep());
        }
        RunFileReader reader = RunFileReader.open(path);
        assertEquals(steps, reader.counts().steps());
        assertEquals(6 * steps, reader.counts().likelihoods());
        reader.forEachLikelihood(
                RowFilter.ALL,
                row ->
                        assertEquals(
                                SampleRun.likelihood(row.step(), row.probe(), row.kind()), row));
        assertEquals(steps, reader.counts().metrics());
    }

    private static void recordSome(RunFileRecorder recorder, int count) {
        for (int i = 0; i < count; i++) {
            long step = recorder.nextStep();
            recorder.record(SampleRun.recording(step, step));
            recorder.record(new Metric(step, "loss", i));
        }
    }

    @Test
    void blocksWhileTheQueueIsFullAndLosesNothing() throws SQLException {
        try (RunFileRecorder recorder =
                SampleRun.builder(path).queueCapacity(30).overflow(Overflow.BLOCK).build()) {
            for (int step = 0; step < 200; step++) {
                recorder.record(SampleRun.recording(step, step));
                assertTrue(recorder.stats().queuedRows() <= 30);
            }
        }
        assertEquals(200, RunFileReader.open(path).counts().steps());
        assertEquals("0", PlainSql.text(path, "SELECT count(*) FROM event"));
    }

    @Test
    void dropsAndCountsWhileTheQueueIsFull() throws SQLException {
        RunFileRecorder recorder =
                SampleRun.builder(path).queueCapacity(3).overflow(Overflow.DROP).build();
        try (recorder) {
            try (Connection other = PlainSql.connect(path);
                    Statement statement = other.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
                for (int i = 0; i < 20; i++) {
                    recorder.record(new Metric(i, "loss", i));
                }
                statement.execute("ROLLBACK");
            }
            recorder.flush();
            recorder.record(new Metric(30, "loss", 0));
        }
        RecorderStats stats = recorder.stats();
        assertTrue(stats.dropped() >= 20 - 2 * 3, stats::toString);
        assertEquals(21, stats.dropped() + stats.committed());
        assertEquals(stats.committed(), RunFileReader.open(path).counts().metrics());
        assertEquals(
                List.of(
                        new Event(
                                -1,
                                Severity.WARNING,
                                "lost",
                                stats.dropped() + " measurements dropped and 0 lost")),
                RunFileReader.open(path).events());
    }

    @Test
    void letsInARecordingLargerThanTheQueue() {
        try (RunFileRecorder recorder =
                SampleRun.builder(path).queueCapacity(1).overflow(Overflow.DROP).build()) {
            recorder.record(SampleRun.recording(0, 0));
        }
        assertEquals(6, RunFileReader.open(path).counts().likelihoods());
    }

    @Test
    void countsWhatComesAfterClose() {
        RunFileRecorder recorder = SampleRun.builder(path).build();
        recorder.close();
        recorder.record(new Metric(1, "loss", 1));
        recorder.flush();
        recorder.close();
        assertEquals(1, recorder.stats().dropped());
        assertEquals(0, RunFileReader.open(path).counts().metrics());
    }

    @Test
    void storesARecordingWholeOrNotAtAll() {
        StepRecording good = SampleRun.recording(0, 0);
        List<LikelihoodRow> twice = new ArrayList<>(SampleRun.recording(1, 10).likelihoods());
        twice.add(twice.get(0));
        StepRecording bad = new StepRecording(SampleRun.step(1, 10), twice, List.of(), List.of());
        RunFileRecorder recorder = SampleRun.builder(path).build();
        try (recorder) {
            recorder.record(good);
            recorder.record(bad);
            recorder.record(SampleRun.recording(2, 20));
        }
        assertEquals(1, recorder.stats().lost());
        assertEquals(2, recorder.stats().committed());
        assertTrue(recorder.stats().failure().contains("UNIQUE constraint failed"));
        RunFileReader reader = RunFileReader.open(path);
        assertEquals(new RunCounts(2, 6, 0, 2, 0, 12, 24, 1), reader.counts());
        Event event = reader.events().get(0);
        assertEquals("lost", event.code());
        assertTrue(
                event.message().startsWith("0 measurements dropped and 1 lost; first failure: "),
                event.message());
    }

    @Test
    void keepsTheFirstOfTwoRecordingsWithOneNumber() {
        RunFileRecorder recorder = SampleRun.builder(path).build();
        try (recorder) {
            recorder.record(SampleRun.recording(0, 10));
            recorder.record(SampleRun.recording(0, 20));
        }
        assertEquals(1, recorder.stats().lost());
        assertTrue(recorder.stats().failure().contains("step.step"), recorder.stats()::toString);
        assertEquals(List.of(SampleRun.step(0, 10)), RunFileReader.open(path).steps());
    }

    @Test
    void goesOnAfterAFailedTransactionAndTellsWhatWasLost() throws SQLException {
        RunFileRecorder recorder = SampleRun.builder(path).build();
        try (recorder) {
            PlainSql.execute(path, failing("metric"), failing("token"));
            recorder.record(new Metric(1, "loss", 1));
            recorder.flush();
            recorder.record(SampleRun.recording(0, 0));
            recorder.flush();
            assertEquals(2, recorder.stats().lost());
            assertTrue(
                    recorder.stats().failure().contains("(disk full)"), recorder.stats()::toString);
            PlainSql.execute(path, "DROP TRIGGER full_metric", "DROP TRIGGER full_token");
            recorder.record(new Metric(2, "loss", 2));
            recorder.flush();
            recorder.record(SampleRun.recording(1, 10));
        }
        RunFileReader reader = RunFileReader.open(path);
        assertEquals(new RunCounts(2, 6, 0, 1, 1, 6, 12, 1), reader.counts());
        assertEquals(List.of(new Metric(2, "loss", 2)), reader.metrics("loss"));
        assertEquals(
                "0 measurements dropped and 2 lost; first failure: " + recorder.stats().failure(),
                reader.events().get(0).message());
        assertTrue(reader.closed());
    }

    /** Like a full disk, makes SQLite give up the whole transaction. */
    private static String failing(String table) {
        return "CREATE TRIGGER full_"
                + table
                + " BEFORE INSERT ON "
                + table
                + " BEGIN SELECT RAISE(ROLLBACK, 'disk full'); END";
    }

    @Test
    void losesWhatAnotherProcessLocksOutForTooLong() throws SQLException {
        Duration wait = Duration.ofMillis(50);
        RunFileRecorder recorder = SampleRun.builder(path).lockTimeout(wait).build();
        try (recorder;
                Connection other = PlainSql.connect(path);
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            recorder.record(new Metric(1, "loss", 1));
            recorder.flush();
            statement.execute("ROLLBACK");
        }
        assertEquals(1, recorder.stats().lost());
        assertTrue(recorder.stats().failure().contains("locked"), recorder.stats()::toString);
    }

    @Test
    void noticesThatTheFileIsGone() throws IOException {
        RunFileRecorder recorder = SampleRun.builder(path).build();
        recorder.record(new Metric(1, "loss", 1));
        recorder.flush();
        Files.delete(path);
        recorder.record(new Metric(2, "loss", 2));
        assertTimeoutPreemptively(Duration.ofSeconds(20), recorder::close);
        assertEquals(1, recorder.stats().lost());
        assertEquals(
                "run file was removed or replaced while recording", recorder.stats().failure());
        assertFalse(Files.exists(path));
    }

    @Test
    void leavesACompleteFileWhenAReaderStandsInTheWay() throws SQLException {
        try (Connection other = PlainSql.connect(path)) {
            Duration wait = Duration.ofMillis(50);
            try (RunFileRecorder recorder = SampleRun.builder(path).lockTimeout(wait).build()) {
                recorder.record(SampleRun.recording(0, 0));
                recorder.flush();
                try (Statement statement = other.createStatement()) {
                    statement.executeQuery("SELECT * FROM likelihood").close();
                }
            }
            assertEquals(6, RunFileReader.open(path).counts().likelihoods());
        }
        assertTrue(RunFileReader.open(path).closed());
    }

    @Test
    void keepsTheInterruptOfTheRecordingThread() {
        RunFileRecorder recorder = SampleRun.builder(path).build();
        Thread.currentThread().interrupt();
        recorder.record(new Metric(1, "loss", 1));
        assertTrue(Thread.interrupted());
        assertEquals(1, recorder.stats().dropped());
        Thread.currentThread().interrupt();
        recorder.close();
        assertTrue(Thread.interrupted());
        assertTrue(RunFileReader.open(path).closed());
    }

    @Test
    void isCollectedByTheTestDoubleToo() {
        CollectingRecorder recorder = new CollectingRecorder();
        recorder.record(SampleRun.recording(recorder.nextStep(), 4));
        recorder.record(new Metric(1, "loss", 1));
        recorder.close();
        assertEquals(1, recorder.nextStep());
        assertEquals(4, recorder.lastIteration());
        assertEquals(List.of(SampleRun.recording(0, 4)), recorder.steps());
        assertEquals(List.of(new Metric(1, "loss", 1)), recorder.metrics());
        assertThrows(IllegalStateException.class, () -> recorder.record(new Metric(2, "loss", 1)));
    }
}
