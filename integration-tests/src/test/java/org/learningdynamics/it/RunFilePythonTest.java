package org.learningdynamics.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.recording.RunFileRecorder;

/** Python's standard library reads run files, finished or not. */
@Timeout(120)
@DisabledOnOs(OS.WINDOWS)
class RunFilePythonTest {
    private static final String SCRIPT =
            """
            import sqlite3, sys
            run = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
            steps = run.execute("SELECT count(*) FROM step").fetchone()[0]
            torn = run.execute(
                "SELECT count(*) FROM (SELECT step FROM likelihood GROUP BY step"
                " HAVING count(*) <> 60)").fetchone()[0]
            mean = run.execute(
                "SELECT avg(log_prob) FROM likelihood WHERE step = 0 AND kind = 'chosen'"
            ).fetchone()[0]
            name = dict(run.execute("SELECT key, value FROM header"))["run"]
            print(name, steps, torn, round(mean, 6))
            """;

    private static final String INFLUENCE_SCRIPT =
            """
            import sqlite3, struct, sys
            run = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
            examples, responses, value = run.execute(
                "SELECT examples, responses, value FROM influence"
                " WHERE step = 2 AND layer = '' AND part = ''").fetchone()
            matrix = struct.unpack("<%df" % (examples * responses), value)
            print(examples, responses, matrix[1], matrix[responses], sum(matrix))
            """;

    @TempDir private Path directory;
    private Path path;

    @BeforeEach
    void needPython() throws Exception {
        path = directory.toRealPath().resolve("run.ldyn");
        assumeTrue(pythonSays("import sqlite3", "").isEmpty(), "python3 with sqlite3 is not here");
    }

    private static String pythonSays(String script, String argument)
            throws IOException, InterruptedException {
        String command = "python3 -c \"$0\" \"$1\"";
        Process process =
                new ProcessBuilder("sh", "-c", command, script, argument)
                        .redirectErrorStream(true)
                        .start();
        byte[] output = process.getInputStream().readAllBytes();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return new String(output, StandardCharsets.UTF_8).strip();
    }

    @Test
    void readsWhileAnotherProcessWrites() throws Exception {
        try (RecordingProcess writer = RecordingProcess.start(path, "endless")) {
            for (int look = 0; look < 3; look++) {
                long flushed = Long.parseLong(writer.await("flushed"));
                String[] words = pythonSays(SCRIPT, path.toString()).split(" ");
                assertEquals("crash", words[0], () -> String.join(" ", words));
                assertTrue(Long.parseLong(words[1]) > flushed);
                assertEquals("0", words[2]);
                assertEquals("-0.0956", words[3]);
            }
        }
    }

    private void recordThreeSteps() {
        try (RunFileRecorder recorder = RecordingProcess.recorder(path)) {
            for (long step = 0; step < 3; step++) {
                RecordingProcess.recordStep(recorder, step);
            }
        }
    }

    @Test
    void readsAnInfluenceMatrix() throws Exception {
        recordThreeSteps();
        assertEquals("2 60 0.5 30.0 3570.0", pythonSays(INFLUENCE_SCRIPT, path.toString()));
    }

    @Test
    void readsAFinishedRun() throws Exception {
        recordThreeSteps();
        assertEquals("crash 3 0 -0.0956", pythonSays(SCRIPT, path.toString()));
    }
}
