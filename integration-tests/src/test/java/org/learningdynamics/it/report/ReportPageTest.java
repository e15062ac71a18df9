package org.learningdynamics.it.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.it.browser.Browser;
import org.learningdynamics.report.Report;
import org.learningdynamics.report.ReportOptions;

/** The report in a real browser: drawn, switched, searched, themed, printed, attacked. */
class ReportPageTest {
    private static final Path SHOTS = Path.of("target", "screenshots");
    private static final String HOSTILE =
            "</script><script>window.pwned=1</script><img src=x onerror=window.pwned=2>\"'&\u2028\u202e\u05d0";

    @TempDir static Path folder;

    private static Browser browser;
    private static URI plain;
    private static URI hostile;

    @BeforeAll
    static void writeReportsAndStart() throws Exception {
        Optional<Browser> started = Browser.start(Files.createDirectory(folder.resolve("profile")));
        Assumptions.assumeTrue(started.isPresent(), "needs chromium and chromedriver on the path");
        browser = started.get();
        browser.log("performance");
        plain = write("plain", new ReportRuns(60, 16, ""));
        hostile = write("hostile", new ReportRuns(6, 7, HOSTILE));
    }

    private static URI write(String name, ReportRuns runs) throws Exception {
        Path out = folder.resolve(name + ".html");
        List<Path> files = runs.write(Files.createDirectory(folder.resolve(name)));
        Report.write(files, out, ReportOptions.DEFAULT.title("Four runs, made up"));
        return out.toUri();
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void openPlainPage() {
        browser.media("screen", "light");
        browser.resize(1280, 900);
        open(plain);
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

    private static void open(URI page) {
        browser.open(page);
        assertEquals("true", text("return document.documentElement.dataset.ready"));
    }

    private static String text(String script) {
        JsonElement value = browser.script(script);
        return value.isJsonNull() ? "" : value.getAsString();
    }

    private static int number(String script) {
        return browser.script(script).getAsInt();
    }

    private static void waitFor(String condition) throws InterruptedException {
        for (int i = 0; i < 100 && !browser.script(condition).getAsBoolean(); i++) {
            Thread.sleep(50);
        }
        assertTrue(browser.script(condition).getAsBoolean(), condition);
    }

    /** Scrolls through the page, so that every chart is drawn. */
    private static void scrollThrough() {
        browser.await(
                """
                const done = arguments[0];
                let y = 0;
                const step = () => {
                  window.scrollTo(0, y);
                  y += 400;
                  if (y < document.body.scrollHeight) { setTimeout(step, 20); }
                  else { window.scrollTo(0, 0); setTimeout(done, 200); }
                };
                step();
                """);
    }

    private static String label(String panels, int number) {
        return text(
                "return document.querySelectorAll('#"
                        + panels
                        + " .chart')["
                        + number
                        + "].getAttribute('aria-label')");
    }

    @Test
    void everyChartIsDrawnAndNamed() {
        scrollThrough();
        JsonArray charts =
                browser.script(
                                """
                                return [...document.querySelectorAll('.chart')].map(chart => ({
                                  name: chart.getAttribute('aria-label') || '',
                                  lines: [...chart.querySelectorAll('svg path')]
                                    .filter(path => path.getAttribute('fill') === 'transparent'
                                      && (path.getAttribute('d') || '').length > 150).length,
                                  width: chart.querySelector('svg') ? chart.querySelector('svg').clientWidth : 0,
                                }))
                                """)
                        .getAsJsonArray();
        assertEquals(2 + 2 + 8 + 7 + 2, charts.size());
        for (JsonElement element : charts) {
            JsonObject chart = element.getAsJsonObject();
            assertTrue(chart.get("lines").getAsInt() > 0, chart::toString);
            assertTrue(chart.get("width").getAsInt() > 200, chart::toString);
            assertTrue(chart.get("name").getAsString().contains(", line chart. "), chart::toString);
        }
    }

    @Test
    void firstScreenTellsWhatHappened() {
        String alarms = text("return document.getElementById('alarm-list').textContent");
        assertTrue(alarms.contains("dpo: Squeezing from iteration"), alarms);
        assertTrue(alarms.contains("What to try: "), alarms);
        browser.click("#alarm-list a");
        assertEquals("#squeezing", text("return location.hash"));
        int cells = number("return document.querySelectorAll('#glance td').length");
        assertEquals(12 * 4, cells);
    }

    @Test
    void kindsCanBeSwitchedByMouseAndKeyboard() {
        assertTrue(label("likelihood-panels", 0).contains("irr_hum from"));
        browser.click("[data-kind=irr_hum]");
        assertFalse(label("likelihood-panels", 0).contains("irr_hum from"));
        assertFalse(label("likelihood-panels", 1).contains("irr_hum from"));
        assertEquals(
                "false", text("return document.querySelector('[data-kind=irr_hum]').ariaPressed"));
        browser.type("[data-kind=irr_hum]", "\uE007");
        assertTrue(label("likelihood-panels", 0).contains("irr_hum from"));
        browser.click("#kinds-none");
        assertTrue(label("likelihood-panels", 0).endsWith("Nothing to show."));
        browser.click("#kinds-all");
        assertTrue(label("likelihood-panels", 0).contains("chosen from 0 to"));
    }

    @Test
    void runsCanBeSwitched() throws Exception {
        String charts = "return document.querySelectorAll('#likelihood-panels .chart').length";
        assertEquals(2, number(charts));
        browser.click("[data-run='0']");
        assertEquals(2, number(charts));
        assertEquals(
                "dpo",
                text("return document.querySelector('#likelihood-panels h3').firstChild.data"));
        assertTrue(label("likelihood-panels", 0).contains("rejected from 0 to \u221232"));
        browser.click("#likelihood-panels details summary");
        waitFor("return document.querySelector('#likelihood-panels details table') !== null");
        assertEquals(
                "0",
                text("return document.querySelector('#likelihood-panels tbody th').textContent"));
        browser.click("[data-run='1']");
        assertEquals(1, number(charts));
        String runs = text("return document.getElementById('run-legend').textContent");
        assertEquals("extended sftdpo after extended", runs);
        browser.click("[data-run='2']");
        browser.click("[data-run='3']");
        assertTrue(
                text("return document.getElementById('likelihood-panels').textContent")
                        .contains("No runs are selected."));
        browser.click("[data-run='0']");
        browser.click("[data-run='3']");
        assertEquals(2, number("return document.querySelectorAll('#probe-detail .chart').length"));
    }

    @Test
    void viewAndBandCanBeChosen() {
        String change = label("likelihood-panels", 0);
        browser.click("[data-value=level]");
        assertNotEquals(change, label("likelihood-panels", 0));
        assertTrue(label("likelihood-panels", 0).contains("chosen from \u22126"));
        String polygons =
                "return document.querySelectorAll('#likelihood-panels svg path[fill-opacity], "
                        + "#likelihood-panels svg polygon').length";
        int with = number(polygons);
        browser.click("[data-choice=band][data-value=none]");
        assertTrue(number(polygons) < with, "bands must go, got " + number(polygons));
    }

    @Test
    void positionsOfSqueezingCanBeChosen() {
        String chosen = label("squeezing-panels", 0);
        browser.script(
                "const s = document.getElementById('squeeze-kind'); s.value = 'rejected';"
                        + "s.dispatchEvent(new Event('change')); s.scrollIntoView()");
        scrollThrough();
        assertNotEquals(chosen, label("squeezing-panels", 0));
    }

    @Test
    void numbersStandUnderEachChart() throws Exception {
        browser.click("#likelihood-panels details summary");
        waitFor("return document.querySelector('#likelihood-panels details table') !== null");
        assertEquals(
                31,
                number(
                        "return document.querySelectorAll('#likelihood-panels details[open] tbody tr').length"));
        assertEquals(
                13,
                number(
                        "return document.querySelectorAll('#likelihood-panels details[open] thead th').length"));
    }

    @Test
    void singleProbesCanBeFoundAndStepped() {
        browser.type("#probe-search", "number 42,");
        assertEquals(1, number("return document.getElementById('probe-pick').options.length"));
        String detail = text("return document.getElementById('probe-detail').textContent");
        assertTrue(detail.contains("Which river flows through town number 42,"), detail);
        assertTrue(detail.contains("The rejected answer to question 42: "), detail);
        browser.script(
                "document.getElementById('probe-search').value = '#';"
                        + "document.getElementById('probe-search').dispatchEvent(new Event('input'))");
        browser.click("#probe-body button:last-of-type");
        assertTrue(
                text("return document.getElementById('probe-detail').textContent")
                        .startsWith("Prompt of probe #1"));
        browser.script(
                "const o = document.getElementById('probe-order'); o.value = 'fall';"
                        + "o.dispatchEvent(new Event('change'))");
        scrollThrough();
        assertTrue(label("probe-detail", 0).contains("chosen from 0 to"), label("probe-detail", 0));
    }

    @Test
    void tooltipNamesLinesAndValues() {
        browser.script("document.getElementById('likelihood').scrollIntoView()");
        browser.hover("#likelihood-panels .chart", 0, 0);
        String tip = text("return document.querySelector('#likelihood-panels .tip').textContent");
        assertTrue(tip.matches("(?s)iteration [\\d\u2009]+.*chosen[+\u2212][\\d.]+.*"), tip);
    }

    @Test
    void everyControlIsReachedByKeyboard() {
        int unnamed =
                number(
                        """
                        return [...document.querySelectorAll('button, select, input, a, summary')]
                          .filter(e => e.tabIndex < 0 || !(e.textContent.trim() || e.ariaLabel || e.labels?.length)).length
                        """);
        assertEquals(0, unnamed);
        int unnamedRegions =
                number(
                        "return document.querySelectorAll('[role=region]:not([aria-label])').length");
        assertEquals(0, unnamedRegions);
    }

    @Test
    void hostileTextsAreShownAsText() throws Exception {
        open(hostile);
        scrollThrough();
        browser.script("document.getElementById('likelihood').scrollIntoView()");
        browser.hover("#likelihood-panels .chart", 0, 0);
        browser.click("#likelihood-panels details summary");
        assertEquals("undefined", text("return typeof window.pwned"));
        assertEquals(0, number("return document.querySelectorAll('img').length"));
        assertTrue(
                text("return document.getElementById('probe-detail').textContent")
                        .contains(HOSTILE));
        assertTrue(
                text("return document.getElementById('event-table').textContent")
                        .contains(HOSTILE));
        browser.screenshot(SHOTS.resolve("hostile.png"));
    }

    @Test
    void fitsEveryWidth() throws Exception {
        for (int width : List.of(320, 768, 1920, 400)) {
            browser.resize(width, 900);
            open(plain);
            int wide = number("return document.documentElement.scrollWidth");
            assertTrue(wide <= width, "page must fit " + width + ", got " + wide);
        }
        scrollThrough();
        browser.screenshot(SHOTS.resolve("narrow.png"));
    }

    @Test
    void followsTheColourScheme() throws Exception {
        scrollThrough();
        browser.screenshot(SHOTS.resolve("light.png"));
        String light = text("return getComputedStyle(document.body).backgroundColor");
        browser.media("screen", "dark");
        scrollThrough();
        browser.screenshot(SHOTS.resolve("dark.png"));
        assertNotEquals(light, text("return getComputedStyle(document.body).backgroundColor"));
        String ends = "return document.querySelector('#likelihood-panels svg').outerHTML";
        assertTrue(text(ends).contains("#6cb0ff") || text(ends).contains("rgb(108,176,255)"));
    }

    @Test
    void printsEveryChart() throws Exception {
        browser.media("", "dark");
        JsonElement pdf = browser.devtools("Page.printToPDF", Map.of("printBackground", true));
        String data = pdf.getAsJsonObject().get("data").getAsString();
        Files.createDirectories(SHOTS);
        Files.write(SHOTS.resolve("print.pdf"), Base64.getDecoder().decode(data));
        assertEquals(
                0,
                number(
                        "return [...document.querySelectorAll('.chart')].filter(c => !c.querySelector('svg')).length"));
    }

    /** The time is printed; on a machine that does nothing else it is below 2 seconds. */
    @Test
    void aMillionRowsStaySmallAndOpenQuickly() throws Exception {
        Path out = folder.resolve("large.html");
        Files.writeString(out, Report.html(List.of(LargeRun.make()), ReportOptions.DEFAULT));
        assertTrue(Files.size(out) <= 20_000_000, "got " + Files.size(out) + " bytes");
        open(out.toUri());
        double millis =
                browser.script("return performance.getEntriesByType('navigation')[0].loadEventEnd")
                        .getAsDouble();
        System.out.printf("%d bytes open in %.0f ms%n", Files.size(out), millis);
        assertTrue(millis < 15_000, "must open quickly, took " + millis + " ms");
        assertEquals(500, number("return document.getElementById('probe-pick').options.length"));
    }
}
