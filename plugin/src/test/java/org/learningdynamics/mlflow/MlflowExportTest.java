package org.learningdynamics.mlflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.Severity;
import org.learningdynamics.series.RecordedRun;
import org.learningdynamics.series.SyntheticRun;

@Timeout(60)
class MlflowExportTest {
    private static final Map<String, String> NOBODY = Map.of();

    @TempDir private Path folder;
    private FakeMlflow server;

    @BeforeEach
    void start() throws IOException {
        server = new FakeMlflow();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static SyntheticRun run() {
        return SyntheticRun.of("dpo", 8, 20)
                .kind("chosen", (t, i) -> -40 - t + 0.1 * SyntheticRun.noise(t, i))
                .kind("rejected", (t, i) -> -55 - 3 * t + 0.1 * SyntheticRun.noise(t, i))
                .argmax((t, i) -> -20 + t + 0.01 * i)
                .header("stage", "dpo")
                .header("config.learning rate", "0.001")
                .metric("loss", 0.7, Double.NaN, 0.4)
                .event(new Event(1, Severity.WARNING, "probe_failed", "probe 3 was left out"));
    }

    private MlflowTarget target() {
        return MlflowTarget.of(server.uri(), NOBODY).experiment("squeezing");
    }

    private static JsonObject one(List<JsonObject> all, String key) {
        List<JsonObject> found =
                all.stream().filter(row -> row.get("key").getAsString().equals(key)).toList();
        assertEquals(1, found.size(), key + " in " + all);
        return found.get(0);
    }

    @Test
    void sendsHeaderSeriesAndAlarmsAsARunOfItsOwn() throws IOException {
        assertEquals("r1", MlflowExport.send(run().build(), target(), List.of()));
        JsonObject create = server.asked("mlflow/runs/create").get(0).json();
        assertEquals("17", create.get("experiment_id").getAsString());
        assertEquals("dpo", create.get("run_name").getAsString());
        assertEquals(
                "0.001",
                one(server.logged("params"), "config.learning rate").get("value").getAsString());
        assertEquals(
                "probe 3 was left out",
                one(server.logged("tags"), "event/probe_failed").get("value").getAsString());
        String alarm = one(server.logged("tags"), "alarm/squeezing").get("value").getAsString();
        assertTrue(alarm.matches("(warning|error|info): Squeezing .*"), alarm);
        assertEquals(
                "FINISHED",
                server.asked("mlflow/runs/update").get(0).json().get("status").getAsString());
    }

    @Test
    void sendsMeansOverProbesAtTheirIterations() throws IOException {
        RecordedRun run = run().build();
        MlflowExport.send(run, target(), List.of());
        List<JsonObject> chosen =
                server.logged("metrics").stream()
                        .filter(row -> row.get("key").getAsString().equals("log_prob/chosen"))
                        .toList();
        assertEquals(8, chosen.size());
        double sum = 0;
        for (int i = 0; i < 20; i++) {
            sum += -43 + 0.1 * SyntheticRun.noise(3, i);
        }
        assertEquals(sum / 20, chosen.get(3).get("value").getAsDouble(), 1e-12);
        assertEquals(300, chosen.get(3).get("step").getAsLong());
        assertEquals(3000, chosen.get(3).get("timestamp").getAsLong());
    }

    @Test
    void sendsTrainingMetricsNanIncluded() throws IOException {
        MlflowExport.send(run().build(), target(), List.of());
        List<String> loss =
                server.logged("metrics").stream()
                        .filter(row -> row.get("key").getAsString().equals("loss"))
                        .map(row -> row.get("value").getAsString())
                        .toList();
        assertEquals(List.of("0.7", "NaN", "0.4"), loss);
    }

    @Test
    void keepsToTheSizesThatTheServerTakes() throws IOException {
        SyntheticRun large = run().metric("many", new double[2500]);
        for (int i = 0; i < 230; i++) {
            large.header("entry" + i, "x".repeat(2000)).header("n".repeat(300) + i, "v");
        }
        MlflowExport.send(large.build(), target(), List.of());
        for (FakeMlflow.Asked batch : server.asked("mlflow/runs/log-batch")) {
            JsonObject json = batch.json();
            assertTrue(size(json, "metrics") <= 1000);
            assertTrue(size(json, "params") <= 100);
            assertTrue(size(json, "params") + size(json, "metrics") + size(json, "tags") > 0);
        }
        assertEquals(
                500, one(server.logged("params"), "entry0").get("value").getAsString().length());
        assertEquals(
                2500,
                server.logged("metrics").stream()
                        .filter(row -> row.get("key").getAsString().equals("many"))
                        .count());
    }

    private static int size(JsonObject json, String list) {
        return json.has(list) ? json.getAsJsonArray(list).size() : 0;
    }

    @Test
    void putsArtefactsWhereTheServerPassesThemOn() throws IOException {
        Path report = Files.writeString(folder.resolve("report.html"), "<html>the report");
        MlflowExport.send(run().build(), target(), List.of(report));
        String call = "mlflow-artifacts/artifacts/17/r1/artifacts/report.html";
        assertEquals("<html>the report", server.asked(call).get(0).body());
    }

    @Test
    void bringsItsCredentialsAndNeverPrintsThem() throws IOException {
        Path report = Files.writeString(folder.resolve("report.html"), "x");
        MlflowTarget token =
                MlflowTarget.of(server.uri(), Map.of("MLFLOW_TRACKING_TOKEN", "s3cret"));
        assertFalse(token.toString().contains("s3cret"), token.toString());
        MlflowExport.send(run().build(), token, List.of(report));
        for (String call :
                List.of(
                        "mlflow/runs/create",
                        "mlflow-artifacts/artifacts/17/r1/artifacts/report.html")) {
            assertEquals("Bearer s3cret", server.asked(call).get(0).authorization());
        }
        assertEquals(
                "0",
                server.asked("mlflow/runs/create")
                        .get(0)
                        .json()
                        .get("experiment_id")
                        .getAsString());
    }

    @Test
    void saysThatNobodyListens() throws IOException {
        URI nobody;
        try (ServerSocket taken = new ServerSocket(0)) {
            nobody = URI.create("http://127.0.0.1:" + taken.getLocalPort());
        }
        RecordedRun run = run().build();
        MlflowTarget target = MlflowTarget.of(nobody, NOBODY);
        Exception thrown =
                assertThrows(IOException.class, () -> MlflowExport.send(run, target, List.of()));
        assertTrue(thrown.getMessage().startsWith(nobody + ": "), thrown.getMessage());
        assertTrue(thrown.getMessage().contains("refused"), thrown.getMessage());
    }

    @Test
    void saysThatTheServerFailsOrHangs() {
        RecordedRun run = run().build();
        server.behave(FakeMlflow.Manner.FAIL);
        Exception failed =
                assertThrows(IOException.class, () -> MlflowExport.send(run, target(), List.of()));
        assertTrue(failed.getMessage().contains("500"), failed.getMessage());
        server.behave(FakeMlflow.Manner.HANG);
        MlflowTarget hasty = target().timeout(Duration.ofMillis(300));
        Exception hung =
                assertThrows(IOException.class, () -> MlflowExport.send(run, hasty, List.of()));
        assertTrue(hung.getMessage().endsWith("did not answer within PT0.3S"), hung.getMessage());
    }

    @Test
    void takesHttpAddressesAndPositiveTimesAlone() {
        Exception scheme =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> MlflowTarget.of(URI.create("file:/runs"), NOBODY));
        assertEquals(
                "uri must begin with http:// or https://, got file:/runs", scheme.getMessage());
        assertThrows(IllegalArgumentException.class, () -> target().timeout(Duration.ZERO));
    }

    @Test
    void turnsLettersThatTheServerRefusesIntoUnderscores() {
        assertEquals("log_prob/a_b c.d-e_", MlflowNames.name("log_prob/a:b c.d-e\u0000"));
        assertEquals("_", MlflowNames.name(""));
        assertEquals(250, MlflowNames.name("x".repeat(400)).length());
    }
}
