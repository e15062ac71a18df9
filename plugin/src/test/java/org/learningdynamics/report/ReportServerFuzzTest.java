package org.learningdynamics.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of hostile requests: no failure, no file, no entry, and the server lives. */
@Timeout(120)
class ReportServerFuzzTest {
    private static final int REQUESTS = 4000;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");
    private static final String MARK = "the content of a file beside the run";
    private static final List<String> METHODS =
            List.of(
                    "GET",
                    "GET",
                    "GET",
                    "GET",
                    "HEAD",
                    "POST",
                    "PUT",
                    "DELETE",
                    "CONNECT",
                    "TRACE",
                    "get",
                    "",
                    "GET\0",
                    "\u00ff\u00fe",
                    "GET GET",
                    "PROPFIND");
    private static final List<String> VERSIONS =
            List.of(
                    "HTTP/1.1",
                    "HTTP/1.1",
                    "HTTP/1.1",
                    "HTTP/1.0",
                    "HTTP/9.9",
                    "",
                    "http/1.1",
                    "HTTP/1.1\0",
                    "HTTP/1.1 extra");
    private static final List<String> ENDS = List.of("\r\n", "\r\n", "\r\n", "\n", "\r", "\n\r");

    @TempDir private Path folder;
    private ReportServer server;
    private URI home;
    private String cookie;
    private List<String> paths;
    private List<String> headers;

