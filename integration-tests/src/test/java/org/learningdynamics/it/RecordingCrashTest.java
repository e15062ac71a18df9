package org.learningdynamics.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileException;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.recording.StepRow;

/** What a run file holds after its process was killed, forgot to close it or ran out of disk. */
@Timeout(180)
class RecordingCrashTest {
    @TempDir private Path directory;
    private Path path;

    @BeforeEach
    void namePath() throws IOException {
        path = directory.toRealPath().resolve("run.ldyn");
    }

    @Test
    void keepsCommittedStepsWholeAndResumesAfterEveryKill() throws Exception {
        long atLeast = -1;
        for (int kill = 0; kill < 3; kill++) {
            try (RecordingProcess writer = RecordingProcess.start(path, "endless")) {
                writer.await("started");
                writer.await("flushed");
                atLeast = Long.parseLong(writer.await("flushed"));
                Thread.sleep(37L * kill);
                writer.kill();
            }
            RunFileReader reader = RunFileReader.open(path);
            assertFalse(reader.closed());
            assertTrue(lastStep(reader) >= atLeast, "what was flushed must survive");
            assertStepsAreWhole(reader);
        }
        long next = resumeAndClose();
        assertTrue(next > atLeast);
        RunFileReader reader = RunFileReader.open(path);
        assertStepsAreWhole(reader);
        assertEquals(next, lastStep(reader));
        assertEquals(next * RecordingProcess.ITERATIONS_A_STEP, reader.counts().metrics());
        assertEquals(3, reader.events().stream().filter(e -> e.code().equals("resumed")).count());
        reader.requireSound();
        assertOnlyTheRunFileIsLeft();
    }

    private long resumeAndClose() {
        try (RunFileRecorder recorder = RecordingProcess.recorder(path)) {
            long next = recorder.nextStep();
            assertEquals((next - 1) * RecordingProcess.ITERATIONS_A_STEP, recorder.lastIteration());
            RecordingProcess.recordStep(recorder, next);
            return next;
        }
    }

    private static long lastStep(RunFileReader reader) {
        return reader.lastStep().orElseThrow().step();
    }

    private static void assertStepsAreWhole(RunFileReader reader) {
        List<Long> steps = reader.steps().stream().map(StepRow::step).toList();
        List<Long> expected = LongStream.range(0, steps.size()).boxed().toList();
        assertEquals(expected, steps);
        Map<Long, Integer> rows = new HashMap<>();
        reader.forEachLikelihood(
                RowFilter.ALL,
                row -> {
                    rows.merge(row.step(), 1, Integer::sum);
                    assertEquals(
                            -RecordingProcess.value(row.step(), row.probe(), row.kind()),
                            row.logProb());
                });
        assertEquals(
                expected.stream().collect(Collectors.toMap(s -> s, s -> RecordingProcess.ROWS)),
                rows);
    }

    private void assertOnlyTheRunFileIsLeft() throws IOException {
        try (Stream<Path> files = Files.list(path.getParent())) {
            assertEquals(List.of(path), files.toList());
        }
    }

    @Test
    void refusesASecondProcess() throws Exception {
        try (RecordingProcess writer = RecordingProcess.start(path, "endless")) {
            writer.await("flushed");
            RunFileException error =
                    assertThrows(RunFileException.class, () -> RecordingProcess.recorder(path));
            assertEquals(
                    path
                            + ": run file must have one writer, is being written by process "
                            + writer.pid(),
                    error.getMessage());
            writer.await("flushed");
            writer.kill();
        }
        RecordingProcess.recorder(path).close();
        assertTrue(RunFileReader.open(path).closed());
    }

    @Test
    void closesAForgottenRecorderWhenTheProcessEnds() throws Exception {
        try (RecordingProcess writer = RecordingProcess.start(path, "forget")) {
            writer.await("flushed");
            assertEquals(0, writer.exitCode());
        }
        RunFileReader reader = RunFileReader.open(path);
        assertTrue(reader.closed());
        assertEquals(50, lastStep(reader));
        assertStepsAreWhole(reader);
        assertOnlyTheRunFileIsLeft();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void survivesAFullDisk() throws Exception {
        String limit = "ulimit -f 3000; exec \"$@\"";
        try (RecordingProcess writer =
                RecordingProcess.start(path, "until-lost", "bash", "-c", limit, "limited")) {
            long last = Long.parseLong(writer.await("last"));
            String failure = writer.await("failure");
            assertEquals(0, writer.exitCode());
            assertTrue(
                    failure.contains("SQLITE_FULL") || failure.contains("SQLITE_IOERR"), failure);
            RunFileReader reader = RunFileReader.open(path);
            assertEquals(last, lastStep(reader));
            assertStepsAreWhole(reader);
        }
        resumeAndClose();
        RunFileReader.open(path).requireSound();
        assertOnlyTheRunFileIsLeft();
    }
}
