package org.learningdynamics.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ReportServerTest {
    @TempDir private static Path folder;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static ReportServer server;
    private static URI home;

    @BeforeAll
    static void serve() throws IOException {
        Path run = folder.toRealPath().resolve("run.ldyn");
        try (LiveRunFile file = LiveRunFile.open(run, "served")) {
            file.record().record();
        }
        server =
                ReportServer.start(
                        LiveReport.of(List.of(run), ReportOptions.DEFAULT),
                        ReportServer.DEFAULT_HOST,
                        0);
        home = server.address().resolve("/");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> ask(String method, URI address, String cookie)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address)
                        .timeout(Duration.ofSeconds(20))
                        .method(method, HttpRequest.BodyPublishers.noBody());
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookie);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String cookie() throws Exception {
        HttpResponse<String> entry = ask("GET", server.address(), "");
        assertEquals(303, entry.statusCode());
        assertEquals("/", entry.headers().firstValue("Location").orElseThrow());
        return entry.headers().firstValue("Set-Cookie").orElseThrow().split(";", -1)[0];
    }

    @Test
    void givesTheCookieForTheTokenAndThePageForTheCookie() throws Exception {
        String cookie = cookie();
        String token = server.address().getQuery().substring("token=".length());
        assertFalse(cookie.contains(token));
        HttpResponse<String> page = ask("GET", home, cookie);
        assertEquals(200, page.statusCode());
        assertTrue(page.body().contains("<meta name=\"live-address\" content=\"data\">"));
        assertFalse(page.body().contains(token), "the page must not hold a secret");
        assertFalse(page.body().contains(cookie.split("=", 2)[1]));
        HttpResponse<String> data = ask("GET", home.resolve("data"), cookie);
        assertEquals("application/json", data.headers().firstValue("Content-Type").orElseThrow());
        assertEquals(
                "closed",
                JsonParser.parseString(data.body()).getAsJsonObject().get("state").getAsString());
    }

    @Test
    void sendsOnlyWhatTheReaderLacks() throws Exception {
        String cookie = cookie();
        String all = ask("GET", home.resolve("data?have="), cookie).body();
        String version = JsonParser.parseString(all).getAsJsonObject().get("version").getAsString();
        String none = ask("GET", home.resolve("data?have=" + version), cookie).body();
        assertTrue(none.length() < 200, none);
        assertTrue(all.length() > 1000);
    }

    @Test
    void refusesWhoeverBringsNoSecret() throws Exception {
        for (String path : List.of("", "data", "nothing", "?token=", "?token=x", "data?token=x")) {
            HttpResponse<String> answer = ask("GET", home.resolve("/" + path), "");
            assertEquals(403, answer.statusCode(), path);
            assertFalse(answer.headers().map().containsKey("set-cookie"), path);
        }
        URI misplaced = home.resolve("data?" + server.address().getQuery());
        assertEquals(403, ask("GET", misplaced, "").statusCode());
        assertEquals(403, ask("GET", home, cookie() + "x").statusCode());
    }

    @Test
    void answersGetAndHeadAlone() throws Exception {
        String cookie = cookie();
        for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "get")) {
            HttpResponse<String> answer = ask(method, home, cookie);
            assertEquals(405, answer.statusCode(), method);
            assertEquals("GET, HEAD", answer.headers().firstValue("Allow").orElseThrow());
        }
        HttpResponse<String> head = ask("HEAD", home, cookie);
        assertEquals(200, head.statusCode());
        assertEquals("", head.body());
        assertTrue(head.headers().firstValueAsLong("Content-Length").orElseThrow() > 1_000_000);
    }

    @Test
    void hasNothingButThePageAndItsData() throws Exception {
        String cookie = cookie();
        for (String path : List.of("/x", "/data/", "/run.ldyn", "/index.html", "/%2e%2e/")) {
            assertEquals(404, ask("GET", URI.create(trimmed() + path), cookie).statusCode(), path);
        }
    }

    private static String trimmed() {
        return home.toString().replaceAll("/$", "");
    }

    @Test
    void forbidsFramingGuessingAndKeeping() throws Exception {
        HttpResponse<String> page = ask("GET", home, cookie());
        assertEquals("no-store", page.headers().firstValue("Cache-Control").orElseThrow());
        assertEquals("nosniff", page.headers().firstValue("X-Content-Type-Options").orElseThrow());
        assertEquals("DENY", page.headers().firstValue("X-Frame-Options").orElseThrow());
        String policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();
        assertEquals("frame-ancestors 'none'", policy);
    }

    @Test
    void refusesOtherNamesForThisMachine() throws Exception {
        String cookie = cookie();
        for (String host : List.of("evil.example:" + home.getPort(), "127.0.0.1", "")) {
            String answer =
                    RawRequest.send(
                            home.getPort(),
                            "GET / HTTP/1.1\r\nHost: "
                                    + host
                                    + "\r\nCookie: "
                                    + cookie
                                    + "\r\n\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 403 "), host + ": " + answer);
        }
        String none = RawRequest.send(home.getPort(), "GET / HTTP/1.0\r\n\r\n");
        assertTrue(none.startsWith("HTTP/1.1 403 "), none);
    }

    @Test
    void slowClientsHoldNobodyUp() throws Exception {
        String cookie = cookie();
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                Socket socket = new Socket();
                socket.connect(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), home.getPort()),
                        5000);
                socket.getOutputStream().write("GET / HT".getBytes(StandardCharsets.US_ASCII));
                slow.add(socket);
            }
            long begin = System.nanoTime();
            assertEquals(200, ask("GET", home, cookie).statusCode());
            assertTrue(Duration.ofNanos(System.nanoTime() - begin).toSeconds() < 5);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void limitsTheTimeAndTheSizeOfRequests() {
        assertEquals("10", System.getProperty("sun.net.httpserver.maxReqTime"));
        assertEquals("16384", System.getProperty("sun.net.httpserver.maxReqHeaderSize"));
    }

    @Test
    void makesAnotherAddressAtEachStart() throws Exception {
        Path run = folder.resolve("none.ldyn");
        LiveReport report = LiveReport.of(List.of(run), ReportOptions.DEFAULT);
        URI before;
        try (ReportServer other = ReportServer.start(report, "localhost", 0)) {
            before = other.address();
            assertEquals("localhost", before.getHost());
        }
        try (ReportServer other = ReportServer.start(report, "localhost", 0)) {
            assertNotEquals(before.getQuery(), other.address().getQuery());
        }
    }

    @Test
    void listensToThisMachineAloneUnlessToldOtherwise() {
        assertEquals("127.0.0.1", server.address().getHost());
    }

    @Test
    void rejectsImpossiblePorts() {
        LiveReport report = LiveReport.of(List.of(folder), ReportOptions.DEFAULT);
        Exception thrown =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> ReportServer.start(report, "127.0.0.1", 65536));
        assertEquals("port must be in [0, 65535], got 65536", thrown.getMessage());
    }
}
