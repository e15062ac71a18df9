package org.learningdynamics.mlflow;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server of this machine that answers the calls of MLflow's REST interface that are used. */
final class FakeMlflow implements AutoCloseable {
    /** How it treats requests. */
    enum Manner {
        ANSWER,
        FAIL,
        HANG
    }

    /** What was asked: the call, who asked, and what was sent. */
    record Asked(String call, String authorization, String body) {
        JsonObject json() {
            return JsonParser.parseString(body).getAsJsonObject();
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private volatile Manner manner = Manner.ANSWER;

    FakeMlflow() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    void behave(Manner next) {
        manner = next;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String call = exchange.getRequestURI().getPath().replaceFirst("^/api/2\\.0/", "");
            byte[] body = exchange.getRequestBody().readAllBytes();
            String who = exchange.getRequestHeaders().getFirst("Authorization");
            asked.add(
                    new Asked(
                            call,
                            who == null ? "" : who,
                            new String(body, StandardCharsets.UTF_8)));
            if (manner == Manner.HANG) {
                end.await();
            }
            send(exchange, manner == Manner.FAIL ? 500 : status(call), answer(call));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int status(String call) {
        return call.equals("mlflow/experiments/get-by-name") ? 404 : 200;
    }

    private static String answer(String call) {
        return switch (call) {
            case "mlflow/experiments/get-by-name" ->
                    "{\"error_code\": \"RESOURCE_DOES_NOT_EXIST\", \"message\": \"none\"}";
            case "mlflow/experiments/create" -> "{\"experiment_id\": \"17\"}";
            case "mlflow/runs/create" ->
                    "{\"run\": {\"info\": {\"run_id\": \"r1\", \"run_uuid\": \"r1\", \"artifact_uri\":"
                            + " \"mlflow-artifacts:/17/r1/artifacts\"}}}";
            default -> "{}";
        };
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    List<Asked> asked(String call) {
        return asked.stream().filter(one -> one.call().equals(call)).toList();
    }

    /** All elements of a list over all batches. */
    List<JsonObject> logged(String list) {
        List<JsonObject> all = new ArrayList<>();
        for (Asked batch : asked("mlflow/runs/log-batch")) {
            JsonArray elements = batch.json().getAsJsonArray(list);
            if (elements != null) {
                for (JsonElement element : elements) {
                    all.add(element.getAsJsonObject());
                }
            }
        }
        return all;
    }

    @Override
    public void close() {
        end.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
