package org.learningdynamics.it.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.it.browser.Browser;
import org.learningdynamics.report.LiveReport;
import org.learningdynamics.report.ReportOptions;
import org.learningdynamics.report.ReportServer;

/** The served page in a real browser while another process writes the run. */
@Timeout(120)
class ServedPageTest {
    private static final Path SHOTS = Path.of("target", "screenshots");

    /** The section on probes begins where the controls, which stay in sight, end. */
    private static final String UNDER_CONTROLS =
            "Math.abs(document.querySelector('#probe').getBoundingClientRect().top"
                    + " - document.querySelector('#controls').offsetHeight) < 60";

    @TempDir private static Path folder;
    private static Browser browser;

    private WritingProcess writer;
    private ReportServer server;

    @BeforeAll
    static void startBrowser() throws Exception {
        Optional<Browser> started = Browser.start(Files.createDirectory(folder.resolve("profile")));
        Assumptions.assumeTrue(started.isPresent(), "needs chromium and chromedriver on the path");
        browser = started.get();
        browser.media("screen", "light");
        browser.resize(1280, 900);
    }

    @AfterAll
    static void stopBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void writeAndServe() throws Exception {
        Path run = Files.createTempDirectory(folder, "run").toRealPath().resolve("run.ldyn");
        writer = WritingProcess.start(run, "live");
        server =
                ReportServer.start(
                        LiveReport.of(List.of(run), ReportOptions.DEFAULT), "127.0.0.1", 0);
        browser.log("browser");
        browser.log("performance");
    }

    @AfterEach
    void stop() throws Exception {
        assertAskedOnlyItsServer();
        browser.open(URI.create("about:blank"));
        server.close();
        writer.close();
    }

    private void assertAskedOnlyItsServer() {
        String own = "http://127\\.0\\.0\\.1:" + server.address().getPort() + "/.*";
        List<String> asked = new ArrayList<>();
        for (JsonElement entry : browser.log("performance")) {
            String text = entry.getAsJsonObject().get("message").getAsString();
            JsonObject event =
                    JsonParser.parseString(text).getAsJsonObject().getAsJsonObject("message");
            if (event.get("method").getAsString().equals("Network.requestWillBeSent")) {
                JsonObject request = event.getAsJsonObject("params").getAsJsonObject("request");
                asked.add(request.get("url").getAsString());
            }
        }
        assertFalse(asked.isEmpty());
        for (String url : asked) {
            assertTrue(url.matches(own + "|data:.*"), url);
        }
    }

    private static List<String> messages() {
        List<String> messages = new ArrayList<>();
        browser.log("browser").forEach(entry -> messages.add(entry.toString()));
        return messages;
    }

    private static String text(String script) {
        return browser.script(script).getAsString();
    }

    private static void waitFor(String condition) throws InterruptedException {
        for (int i = 0; i < 300 && !browser.script("return " + condition).getAsBoolean(); i++) {
            Thread.sleep(50);
        }
        assertTrue(
                browser.script("return " + condition).getAsBoolean(),
                () ->
                        condition
                                + "; live: "
                                + text("return document.body.innerText.slice(0, 400)"));
    }

    @Test
    void showsNewRecordingsWithoutReloadAndKeepsWhatTheReaderChose() throws Exception {
        writer.record(2);
        browser.open(server.address());
        assertEquals(
                "http://127.0.0.1:" + server.address().getPort() + "/",
                text("return location.href"));
        waitFor("document.querySelector('#live-at').textContent.includes('iteration 10')");
        assertTrue(
                text("return document.querySelector('#subtitle').textContent")
                        .contains("2 recordings"));
        assertEquals(
                "Being written.", text("return document.querySelector('#live-state').textContent"));
        choose();
        writer.record(3);
        waitFor("document.querySelector('#subtitle').textContent.includes('5 recordings')");
        assertEquals(
                1,
                browser.script(
                                "return performance.getEntriesByType('navigation').length + (window.stayed ? 0 : 9)")
                        .getAsInt());
        assertChoicesStayed();
        browser.screenshot(SHOTS.resolve("live.png"));
        writer.finish();
        waitFor("document.querySelector('#live-state').textContent === 'Finished.'");
        assertEquals(List.of(), messages());
    }

