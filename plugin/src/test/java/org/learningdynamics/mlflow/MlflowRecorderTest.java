package org.learningdynamics.mlflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.Measurement;
import org.learningdynamics.recording.Metric;
import org.learningdynamics.recording.Recorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.Severity;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.StepRow;

@Timeout(60)
class MlflowRecorderTest {
    private static final InstantSource CLOCK =
            InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z"));

    /** Keeps what it is given. */
    private static final class Kept implements Recorder {
        private final List<Measurement> all = Collections.synchronizedList(new ArrayList<>());
        private boolean closed;

        @Override
        public long nextStep() {
            return 7;
        }

        @Override
        public long lastIteration() {
            return 5;
        }

        @Override
        public void record(Measurement measurement) {
            all.add(measurement);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            closed = true;
        }
    }

    private final Kept kept = new Kept();

    private MlflowRecorder recorder(URI server, Duration closeTimeout) {
        RunHeader header =
                RunHeader.builder("dpo", CLOCK.instant())
                        .configuration(Map.of("beta", "0.1"))
                        .build();
        MlflowTarget target = MlflowTarget.of(server, Map.of()).timeout(Duration.ofSeconds(20));
        return MlflowRecorder.of(kept, header, target, CLOCK, closeTimeout);
    }

    private static StepRecording recording(long step) {
        StepRow row = new StepRow(step, 10 * step, 0, 1000 * step, Double.NaN, 1e-4, 1, 10, 3);
        List<LikelihoodRow> rows =
                List.of(
                        new LikelihoodRow(step, 0, "chosen", -2, -1, -1, 1, 1, 1, 1, 4),
                        new LikelihoodRow(step, 1, "chosen", -4, -1, -1, 1, 1, 1, 1, 4));
        Event event = new Event(step, Severity.WARNING, "odd", "something odd");
        return new StepRecording(row, rows, List.of(), List.of(event));
    }

    private static void recordALittle(Recorder recorder) {
        recorder.record(new Metric(1, "loss", 0.5));
        recorder.record(recording(2));
        recorder.record(new Event(2, Severity.INFO, "late", "too late"));
    }

    @Test
    void sendsWhileItPassesEverythingOn() throws IOException {
        try (FakeMlflow server = new FakeMlflow()) {
            MlflowRecorder recorder = recorder(server.uri(), Duration.ofSeconds(20));
            assertEquals(7, recorder.nextStep());
            assertEquals(5, recorder.lastIteration());
            recordALittle(recorder);
            recorder.close();
            assertEquals(3, kept.all.size());
            assertTrue(kept.closed);
            assertEquals(0, recorder.stats().lost());
            assertEquals(0, recorder.stats().queued());
            List<String> metrics =
                    server.logged("metrics").stream()
                            .map(
                                    row ->
                                            row.get("key").getAsString()
                                                    + " "
                                                    + row.get("value").getAsDouble())
                            .toList();
            assertTrue(metrics.contains("loss 0.5"), metrics.toString());
            assertTrue(metrics.contains("log_prob/chosen -3.0"), metrics.toString());
            assertTrue(
                    metrics.stream().noneMatch(m -> m.startsWith("recording/loss")),
                    "unknown loss");
            assertEquals(2, server.logged("tags").size());
            assertTrue(server.logged("params").toString().contains("config.beta"));
            assertEquals(1, server.asked("mlflow/runs/create").size());
            assertEquals(1, server.asked("mlflow/runs/update").size());
            recorder.close();
        }
    }

    @Test
    void aDeadServerLosesItsValuesAndNothingElse() throws IOException {
        URI nobody;
        try (ServerSocket taken = new ServerSocket(0)) {
            nobody = URI.create("http://127.0.0.1:" + taken.getLocalPort());
        }
        MlflowRecorder recorder = recorder(nobody, Duration.ofSeconds(20));
        assertQuick(recorder);
    }

    @Test
    void aFailingServerLosesItsValuesAndNothingElse() throws IOException {
        try (FakeMlflow server = new FakeMlflow()) {
            server.behave(FakeMlflow.Manner.FAIL);
            assertQuick(recorder(server.uri(), Duration.ofSeconds(20)));
        }
    }

    @Test
    void aHangingServerHoldsNobodyUp() throws IOException {
        try (FakeMlflow server = new FakeMlflow()) {
            server.behave(FakeMlflow.Manner.HANG);
            assertQuick(recorder(server.uri(), Duration.ofMillis(500)));
        }
    }

    /** Records more than the queue holds, in no time, and closes. */
    private void assertQuick(MlflowRecorder recorder) {
        int count = 3 * MlflowSender.QUEUE_CAPACITY;
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            recorder.record(new Metric(i, "loss", 1));
        }
        Duration recording = Duration.ofNanos(System.nanoTime() - begin);
        assertTrue(recording.toMillis() < 5000, recording.toString());
        recorder.close();
        assertTrue(Duration.ofNanos(System.nanoTime() - begin).toSeconds() < 15);
        assertEquals(count, kept.all.size());
        assertEquals(new MlflowStats(0, count, 0), recorder.stats());
    }

    @Test
    void goesOnWhenTheServerComesBack() throws Exception {
        try (FakeMlflow server = new FakeMlflow()) {
            server.behave(FakeMlflow.Manner.FAIL);
            MlflowRecorder recorder = recorder(server.uri(), Duration.ofSeconds(20));
            recorder.record(new Metric(1, "loss", 1));
            for (int i = 0; i < 400 && recorder.stats().lost() == 0; i++) {
                Thread.sleep(20);
            }
            server.behave(FakeMlflow.Manner.ANSWER);
            recorder.record(new Metric(2, "loss", 2));
            for (int i = 0; i < 400 && recorder.stats().sent() == 0; i++) {
                Thread.sleep(20);
            }
            recorder.close();
            assertEquals(new MlflowStats(1, 1, 0), recorder.stats());
            assertEquals("2.0", server.logged("metrics").get(0).get("value").getAsString());
        }
    }
}
