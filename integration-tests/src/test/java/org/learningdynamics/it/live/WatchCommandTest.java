package org.learningdynamics.it.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.samples.cli.Dynamics;

/** {@code dynamics watch} on files that another process writes. */
@Timeout(60)
class WatchCommandTest {
    @TempDir private Path folder;
    private Path run;

    @BeforeEach
    void nameRun() throws Exception {
        run = folder.toRealPath().resolve("run.ldyn");
    }

    /** What a command line prints. */
    private static final class Output {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final ByteArrayOutputStream err = new ByteArrayOutputStream();

        int run(String... args) {
            return Dynamics.execute(stream(out), stream(err), args);
        }

        private static PrintStream stream(ByteArrayOutputStream bytes) {
            return new PrintStream(bytes, true, StandardCharsets.UTF_8);
        }

        String text() {
            return out.toString(StandardCharsets.UTF_8);
        }

        String errors() {
            return err.toString(StandardCharsets.UTF_8);
        }

        void await(String part) throws InterruptedException {
            for (int i = 0; i < 400 && !text().contains(part); i++) {
                Thread.sleep(25);
            }
            assertTrue(text().contains(part), part + " in " + text());
        }
    }

    @Test
    void followsAFileFromBeforeItsBeginningToItsEnd() throws Exception {
        Output output = new Output();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Integer> code =
                    thread.submit(() -> output.run("watch", run.toString(), "--interval", "0.1"));
            output.await("waiting for " + run);
            try (WritingProcess writer = WritingProcess.start(run, "watched")) {
                writer.record(1);
                output.await("iteration 0");
                writer.record(1);
                output.await("iteration 10");
                writer.record(2);
                output.await("iteration 30");
                assertTrue(output.text().contains("chosen -36.45 (+3.00)"), output.text());
                writer.finish();
                assertEquals(0, code.get(20, TimeUnit.SECONDS));
            }
            assertTrue(output.text().endsWith("finished at iteration 30" + System.lineSeparator()));
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void showsARunOnceWhileItIsWritten() throws Exception {
        try (WritingProcess writer = WritingProcess.start(run, "watched")) {
            writer.record(3);
            Output output = new Output();
            assertEquals(0, output.run("watch", run.toString(), "--once"));
            assertTrue(
                    output.text().startsWith("watched (dpo): being written, last"), output.text());
            assertTrue(output.text().contains("\nrejected"), output.text());
        }
    }

    @Test
    void needsARunFileToShowItOnce() throws Exception {
        Output none = new Output();
        assertEquals(3, none.run("watch", run.toString(), "--once"));
        assertTrue(none.errors().contains("run file must exist, found none"), none.errors());
        Files.writeString(run, "no database at all, but it is long enough. ".repeat(99));
        Output wrong = new Output();
        assertEquals(3, wrong.run("watch", run.toString(), "--once"));
        assertEquals(3, new Output().run("serve", run.toString()));
    }

    @Test
    void rejectsIntervalsThatAreNone() {
        Output output = new Output();
        assertEquals(2, output.run("watch", run.toString(), "--interval", "0"));
        assertTrue(
                output.errors().contains("--interval must be in [0.1, 3600] seconds, got 0.0"),
                output.errors());
    }
}
