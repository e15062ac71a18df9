package org.learningdynamics.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class MeasurementRecordsTest {
    private static void assertRejected(String message, Executable action) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, action).getMessage());
    }

    @Test
    void rejectsNegativeCounters() {
        assertRejected("step must be >= 0, got -1", () -> SampleRun.step(-1, 0));
        assertRejected("iteration must be >= 0, got -3", () -> SampleRun.step(0, -3));
        assertRejected("iteration must be >= 0, got -2", () -> new Metric(-2, "loss", 0));
        assertRejected("position must be >= 0, got -1", () -> new TokenRow(0, 0, "k", -1, 0, 0));
        assertRejected(
                "tokens must be >= 0, got -1",
                () -> new LikelihoodRow(0, 0, "k", 0, 0, 0, 0, 0, 0, 0, -1));
        assertRejected(
                "step must be >= -1, got -2", () -> new Event(-2, Severity.INFO, "code", "m"));
    }

    @Test
    void rejectsBlankNames() {
        assertRejected("name must not be blank, got \" \"", () -> new Metric(0, " ", 0));
        assertRejected("kind must not be blank, got \"\"", () -> new ResponseRow(0, "", "t", 1));
        assertRejected("digest must not be blank, got \"\"", () -> new ProbeRow(0, "", "s", "p"));
        assertRejected(
                "code must not be blank, got \"\"", () -> new Event(0, Severity.INFO, "", "m"));
    }

    @Test
    void rejectsRowsOfAnotherStep() {
        assertRejected(
                "likelihoods of a recording must be of its step 1, got 2",
                () ->
                        new StepRecording(
                                SampleRun.step(1, 0),
                                List.of(SampleRun.likelihood(2, 0, "k")),
                                List.of(),
                                List.of()));
    }

    @Test
    void rejectsHeadersWithoutNameOrWithBadDigest() {
        assertRejected(
                "run must not be blank, got \"\"",
                () -> RunHeader.builder("", Instant.EPOCH).build());
        assertRejected(
                "dataSha256 must be 64 lower-case hexadecimal digits or empty, got ABC",
                () -> SampleRun.header().dataSha256("ABC").build());
    }

    @Test
    void rejectsHeaderEntriesWithTheFormatsOwnKeys() {
        for (String key : List.of("seed", "state", "config.x", "format_version", " ")) {
            String message =
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> SampleRun.header().entry(key, "1").build())
                            .getMessage();
            assertEquals(
                    "entry key must not be blank, start with \"config.\" or be one of [backend,"
                            + " created_at, data_sha256, dl4j_version, format_version, jvm,"
                            + " library_version, os, probes_sha256, run, seed, stage, state, texts],"
                            + " got \""
                            + key
                            + "\"",
                    message);
        }
    }

    @Test
    void rejectsFiltersWithoutSteps() {
        assertRejected(
                "steps must be a range from 0 on, got 3 to 2", () -> RowFilter.ALL.steps(3, 2));
        assertRejected(
                "steps must be a range from 0 on, got -1 to 2",
                () -> new RowFilter(-1, 2, Set.of(), Set.of()));
    }

    @Test
    void namesTheLibraryVersionUnlessToldOtherwise() {
        String version = RunHeader.builder("run", Instant.EPOCH).build().libraryVersion();
        assertEquals(true, version.matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?"), version);
    }
}
