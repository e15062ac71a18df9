package org.learningdynamics.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.recording.RunFileException;

class TerminalWatchTest {
    private static final InstantSource CLOCK =
            InstantSource.fixed(LiveRunFile.BEGIN.plusSeconds(10));

    @TempDir private Path folder;
    private final AtomicLong nanos = new AtomicLong(5);
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private Path run;

    @BeforeEach
    void nameRun() throws Exception {
        run = folder.toRealPath().resolve("run.ldyn");
    }

    private TerminalWatch watch(TerminalWatch.Style style) {
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        return new TerminalWatch(
                run, out, style, () -> new TerminalSize(100, 20), CLOCK, nanos::get);
    }

    private boolean look(TerminalWatch watch) {
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        return watch.look();
    }

    /** What was written since the last call. */
    private String written() {
        String text = bytes.toString(StandardCharsets.UTF_8);
        bytes.reset();
        return text;
    }

    @Test
    void writesALineForEachRecordingUntilTheRunIsClosed() {
        try (TerminalWatch watch = watch(TerminalWatch.Style.LINES)) {
            assertTrue(look(watch));
            assertTrue(look(watch));
            assertEquals("waiting for " + run + System.lineSeparator(), written());
            try (LiveRunFile file = LiveRunFile.open(run, "live")) {
                file.record().record();
                assertTrue(look(watch));
                String text = written();
                assertTrue(text.startsWith("live, started 2026-01-02T03:04:05Z"), text);
                assertTrue(
                        text.contains(
                                "iteration 10, 10.00 steps/s, loss 0.100; chosen -38.75 (+1.00),"
                                        + " rejected -51.75 (-2.00)"),
                        text);
                assertTrue(look(watch));
                assertEquals("", written());
                file.record();
                assertTrue(look(watch));
                assertTrue(written().startsWith("iteration 20, "));
            }
            assertFalse(look(watch));
            assertEquals("finished at iteration 20" + System.lineSeparator(), written());
        }
    }

    @Test
    void noticesARunThatTakesTheFilesPlace() throws Exception {
        try (TerminalWatch watch = watch(TerminalWatch.Style.LINES)) {
            try (LiveRunFile file = LiveRunFile.open(run, "first")) {
                file.record().record();
                look(watch);
            }
            Files.delete(run);
            assertTrue(look(watch));
            written();
            try (LiveRunFile file =
                    LiveRunFile.open(run, "second", LiveRunFile.BEGIN.plusSeconds(60))) {
                file.record();
                assertTrue(look(watch));
            }
            String text = written();
            assertTrue(text.startsWith("second, started 2026-01-02T03:05:05Z"), text);
            assertTrue(text.contains("iteration 0"), text);
        }
    }

    @Test
    void drawsFramesInPlaceAndGivesTheTerminalBack() {
        TerminalWatch watch = watch(TerminalWatch.Style.SCREEN);
        look(watch);
        assertEquals(
                "\u001b[?1049h\u001b[?25l\u001b[Hwaiting for " + run + "\u001b[K\u001b[J",
                written());
        try (LiveRunFile file = LiveRunFile.open(run, "live")) {
            file.record().record();
            assertTrue(look(watch));
        }
        String frame = written();
        assertTrue(frame.startsWith("\u001b[Hlive (dpo): being written, "), frame);
        assertTrue(frame.endsWith("\u001b[K\u001b[J"), frame);
        assertFalse(frame.contains("\u001b[2J"), "clearing the whole screen would flicker");
        watch.close();
        String end = written();
        assertTrue(end.startsWith("\u001b[?25h\u001b[?1049llive (dpo): "), end);
        watch.close();
        look(watch);
        assertEquals("", written());
    }

    @Test
    void givesAFileThatIsBegunTimeToBecomeARunFile() throws Exception {
        Files.writeString(run, "not a database, and too long to be one that is begun. ".repeat(99));
        TerminalWatch watch = watch(TerminalWatch.Style.LINES);
        assertTrue(watch.look());
        nanos.addAndGet(Duration.ofSeconds(9).toNanos());
        assertTrue(watch.look());
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        Exception thrown = assertThrows(RunFileException.class, watch::look);
        assertTrue(thrown.getMessage().contains("must be an SQLite database"));
    }

    @Test
    void takesASnapshotAndNeedsTheFileForIt() {
        try (LiveRunFile file = LiveRunFile.open(run, "live")) {
            file.record().record();
            String text = TerminalWatch.snapshot(run, TerminalSize.DEFAULT, CLOCK.instant());
            assertTrue(
                    text.startsWith("live (dpo): being written, last recording 9 s ago\n"), text);
            assertFalse(text.contains("\u001b"));
        }
        Path none = folder.resolve("none.ldyn");
        assertThrows(
                RunFileException.class,
                () -> TerminalWatch.snapshot(none, TerminalSize.DEFAULT, CLOCK.instant()));
    }
}
