package org.learningdynamics.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.recording.AttributionRow;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.SelfInfluenceRow;

/** A job over checkpoints that is killed goes on where it was and loses and doubles nothing. */
@Timeout(180)
class CheckpointJobCrashTest {
    private static final long BLOCKS = 18;

    @TempDir private Path directory;

    private record Sums(List<AttributionRow> rows, List<SelfInfluenceRow> self) {
        static Sums of(Path file) {
            Sums sums = new Sums(new ArrayList<>(), new ArrayList<>());
            RunFileReader.open(file).interactions().forEachAttribution(sums.rows::add);
            RunFileReader.open(file).interactions().forEachSelfInfluence(sums.self::add);
            return sums;
        }
    }

    private void killAfter(String block, Path file) throws IOException, InterruptedException {
        try (RecordingProcess job =
                RecordingProcess.of(CheckpointJobProcess.class, directory, file)) {
            while (!job.await("done").equals(block)) {
                assertTrue(job.isAlive());
            }
            job.kill();
        }
    }

    @Test
    void equalsTheUndisturbedJobAfterAKill() throws Exception {
        CheckpointJobProcess.train(directory);
        Path whole = directory.resolve("whole.ldyn");
        CheckpointJobProcess.job(directory, at -> {}).run(whole);
        Path killed = directory.resolve("killed.ldyn");
        killAfter("8", killed);
        assertFalse(RunFileReader.open(killed).closed());
        long stored = RunFileReader.open(killed).interactions().scoredBlocks().size();
        assertTrue(stored > 0 && stored < BLOCKS, "stored " + stored);
        List<Long> done = new ArrayList<>();
        CheckpointJobProcess.job(directory, at -> done.add(at.blocksDone())).run(killed);
        assertEquals(stored, done.get(0));
        assertEquals(BLOCKS, done.get(done.size() - 1));
        assertEquals(BLOCKS - stored + 1, done.size());
        assertEquals(Sums.of(whole), Sums.of(killed));
    }
}
