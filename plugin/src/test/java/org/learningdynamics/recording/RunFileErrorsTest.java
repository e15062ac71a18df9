package org.learningdynamics.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class RunFileErrorsTest {
    @TempDir private Path directory;
    private Path path;

    @BeforeEach
    void namePath() throws IOException {
        path = directory.toRealPath().resolve("run.ldyn");
    }

    private void assertProblem(String expected, Executable action) {
        RunFileException error = assertThrows(RunFileException.class, action);
        assertEquals(path + ": " + expected, error.getMessage());
    }

    private void read() {
        RunFileReader.open(path);
    }

    private void write() {
        SampleRun.builder(path).build().close();
    }

    @Test
    void namesAMissingFile() {
        assertProblem("run file must exist, found none", this::read);
        assertFalse(Files.exists(path));
    }

    @Test
    void namesADirectory() throws IOException {
        Files.createDirectory(path);
        assertProblem("run file must be a file, got a directory", this::read);
        assertProblem("run file must be a file, got a directory", this::write);
    }

    @Test
    void namesAMissingParentDirectory() {
        path = path.resolveSibling("absent").resolve("run.ldyn");
        assertProblem("parent directory must exist, got " + path.getParent(), this::write);
    }

    @Test
    void refusesAFileThatIsNoDatabaseAndLeavesItAlone() throws IOException {
        String content = "step,probe\n".repeat(2000);
        Files.writeString(path, content);
        assertProblem("run file must be an SQLite database, got something else", this::read);
        assertProblem("run file must be an SQLite database, got something else", this::write);
        assertEquals(content, Files.readString(path));
        assertFalse(Files.exists(path.resolveSibling("run.ldyn-lock")));
    }

    @Test
    void refusesAnotherProgramsDatabase() throws SQLException {
        PlainSql.execute(path, "CREATE TABLE t(a)");
        String problem =
                "run file must be an SQLite database with application id 1279547726,"
                        + " got application id 0";
        assertProblem(problem, this::read);
        assertProblem(problem, this::write);
        assertEquals("delete", PlainSql.text(path, "PRAGMA journal_mode"));
    }

    @Test
    void refusesALaterFormatVersion() throws SQLException {
        write();
        PlainSql.execute(path, "UPDATE header SET value = '7' WHERE key = 'format_version'");
        assertProblem("format version must be 1 to 4 for this library, got 7", this::read);
        assertProblem("format version must be 1 to 4 for this library, got 7", this::write);
    }

    @Test
    void refusesAHeaderThatMakesNoSense() throws SQLException {
        write();
        PlainSql.execute(path, "UPDATE header SET value = 'soon' WHERE key = 'created_at'");
        assertProblem(
                "header must be valid: Text 'soon' could not be parsed at index 0", this::read);
        PlainSql.execute(path, "UPDATE header SET value = 'one' WHERE key = 'format_version'");
        assertProblem("format version must be a number, got one", this::read);
    }

    @Test
    void refusesATruncatedFile() throws IOException {
        writeManySteps();
        byte[] bytes = Files.readAllBytes(path);
        Files.write(path, Arrays.copyOf(bytes, bytes.length / 2));
        for (Executable action : List.<Executable>of(this::read, this::write)) {
            RunFileException error = assertThrows(RunFileException.class, action);
            assertTrue(
                    error.getMessage().startsWith(path + ": is damaged or truncated ("),
                    error.getMessage());
        }
    }

    @Test
    void findsADamagedPage() throws IOException {
        writeManySteps();
        byte[] bytes = Files.readAllBytes(path);
        int page = bytes.length / 2 / RunFormat.PAGE_BYTES * RunFormat.PAGE_BYTES;
        Arrays.fill(bytes, page, page + RunFormat.PAGE_BYTES, (byte) 0x5a);
        Files.write(path, bytes);
        RunFileReader reader = RunFileReader.open(path);
        for (Executable action : List.<Executable>of(reader::requireSound, this::write)) {
            RunFileException error = assertThrows(RunFileException.class, action);
            assertTrue(
                    error.getMessage().startsWith(path + ": is damaged or truncated ("),
                    error.getMessage());
        }
    }

    private void writeManySteps() {
        try (RunFileRecorder recorder = SampleRun.builder(path).build()) {
            for (int step = 0; step < 300; step++) {
                recorder.record(SampleRun.recording(step, step));
            }
        }
        RunFileReader.open(path).requireSound();
    }

    @Test
    void refusesASecondWriter() {
        try (RunFileRecorder first = SampleRun.builder(path).build()) {
            assertProblem(
                    "run file must have one writer, got a second in this process", this::write);
            first.record(SampleRun.recording(0, 0));
        }
        assertEquals(6, RunFileReader.open(path).counts().likelihoods());
        write();
    }

    @Test
    void refusesASecondWriterByAnotherName() throws IOException {
        Path link = directory.resolve("link.ldyn");
        try (RunFileRecorder first = SampleRun.builder(path).build()) {
            Files.createSymbolicLink(link, path);
            assertProblem(
                    "run file must have one writer, got a second in this process",
                    () -> SampleRun.builder(link).build().close());
            assertEquals(path, first.path());
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void readsButDoesNotWriteInAReadOnlyPlace() throws IOException {
        write();
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("r--r--r--"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            read();
            assumeFalse(Files.isWritable(path), "permissions do not bind this user");
            assertProblem("run file must be writable, permission is missing", this::write);
            path = path.resolveSibling("new.ldyn");
            assertProblem("directory must be writable, got AccessDeniedException", this::write);
        } finally {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void rejectsSettingsThatDoNotFit() {
        RunFileRecorderBuilder builder = SampleRun.builder(path);
        assertIllegal("queueCapacity must be > 0, got 0", () -> builder.queueCapacity(0));
        assertIllegal("continueFrom must be >= 0, got -1", () -> builder.continueFrom(-1));
        assertIllegal(
                "lockTimeout must be > 0, got PT0S",
                () -> builder.lockTimeout(java.time.Duration.ZERO));
        assertIllegal(
                "probe id must be unique, got 3",
                () ->
                        builder.probes(
                                        List.of(
                                                new ProbeRow(3, "a", "set", "p"),
                                                new ProbeRow(3, "b", "set", "q")))
                                .build());
        assertIllegal(
                "response must belong to a probe, got probe 4",
                () ->
                        SampleRun.builder(path)
                                .responses(List.of(new ResponseRow(4, "chosen", "t", 1)))
                                .build());
        assertIllegal(
                "kind must be unique in a probe, got chosen twice in probe 7",
                () ->
                        SampleRun.builder(path)
                                .responses(
                                        List.of(
                                                new ResponseRow(7, "chosen", "t", 1),
                                                new ResponseRow(7, "chosen", "u", 1)))
                                .build());
        assertFalse(Files.exists(path));
    }

    private static void assertIllegal(String message, Executable action) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, action).getMessage());
    }
}