    /**
     * Marks the window, switches kind and view, picks a probe, searches, opens numbers, scrolls.
     */
    private static void choose() throws Exception {
        browser.script("window.stayed = true");
        browser.click("button[data-kind='rejected']");
        browser.click("button[data-choice='view'][data-value='level']");
        browser.script(
                """
                const pick = document.querySelector('#probe-pick');
                pick.value = '7';
                pick.dispatchEvent(new Event('change'));
                document.querySelector('#likelihood-panels details.numbers').open = true;
                const search = document.querySelector('#probe-search');
                search.focus();
                search.value = 'question';
                search.dispatchEvent(new Event('input'));
                pick.value = '7';
                pick.dispatchEvent(new Event('change'));
                document.querySelector('#probe').scrollIntoView({ behavior: 'instant' });
                """);
        waitFor(UNDER_CONTROLS);
    }

    private static void assertChoicesStayed() throws Exception {
        String pressed = "return document.querySelector(\"%s\").getAttribute('aria-pressed')";
        assertEquals("false", text(pressed.formatted("button[data-kind='rejected']")));
        assertEquals("true", text(pressed.formatted("button[data-kind='chosen']")));
        assertEquals("true", text(pressed.formatted("button[data-value='level']")));
        assertEquals("question", text("return document.querySelector('#probe-search').value"));
        assertEquals("probe-search", text("return document.activeElement.id"));
        assertTrue(
                text("return document.querySelector('#probe-pick').selectedOptions[0].textContent")
                        .startsWith("#7 "));
        assertTrue(
                text("return document.querySelector('#probe-detail h3').textContent")
                        .contains("#7"));
        waitFor("document.querySelector('#likelihood-panels details.numbers').open");
        waitFor(
                "document.querySelectorAll('#likelihood-panels details.numbers tbody tr').length === 5");
        waitFor(UNDER_CONTROLS);
        assertTrue(
                browser.script(
                                        "return document.querySelectorAll('#probe-detail .chart svg').length")
                                .getAsInt()
                        > 0);
    }

    @Test
    void asksForTheTokenWaitsForTheRunAndPauses() throws Exception {
        browser.open(server.address().resolve("/"));
        assertTrue(text("return document.body.innerText").startsWith("Please open the address"));
        browser.log("browser");
        browser.open(server.address());
        assertTrue(text("return document.body.innerText").contains("Waiting for a recording"));
        writer.record(1);
        for (int i = 0;
                i < 200
                        && browser.script("return !document.querySelector('#live-pause')")
                                .getAsBoolean();
                i++) {
            Thread.sleep(50);
        }
        browser.click("#live-pause");
        writer.record(1);
        Thread.sleep(1500);
        assertTrue(
                text("return document.querySelector('#subtitle').textContent")
                        .contains("1 recording,"));
        assertTrue(
                text("return document.querySelector('#live-state').textContent")
                        .contains("paused"));
        browser.click("#live-pause");
        waitFor("document.querySelector('#subtitle').textContent.includes('2 recordings')");
        assertEquals(List.of(), messages());
        loadsAnewWhereItCannotBeRenewedInPlace();
        server.close();
        waitFor(
                "document.querySelector('#live-state').textContent.includes('the server does not answer')");
        browser.log("browser");
    }

    private void loadsAnewWhereItCannotBeRenewedInPlace() throws Exception {
        browser.script(
                "window.stayed = true;"
                        + " Element.prototype.replaceChildren = () => { throw new Error('no room'); };");
        writer.record(1);
        waitFor(
                "!window.stayed && document.documentElement.dataset.ready === 'true'"
                        + " && document.querySelector('#subtitle').textContent.includes('3 recordings')");
        assertTrue(String.join("", messages()).contains("no room"));
    }
}