    @BeforeEach
    void serve() throws IOException {
        Path real = folder.toRealPath();
        Path run = real.resolve("run.ldyn");
        Path secret = Files.writeString(real.resolve("secret.txt"), MARK);
        try (LiveRunFile file = LiveRunFile.open(run, "served")) {
            file.record().record();
        }
        server =
                ReportServer.start(
                        LiveReport.of(List.of(run), ReportOptions.DEFAULT), "127.0.0.1", 0);
        home = server.address().resolve("/");
        cookie = cookie();
        paths = paths(run, secret);
        headers = headers();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String cookie() throws IOException {
        String entry =
                RawRequest.send(
                        home.getPort(),
                        "GET /?"
                                + server.address().getRawQuery()
                                + " HTTP/1.1\r\nHost: 127.0.0.1:"
                                + home.getPort()
                                + "\r\nConnection: close\r\n\r\n");
        Matcher matcher = Pattern.compile("Set-cookie: ([^;]+);").matcher(entry);
        assertTrue(matcher.find(), entry);
        return matcher.group(1);
    }

    private List<String> paths(Path run, Path secret) {
        String token = server.address().getRawQuery();
        return List.of(
                "/",
                "/",
                "/data",
                "/data?have=x",
                "/?" + token,
                "/?token=" + "A".repeat(43),
                "/?token=",
                "/?" + token + "x",
                "/?" + token.toUpperCase(java.util.Locale.ROOT),
                "/../../../../../../etc/passwd",
                "/..%2f..%2f..%2fetc%2fpasswd",
                "/%2e%2e/%2e%2e/",
                "/....//....//etc/passwd",
                "/..\\..\\windows\\win.ini",
                "/%5c..%5c",
                "/%c0%ae%c0%ae/",
                "/data/" + run,
                "/data?file=" + secret,
                "/" + secret,
                "//" + secret,
                "file://" + secret,
                "/data%00.html",
                "/\0",
                "/%00",
                "/%",
                "/%zz",
                "/%u002e",
                "*",
                "http://evil.example/",
                "http://127.0.0.1/data",
                "//evil.example/data",
                "/;/data",
                "/data;x=1",
                "/DATA",
                "/data#x",
                "/?have=" + "%41".repeat(500),
                "/" + "a/".repeat(3000),
                "/" + "b".repeat(40_000),
                "/data?" + "have=&".repeat(2000),
                "/ data",
                "/\u00e9\u4e8c",
                "/<script>alert(1)</script>",
                "");
    }

    private List<String> headers() {
        String right = "Host: 127.0.0.1:" + home.getPort();
        return List.of(
                right,
                right,
                "Host: evil.example:" + home.getPort(),
                "Host: 127.0.0.1",
                "Host:",
                "Host: 127.0.0.1:" + home.getPort() + "\r\nHost: evil.example",
                "Cookie: " + cookie,
                "Cookie: " + cookie + "; " + cookie,
                "Cookie: " + cookie.replace("=", "=="),
                "Cookie: dynamics_" + home.getPort() + "=" + "A".repeat(43),
                "Cookie: " + ";".repeat(5000),
                "Content-Length: 5",
                "Content-Length: -1",
                "Content-Length: 99999999999999999999",
                "Content-Length: 1\r\nContent-Length: 2",
                "Transfer-Encoding: chunked",
                "Expect: 100-continue",
                "Connection: Upgrade\r\nUpgrade: h2c",
                "Range: bytes=0-1",
                "X: " + "y".repeat(30_000),
                "X".repeat(9000) + ": y",
                ": empty",
                "no colon at all",
                " folded: line",
                "A\0B: c",
                "A: b\0c",
                "A: b\rc",
                "\u00ff: \u00fe",
                "X: 1\r\n".repeat(300) + "X: 2",
                "X-Forwarded-Host: 127.0.0.1",
                "Origin: http://evil.example");
    }

    @Test
    void survivesHostileRequests() throws IOException {
        SplittableRandom random = new SplittableRandom(20250424);
        Map<String, Integer> seen = new TreeMap<>();
        for (int i = 0; i < REQUESTS; i++) {
            byte[] request = request(random);
            String answer = RawRequest.send(home.getPort(), request);
            seen.merge(check(i, request, answer), 1, Integer::sum);
        }
        for (String status : List.of("200", "303", "400", "403", "404", "405")) {
            assertTrue(seen.getOrDefault(status, 0) > 0, "never answered " + status + ": " + seen);
        }
        assertLives();
    }

    private byte[] request(SplittableRandom random) {
        if (random.nextInt(20) == 0) {
            byte[] noise = new byte[random.nextInt(4000)];
            random.nextBytes(noise);
            return noise;
        }
        String end = one(random, ENDS);
        StringBuilder text = new StringBuilder(one(random, METHODS));
        text.append(' ').append(one(random, paths)).append(' ').append(one(random, VERSIONS));
        text.append(end);
        if (random.nextInt(3) > 0) {
            text.append(headers.get(0)).append(end);
        }
        if (random.nextInt(3) > 0) {
            text.append("Cookie: ").append(cookie).append(end);
        }
        for (int h = random.nextInt(3); h > 0; h--) {
            text.append(one(random, headers)).append(end);
        }
        text.append(random.nextInt(10) == 0 ? "" : end)
                .append(random.nextInt(5) == 0 ? "5\r\nhello" : "");
        byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
        if (random.nextInt(8) == 0 && bytes.length > 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static String one(SplittableRandom random, List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** The status of an answer, "none" if the connection was closed without one. */
    private String check(int number, byte[] request, String answer) {
        String asked = number + ": " + new String(request, StandardCharsets.ISO_8859_1);
        String shown = asked.substring(0, Math.min(600, asked.length())) + "\n" + answer;
        assertFalse(answer.contains(MARK), shown);
        assertFalse(answer.contains("root:x:"), shown);
        assertFalse(answer.contains("SQLite format 3"), shown);
        assertFalse(answer.contains(folder.toString()) && !answer.contains("<h1>4"), shown);
        assertFalse(answer.contains("<script>alert"), shown);
        Matcher status = STATUS.matcher(answer);
        if (!status.lookingAt()) {
            assertEquals("", answer, shown);
            return "none";
        }
        // The platform's server says so itself, as the protocol asks, before anybody else sees it.
        boolean foreign = answer.contains("501 Not Implemented</h1>Unsupported Transfer-Encoding");
        assertTrue(foreign || !status.group(1).startsWith("5"), shown);
        boolean let = status.group(1).equals("200");
        assertTrue(!let || asked.contains(cookie), "entry without the cookie: " + shown);
        assertTrue(!let || asked.contains("127.0.0.1:" + home.getPort()), "foreign host: " + shown);
        return status.group(1);
    }

    private void assertLives() throws IOException {
        String page =
                RawRequest.send(
                        home.getPort(),
                        "GET / HTTP/1.1\r\n"
                                + headers.get(0)
                                + "\r\nCookie: "
                                + cookie
                                + "\r\n\r\n");
        assertTrue(
                page.startsWith("HTTP/1.1 200 OK"),
                page.substring(0, Math.min(200, page.length())));
    }
}
