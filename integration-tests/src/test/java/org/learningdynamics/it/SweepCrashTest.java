package org.learningdynamics.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.sweep.record.ResultRow;
import org.learningdynamics.sweep.record.SweepFile;

/** A sweep that is killed again and again ends with the results of one that was not. */
@Timeout(120)
class SweepCrashTest {
    @TempDir private Path directory;

    private static void killAfter(Path folder, int candidates) throws Exception {
        try (RecordingProcess process = RecordingProcess.of(SweepProcess.class, folder)) {
            for (int i = 0; i < candidates; i++) {
                process.await("begun");
            }
            process.kill();
        }
    }

    private static Map<Integer, List<Object>> results(SweepFile file) {
        Map<Integer, List<Object>> results = new TreeMap<>();
        for (ResultRow row : file.results()) {
            results.put(
                    row.index(),
                    List.of(file.parameters(row.index()), row.state(), row.scores(), row.runs()));
        }
        return results;
    }

    private static long files(Path folder) throws IOException {
        try (var all = Files.list(folder.resolve("runs"))) {
            return all.count();
        }
    }

    @Test
    void nothingIsLostDoubledOrTrainedAgain() throws Exception {
        Path folder = Files.createDirectory(directory.resolve("killed"));
        int ended = 0;
        for (int kill = 0; kill < 2; kill++) {
            killAfter(folder, 3);
            int now = SweepFile.read(folder).results().size();
            assertTrue(now > ended, "a process that began three candidates must have ended one");
            ended = now;
        }
        List<ResultRow> before = SweepFile.read(folder).results();
        SweepProcess last = new SweepProcess(1);
        SweepFile resumed = SweepProcess.sweep(folder, last);
        assertEquals(SweepProcess.CANDIDATES - ended, last.trained());
        assertEquals(before, resumed.results().subList(0, ended));

        Path whole = Files.createDirectory(directory.resolve("whole"));
        SweepFile undisturbed = SweepProcess.sweep(whole, new SweepProcess(1));
        assertEquals(SweepProcess.CANDIDATES, undisturbed.results().size());
        assertEquals(results(undisturbed), results(resumed));
        assertEquals(files(whole), files(folder));
        for (ResultRow row : resumed.results()) {
            assertTrue(RunFileReader.open(folder.resolve(row.runs().get(0))).closed());
        }
    }
}
