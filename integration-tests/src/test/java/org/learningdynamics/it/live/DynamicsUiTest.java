package org.learningdynamics.it.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.deeplearning4j.ui.VertxUIServer;
import org.deeplearning4j.ui.api.UIServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.report.ReportOptions;
import org.learningdynamics.ui.AttachedRun;
import org.learningdynamics.ui.DynamicsUi;

/** The pages of attached runs in Deeplearning4j's own UI server, which finds them by itself. */
@Timeout(120)
class DynamicsUiTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir private Path folder;
    private static URI home;

    @BeforeAll
    static void startServer() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        System.setProperty("org.deeplearning4j.ui.port", Integer.toString(port));
        UIServer.getInstance();
        home = URI.create("http://127.0.0.1:" + port + "/");
    }

    @AfterAll
    static void stopServer() throws Exception {
        VertxUIServer.stopInstance();
        System.clearProperty("org.deeplearning4j.ui.port");
    }

    @AfterEach
    void detach() {
        DynamicsUi.attached().forEach(AttachedRun::close);
    }

    private static HttpResponse<String> ask(String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(home.toString().replaceAll("/$", "") + path))
                        .timeout(Duration.ofSeconds(30))
                        .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static JsonObject news(AttachedRun run, String version) throws Exception {
        String path = run.path().replace("/run/", "/data/") + "?have=" + version;
        return JsonParser.parseString(ask(path).body()).getAsJsonObject();
    }

    @Test
    void showsARunThatAnotherProcessWrites() throws Exception {
        Path file = folder.toRealPath().resolve("secret-name.ldyn");
        AttachedRun run = DynamicsUi.attach(file);
        assertTrue(ask(run.path()).body().contains("Waiting for a recording"));
        try (WritingProcess writer = WritingProcess.start(file, "a <b> run")) {
            writer.record(2);
            String list = ask("/dynamics").body();
            assertTrue(list.contains("href=\"" + run.path() + "\">a &lt;b&gt; run</a>"), list);
            assertTrue(list.contains("href=\"/train\""), list);
            String page = awaitPage(run);
            assertTrue(page.contains("content=\"../data/" + run.id() + "\""));
            assertTrue(page.contains("<meta name=\"live-home\" content=\"/dynamics\">"));
            assertFalse(page.contains("Question 3?"), "no wording unless asked for");
            assertFalse(page.contains("secret-name"), "no file names");
            JsonObject news = news(run, "");
            String version = news.get("version").getAsString();
            assertFalse(news(run, version).has("data"));
            writer.record(1);
            JsonObject later = awaitNews(run, version);
            assertEquals("open", later.get("state").getAsString());
            assertEquals(
                    3,
                    later.getAsJsonObject("data")
                            .getAsJsonArray("runs")
                            .get(0)
                            .getAsJsonObject()
                            .get("recordings")
                            .getAsInt());
        }
    }

    private static String awaitPage(AttachedRun run) throws Exception {
        String page = ask(run.path()).body();
        for (int i = 0; i < 100 && page.contains("Waiting for a recording"); i++) {
            Thread.sleep(50);
            page = ask(run.path()).body();
        }
        return page;
    }

    private static JsonObject awaitNews(AttachedRun run, String version) throws Exception {
        JsonObject news = news(run, version);
        for (int i = 0; i < 100 && !news.has("data"); i++) {
            Thread.sleep(50);
            news = news(run, version);
        }
        return news;
    }

    @Test
    void ownPagesOfTheServerLinkToTheRuns() throws Exception {
        String link = "<a class=\"nav-link\" href=\"/dynamics\">";
        for (String page : List.of("/train/overview", "/train/model", "/train/system")) {
            String html = ask(page).body();
            assertTrue(html.contains(link), html);
            assertTrue(html.contains("System</a></li><li"), html);
            assertTrue(html.contains("</i>Overview</a>"), html);
        }
        ask("/setlang/de");
        try {
            assertFalse(ask("/train/overview").body().contains(link), "another language's own bar");
        } finally {
            ask("/setlang/dynamics");
        }
        assertTrue(ask("/train/overview").body().contains(link));
    }

    @Test
    void showsTheWordingWhenAskedTo() throws Exception {
        Path file = folder.toRealPath().resolve("run.ldyn");
        try (WritingProcess writer = WritingProcess.start(file, "run")) {
            writer.record(1);
            AttachedRun run = DynamicsUi.attach(List.of(file), ReportOptions.DEFAULT);
            assertTrue(ask(run.path()).body().contains("Question 3?"));
        }
    }

    @Test
    void servesAttachedRunsAloneAndNeverByPath() throws Exception {
        Path file = folder.toRealPath().resolve("run.ldyn");
        try (WritingProcess writer = WritingProcess.start(file, "run")) {
            writer.record(1);
            AttachedRun run = DynamicsUi.attach(file);
            String name = file.toString().replace("/", "%2F");
            for (String path :
                    List.of(
                            "/dynamics/run/" + name,
                            "/dynamics/data/" + name,
                            "/dynamics/run/..%2F..%2Fetc%2Fpasswd",
                            "/dynamics/data/" + run.id().toUpperCase(java.util.Locale.ROOT) + "0",
                            "/dynamics/run/x")) {
                assertEquals(404, ask(path).statusCode(), path);
            }
            assertEquals(200, ask(run.path()).statusCode());
            run.close();
            assertEquals(404, ask(run.path()).statusCode());
            assertTrue(ask("/dynamics").body().contains("No run is attached."));
        }
    }

    @Test
    void leavesTheServersOwnPagesAlone() throws Exception {
        HttpResponse<String> own = ask("/train/overview");
        assertEquals(200, own.statusCode());
        assertTrue(own.body().contains("DL4J"));
    }
}
