package org.learningdynamics.it.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
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
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.it.browser.Browser;

/**
 * A page in a real browser, one for all tests of a class. After every test nothing may have been
 * logged, and nothing asked for but the page itself.
 */
abstract class PageTest {
    static final Path SHOTS = Path.of("target", "screenshots");

    /** A text that would run if a page took it for more than text. */
    static final String HOSTILE =
            "</script><script>window.pwned=1</script><img src=x onerror=window.pwned=2>\"'&";

    @TempDir static Path folder;

    static Browser browser;

    @BeforeAll
    static void startBrowser() throws IOException {
        Optional<Browser> started = Browser.start(Files.createDirectory(folder.resolve("profile")));
        Assumptions.assumeTrue(started.isPresent(), "needs chromium and chromedriver on the path");
        browser = started.get();
        browser.log("performance");
    }

    @AfterAll
    static void stopBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void nothingWasLoggedOrAskedFor() {
        List<String> messages = new ArrayList<>();
        browser.log("browser").forEach(entry -> messages.add(entry.toString()));
        assertEquals(List.of(), messages);
        for (JsonElement entry : browser.log("performance")) {
            String text = entry.getAsJsonObject().get("message").getAsString();
            JsonObject event =
                    JsonParser.parseString(text).getAsJsonObject().getAsJsonObject("message");
            if (event.get("method").getAsString().equals("Network.requestWillBeSent")) {
                String url =
                        event.getAsJsonObject("params")
                                .getAsJsonObject("request")
                                .get("url")
                                .getAsString();
                assertTrue(url.matches("(file|data|chrome):.*"), url);
            }
        }
    }

    /** Opens a page and waits until it says that it is ready. */
    static void openReady(URI page) {
        browser.open(page);
        assertEquals("true", text("return document.documentElement.dataset.ready"));
    }

    static String text(String script) {
        JsonElement value = browser.script(script);
        return value.isJsonNull() ? "" : value.getAsString();
    }

    static int number(String script) {
        return browser.script(script).getAsInt();
    }

    static String content(String id) {
        return text("return document.getElementById('" + id + "').textContent");
    }

    /** What the chart of a number within an element says of itself. */
    static String label(String container, int chart) {
        return text(
                "return document.querySelectorAll('#%s .chart')[%d].getAttribute('aria-label')"
                        .formatted(container, chart));
    }

    /** Sets a control to a value and tells the page by an event. */
    static void set(String id, Object value, String event) {
        browser.script(
                "const e = document.getElementById('%s'); e.value = '%s'; e.dispatchEvent(new Event('%s'))"
                        .formatted(id, value, event));
    }
}
