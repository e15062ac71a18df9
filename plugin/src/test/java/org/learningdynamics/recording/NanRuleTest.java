package org.learningdynamics.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NanRuleTest {
    private static final double NAN = Double.NaN;
    private static final double INF = Double.POSITIVE_INFINITY;

    @TempDir private Path directory;
    private Path path;

    @BeforeEach
    void namePath() throws IOException {
        path = directory.toRealPath().resolve("run.ldyn");
    }

    private void record(Measurement... measurements) {
        try (RunFileRecorder recorder = SampleRun.builder(path).build()) {
            for (Measurement measurement : measurements) {
                recorder.record(measurement);
            }
        }
    }

    private static Event nan(long step, String what) {
        return new Event(step, Severity.WARNING, "nan", "not a number: " + what);
    }

    private static StepRow step(long iteration, double loss) {
        return new StepRow(0, iteration, 0, 0, loss, NAN, NAN, NAN, NAN);
    }

    private static StepRecording recording(StepRow row) {
        return new StepRecording(row, List.of(), List.of(), List.of());
    }

    @Test
    void storesMeasuredNanAsNullWithOneEvent() throws SQLException {
        LikelihoodRow row = new LikelihoodRow(0, 7, "chosen", NAN, -1, NAN, NAN, NAN, NAN, NAN, 3);
        TokenRow token = new TokenRow(0, 7, "chosen", 2, NAN, 1);
        record(new StepRecording(SampleRun.step(0, 5), List.of(row), List.of(token), List.of()));
        RunFileReader reader = RunFileReader.open(path);
        assertEquals(List.of(row), reader.likelihoods(RowFilter.ALL));
        assertEquals(
                List.of(
                        nan(
                                0,
                                "log_prob of probe 7 chosen, rest_log_prob of probe 7 chosen,"
                                        + " peakiness of probe 7 chosen, gap of probe 7 chosen,"
                                        + " energy of probe 7 chosen and 2 more")),
                reader.events());
        assertEquals(
                "1",
                PlainSql.text(
                        path,
                        "SELECT count(*) FROM likelihood WHERE log_prob IS NULL AND"
                                + " argmax_log_prob = -1"));
        assertEquals("1", PlainSql.text(path, "SELECT log_prob IS NULL FROM token"));
    }

    @Test
    void storesUnknownStepValuesAsNullWithoutEvent() throws SQLException {
        record(recording(step(0, NAN)));
        RunFileReader reader = RunFileReader.open(path);
        assertEquals(List.of(step(0, NAN)), reader.steps());
        assertEquals(List.of(), reader.events());
        assertEquals(
                "1",
                PlainSql.text(
                        path,
                        "SELECT coalesce(loss, learning_rate, grad_norm, step_ms, overhead_ms) IS"
                                + " NULL FROM step"));
    }

    @Test
    void takesNanAsMeasuredLossOnceAnIterationWasRun() {
        record(recording(step(1, NAN)));
        assertEquals(List.of(nan(0, "loss")), RunFileReader.open(path).events());
    }

    @Test
    void tellsOnceThatAMetricTurnedNan() {
        record(
                new Metric(1, "loss", NAN),
                new Metric(2, "loss", NAN),
                new Metric(3, "loss", 1),
                new Metric(4, "loss", NAN));
        RunFileReader reader = RunFileReader.open(path);
        assertEquals(
                List.of(
                        new Metric(1, "loss", NAN),
                        new Metric(2, "loss", NAN),
                        new Metric(3, "loss", 1),
                        new Metric(4, "loss", NAN)),
                reader.metrics("loss"));
        assertEquals(
                List.of(
                        nan(-1, "metric loss from iteration 1 on"),
                        nan(-1, "metric loss from iteration 4 on")),
                reader.events());
    }

    @Test
    void keepsInfiniteValuesAsTheyAre() throws SQLException {
        LikelihoodRow row = new LikelihoodRow(0, 0, "chosen", -INF, 0, -INF, 1, 1, 1, 0, 1);
        record(SampleRun.recordingOf(row), new Metric(1, "loss", INF));
        RunFileReader reader = RunFileReader.open(path);
        assertEquals(List.of(row), reader.likelihoods(RowFilter.ALL));
        assertEquals(INF, reader.metrics("loss").get(0).value());
        assertTrue(reader.events().isEmpty());
        assertEquals(
                "1",
                PlainSql.text(path, "SELECT count(*) FROM likelihood WHERE log_prob = -9e999"));
    }

    @Test
    void keepsTheSmallestAndTheLargestNumbers() {
        record(
                new Metric(1, "small", Double.MIN_VALUE),
                new Metric(2, "small", -Double.MAX_VALUE),
                new Metric(3, "small", 0));
        assertEquals(
                List.of(
                        new Metric(1, "small", Double.MIN_VALUE),
                        new Metric(2, "small", -Double.MAX_VALUE),
                        new Metric(3, "small", 0)),
                RunFileReader.open(path).metrics("small"));
    }
}
