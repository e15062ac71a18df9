package org.learningdynamics.it.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.recording.Metric;
import org.learningdynamics.recording.Recorder;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.samples.cli.Dynamics;

@Timeout(60)
class MlflowCommandTest {
    @TempDir private Path folder;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path run;

    @BeforeEach
    void record() throws IOException {
        run = folder.toRealPath().resolve("run.ldyn");
        RunHeader header = RunHeader.builder("sent", Instant.EPOCH).build();
        try (Recorder recorder = RunFileRecorder.builder(run, header).build()) {
            recorder.record(new Metric(1, "loss", 0.5));
        }
    }

    private int dynamics(String... args) {
        return Dynamics.execute(stream(out), stream(err), args);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    @Test
    void sendsTheRunWithItsReport() throws IOException {
        Map<String, String> asked = new ConcurrentHashMap<>();
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        byte[] body = exchange.getRequestBody().readAllBytes();
                        asked.put(
                                exchange.getRequestURI().getPath(),
                                new String(body, StandardCharsets.UTF_8));
                        byte[] answer =
                                ("{\"run\": {\"info\": {\"run_id\": \"abc\", \"artifact_uri\":"
                                                + " \"mlflow-artifacts:/0/abc\"}}}")
                                        .getBytes(StandardCharsets.UTF_8);
                        exchange.sendResponseHeaders(200, answer.length);
                        exchange.getResponseBody().write(answer);
                    }
                });
        server.start();
        try {
            String uri = "http://127.0.0.1:" + server.getAddress().getPort();
            assertEquals(0, dynamics("mlflow", run.toString(), "--uri", uri), err::toString);
        } finally {
            server.stop(0);
        }
        assertEquals("abc", out.toString(StandardCharsets.UTF_8).strip());
        assertTrue(asked.get("/api/2.0/mlflow/runs/log-batch").contains("loss"));
        String report = asked.get("/api/2.0/mlflow-artifacts/artifacts/0/abc/report.html");
        assertTrue(report.startsWith("<!DOCTYPE html>"));
    }

    @Test
    void failsPlainlyWithoutAServer() {
        List<String> wrong = List.of("http://127.0.0.1:9", "no-address");
        assertEquals(1, dynamics("mlflow", run.toString(), "--uri", wrong.get(0), "--no-report"));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("http://127.0.0.1:9: "));
        assertEquals(2, dynamics("mlflow", run.toString(), "--uri", wrong.get(1)));
    }
}
