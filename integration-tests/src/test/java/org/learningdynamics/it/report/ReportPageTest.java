package org.learningdynamics.it.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.learningdynamics.report.Report;
import org.learningdynamics.report.ReportOptions;

/** The report in a real browser: drawn, switched, searched, themed, printed, attacked. */
class ReportPageTest extends PageTest {
    private static final String HOSTILE = PageTest.HOSTILE + "\u2028\u202e\u05d0";

    private static URI plain;
    private static URI hostile;
    private static URI classifier;

    @BeforeAll
    static void writeReports() throws Exception {
        plain = write("plain", new ReportRuns(60, 16, ""));
        hostile = write("hostile", new ReportRuns(6, 7, HOSTILE));
        Path out = folder.resolve("classifier.html");
        Path run = ClassifierRun.write(folder.resolve("classifier.ldyn"));
        Report.write(List.of(run), out, ReportOptions.DEFAULT);
        classifier = out.toUri();
    }

    private static URI write(String name, ReportRuns runs) throws Exception {
        Path out = folder.resolve(name + ".html");
        List<Path> files = runs.write(Files.createDirectory(folder.resolve(name)));
        Report.write(files, out, ReportOptions.DEFAULT.title("Four runs, made up"));
        return out.toUri();
    }

    @BeforeEach
    void openPlainPage() {
        browser.media("screen", "light");
        browser.resize(1280, 900);
        openReady(plain);
    }

    private static void waitFor(String condition) throws InterruptedException {
        for (int i = 0; i < 100 && !browser.script(condition).getAsBoolean(); i++) {
            Thread.sleep(50);
        }
        assertTrue(browser.script(condition).getAsBoolean(), condition);
    }

    /** Makes the view as high as the page, so that every chart is drawn, and waits for them. */
    private static void drawAll() {
        browser.resize(1280, 16_000);
        waitForFrames();
    }

    private static void waitForFrames() {
        browser.await(
                """
                const done = arguments[0];
                requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0)));
                """);
    }

    private static List<String> texts(String selector) {
        List<String> texts = new ArrayList<>();
        browser.script(
                        "return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)",
                        selector)
                .getAsJsonArray()
                .forEach(text -> texts.add(text.getAsString()));
        return texts;
    }

    @Test
    void everyChartIsDrawnAndNamed() throws Exception {
        drawAll();
        JsonArray charts =
                browser.script(
                                """
                                return [...document.querySelectorAll('.chart')].filter(chart => !chart.closest('#picture')).map(chart => ({
                                  name: chart.getAttribute('aria-label') || '',
                                  section: chart.closest('section').id,
                                  shapes: [...chart.querySelectorAll('svg path')]
                                    .filter(path => (path.getAttribute('d') || '').length > 20).length,
                                  lines: [...chart.querySelectorAll('svg path')]
                                    .filter(path => path.getAttribute('fill') === 'transparent'
                                      && (path.getAttribute('d') || '').length > 150).length,
                                  width: chart.querySelector('svg') ? chart.querySelector('svg').clientWidth : 0,
                                }))
                                """)
                        .getAsJsonArray();
        Map<String, Integer> sections = new TreeMap<>();
        for (JsonElement element : charts) {
            JsonObject chart = element.getAsJsonObject();
            String name = chart.get("name").getAsString();
            assertTrue(chart.get("width").getAsInt() > 200, chart::toString);
            assertTrue(
                    name.matches(".*, (line|scatter|bar|interval) chart.*|.*, heat map of .*"),
                    name);
            assertFalse(name.contains("Nothing to show"), name);
            boolean lines = name.contains("line chart");
            assertTrue(chart.get(lines ? "lines" : "shapes").getAsInt() > 0, chart::toString);
            sections.merge(chart.get("section").getAsString(), 1, Integer::sum);
        }
        Map<String, Integer> wanted =
                Map.of(
                        "likelihood",
                        2,
                        "differences",
                        3,
                        "accumulated",
                        9,
                        "shape",
                        8,
                        "metrics",
                        7);
        wanted.forEach((section, count) -> assertEquals(count, sections.get(section), section));
        assertTrue(sections.get("squeezing") >= 4, sections::toString);
        browser.screenshot(SHOTS.resolve("light.png"));
    }

    @Test
    void firstScreenTellsWhatHappenedAndWhatToDo() {
        assertEquals(
                "dpo (from iteration 0) and dpo after extended (from iteration 0) squeeze: chosen"
                        + " falls with rejected while the likeliest tokens rise. Squeezing",
                texts("#headline p").get(0));
        assertTrue(texts("#actions li").get(0).startsWith("dpo and dpo after extended: try super"));
        assertEquals(4, texts("#stories > li").size());
        assertTrue(texts("#comparisons li").get(0).startsWith("dpo after extended against dpo"));
        assertEquals(12 * 4, number("return document.querySelectorAll('#glance td').length"));
    }

    @Test
    void sentencesLeadToTheirCharts() {
        browser.click("#headline a");
        assertEquals("#squeezing", text("return location.hash"));
        waitForFrames();
        double clear =
                browser.script(
                                """
                                return document.getElementById('squeezing').getBoundingClientRect().top
                                  - document.getElementById('controls').getBoundingClientRect().bottom
                                """)
                        .getAsDouble();
        assertTrue(clear >= 0, "the controls must not cover the section, by " + clear);
        List<String> targets = new ArrayList<>();
        browser.script(
                        """
                        return [...document.querySelectorAll('a[href^="#"]')].map(a => a.hash.slice(1))
                          .filter(id => !document.getElementById(id) || document.getElementById(id).hidden)
                        """)
                .getAsJsonArray()
                .forEach(id -> targets.add(id.getAsString()));
        assertEquals(List.of(), targets);
    }

    @Test
    void runsAreSubtractedPairedBothWays() {
        assertEquals("dpo after extended minus dpo", texts("#difference-name").get(0));
        String forth = label("difference-panels", 0);
        assertTrue(forth.contains("chosen from 0 to 7."), forth);
        browser.click("#difference-swap");
        assertEquals("dpo minus dpo after extended", texts("#difference-name").get(0));
        assertTrue(
                label("difference-panels", 0).contains("chosen from 0 to \u22127."),
                label("difference-panels", 0));
        assertTrue(
                label("difference-panels", 1).contains("interval chart"),
                label("difference-panels", 1));
        browser.script(
                "const s = document.getElementById('difference-pair'); s.value = '1';"
                        + "s.dispatchEvent(new Event('change'))");
        assertEquals("sft minus extended sft", texts("#difference-name").get(0));
        browser.click("[data-kind=chosen]");
        assertFalse(label("difference-panels", 0).contains("chosen from"));
    }

    @Test
    void linesOfTrainingCanBeLaidOverEachOther() {
        browser.click("[data-choice=layout][data-value=kind]");
        assertEquals(
                12, number("return document.querySelectorAll('#likelihood-panels .chart').length"));
        assertTrue(
                label("likelihood-panels", 0)
                        .matches(
                                "chosen, line chart. sft . dpo from 0 to [\\d.]+; extended sft . dpo"
                                        + " after extended from 0 to [\\d.]+\\."),
                label("likelihood-panels", 0));
        browser.click("[data-kind=rejected]");
        assertTrue(
                texts("#likelihood-panels .empty:not([hidden])")
                        .equals(List.of("This kind is switched off.")));
        browser.click("[data-choice=layout][data-value=run]");
        assertEquals(
                2, number("return document.querySelectorAll('#likelihood-panels .chart').length"));
    }

    @Test
    void pullIsShownSignedOrAsSizeAndAddedUp() {
        String signed = label("accumulated-panels", 0);
        assertTrue(signed.startsWith("Pull, sft, line chart. chosen from "), signed);
        browser.click("[data-choice=series][data-value=lbk]");
        assertNotEquals(signed, label("accumulated-panels", 0));
        assertFalse(label("accumulated-panels", 1).contains("\u2212"), "sizes have no sign");
        String changes = label("accumulated-map", 0);
        assertTrue(
                changes.startsWith("Runs against kinds, heat map of 12 rows and 4 col"), changes);
        browser.click("[data-choice=map][data-value=sign]");
        assertNotEquals(changes, label("accumulated-map", 0));
    }

    @Test
    void everyKindHasItsBarAndItsInterval() {
        for (String panels : List.of("difference-panels", "accumulated-panels")) {
            browser.script("document.getElementById(arguments[0]).scrollIntoView()", panels);
            waitForFrames();
        }
        String filled =
                "return [...document.querySelectorAll('%s .chart')][1].querySelectorAll("
                        + "'svg path[fill^=\"#\"]').length";
        int bars = number(filled.formatted("#accumulated-panels"));
        int points = number(filled.formatted("#difference-panels"));
        browser.click("#kinds-none");
        browser.click("[data-kind=chosen]");
        waitForFrames();
        int shapes = 4; // the bar or point, and the three lines of its whisker
        assertEquals(bars - 11 * shapes, number(filled.formatted("#accumulated-panels")));
        assertEquals(points - 11 * shapes, number(filled.formatted("#difference-panels")));
    }

    /** A run without a recording, and one with a single one of a single probe. */
    @Test
    void emptyRunsGiveSentences() throws Exception {
        for (int recordings : List.of(0, 1)) {
            Path file = folder.resolve("bare" + recordings + ".ldyn");
            Path out = folder.resolve("bare" + recordings + ".html");
            Report.write(List.of(ReportRuns.bare(file, recordings)), out, ReportOptions.DEFAULT);
            openReady(out.toUri());
            drawAll();
            assertEquals(
                    "Nothing to tell yet: bare has fewer than two recordings. Likelihood",
                    texts("#headline p").get(0));
            assertEquals(
                    List.of("There is one run, so nothing can be subtracted."),
                    texts("#difference-panels .empty"));
            assertEquals(
                    0,
                    number(
                            "return [...document.querySelectorAll('.chart:not([hidden])')].filter(c => !c.querySelector('svg')).length"));
            assertTrue(texts("#accumulated-panels .empty:not([hidden])").size() >= 2);
        }
    }

    @Test
    void restIsDrawnAgainstArgmaxWithItsLine() {
        String all = label("against-panels", 0);
        assertTrue(
                all.matches(
                        "Argmax against rest, dpo, scatter chart of argmax and rest. dpo: slope"
                                + " .[\\d.]+, R. [\\d.]+\\."),
                all);
        browser.click("[data-choice=squeeze-stages][data-value=all]");
        assertTrue(label("against-panels", 0).contains("sft: slope"), label("against-panels", 0));
        browser.click("#against-panels details summary");
        waitForFrames();
        assertEquals(2 * 16, texts("#against-panels details[open] tbody tr").size());
    }

    @Test
    void onlyWhatDiffersStandsOpenInTheProvenance() {
        assertEquals(
                List.of("config.learning_ratediffers"), texts("#provenance-table > div tbody th"));
        assertEquals(List.of("0.0005", "0.0005"), texts("#provenance-table > div td.other"));
        assertEquals(0, texts("#provenance-table details[open]").size());
        browser.click("#provenance-table details:last-of-type summary");
        assertTrue(texts("#provenance-table details[open] tbody th").contains("backend"));
    }

    @Test
    void nothingToDrawIsASentenceNotAnEmptyChart() {
        browser.click("#kinds-none");
        waitForFrames();
        assertEquals(
                0,
                number(
                        "return document.querySelectorAll('#likelihood .chart:not([hidden])').length"));
        assertEquals(
                List.of(
                        "Nothing to show: no kind is selected, or nothing was recorded for these.",
                        "Nothing to show: no kind is selected, or nothing was recorded for these."),
                texts("#likelihood .empty:not([hidden])"));
        browser.click("#kinds-all");
        waitForFrames();
        assertEquals(0, texts("#likelihood .empty:not([hidden])").size());
    }

    @Test
    void classifiersShowWhichClassesPullEachOther() throws Exception {
        openReady(classifier);
        browser.resize(1280, 2600);
        waitForFrames();
        assertEquals(
                "No alarm. At the end pets gets 100.0 % of the probes right. Classes",
                texts("#headline p").get(0).replace('\u00a0', ' '));
        assertEquals(
                "pets, Mean prediction, heat map of 3 rows and 3 columns. Highest: eel in eel, 0.800;"
                        + " lowest: cat in eel, 0.0500.",
                label("class-maps-0", 1));
        assertEquals("cat and dog", texts("#class-pulls-0 tbody th").get(0));
        browser.type("[data-class-run='0']", "\uE012");
        assertEquals("iteration 200", texts("#class-runs output").get(0));
        assertTrue(label("class-maps-0", 1).contains("Highest: eel in eel, 0.707"));
        assertEquals(
                List.of("Accuracy", "Adaptation of features, dot", "Adaptation of logits, dot"),
                texts("#class-curves h3").stream()
                        .map(t -> t.replaceAll("(share|lag 1).*", ""))
                        .toList());
        browser.screenshotOfView(SHOTS.resolve("classifier.png"));
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
        openReady(hostile);
        drawAll();
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
        browser.screenshotOfView(SHOTS.resolve("hostile.png"));
    }

    @Test
    void fitsEveryWidth() throws Exception {
        for (int width : List.of(320, 768, 1920, 400)) {
            browser.resize(width, 2500);
            waitForFrames();
            int wide = number("return document.documentElement.scrollWidth");
            assertTrue(wide <= width, "page must fit " + width + ", got " + wide);
        }
        browser.screenshotOfView(SHOTS.resolve("narrow.png"));
    }

    @Test
    void followsTheColourScheme() throws Exception {
        browser.script("document.getElementById('likelihood').scrollIntoView()");
        waitForFrames();
        String light = text("return getComputedStyle(document.body).backgroundColor");
        browser.media("screen", "dark");
        waitForFrames();
        assertNotEquals(light, text("return getComputedStyle(document.body).backgroundColor"));
        String chart = text("return document.querySelector('#likelihood-panels svg').outerHTML");
        assertTrue(chart.contains("#6cb0ff") || chart.contains("rgb(108,176,255)"));
        browser.screenshotOfView(SHOTS.resolve("dark.png"));
    }

    @Test
    void focusIsVisible() {
        browser.type("[data-kind=chosen]", "\uE004");
        assertEquals("chosen_initial", text("return document.activeElement.dataset.kind"));
        assertEquals("3px", text("return getComputedStyle(document.activeElement).outlineWidth"));
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
                        "return [...document.querySelectorAll('.chart:not([hidden])')].filter(c => !c.querySelector('svg')).length"));
    }

    /** The time is printed; on a machine that does nothing else it is below 2 seconds. */
    @Test
    void aMillionRowsStaySmallAndOpenQuickly() throws Exception {
        Path out = folder.resolve("large.html");
        Files.writeString(out, Report.html(List.of(LargeRun.make()), ReportOptions.DEFAULT));
        assertTrue(Files.size(out) <= 20_000_000, "got " + Files.size(out) + " bytes");
        openReady(out.toUri());
        double millis =
                browser.script("return performance.getEntriesByType('navigation')[0].loadEventEnd")
                        .getAsDouble();
        System.out.printf("%d bytes open in %.0f ms%n", Files.size(out), millis);
        assertTrue(millis < 15_000, "must open quickly, took " + millis + " ms");
        assertEquals(500, number("return document.getElementById('probe-pick').options.length"));
    }

    /** The tokens of all probes and the influences get only as much of the page as they may. */
    @Test
    void tokensAndInfluencesOf500ProbesStaySmallAndOpenQuickly() throws Exception {
        Path out = folder.resolve("full.html");
        Path run = LargeRunFile.write(folder.resolve("full.ldyn"), 3, 24);
        Report.write(List.of(run), out, ReportOptions.DEFAULT);
        assertTrue(Files.size(out) <= 20_000_000, "got " + Files.size(out) + " bytes");
        openReady(out.toUri());
        double millis =
                browser.script("return performance.getEntriesByType('navigation')[0].loadEventEnd")
                        .getAsDouble();
        System.out.printf("%d bytes open in %.0f ms%n", Files.size(out), millis);
        assertTrue(millis < 15_000, "must open quickly, took " + millis + " ms");
        assertEquals(
                24 * 12,
                number(
                        "return document.querySelectorAll('.tokens[aria-label$=after] .token').length"));
        assertEquals(
                60, number("return document.getElementById('influence-response').options.length"));
    }
}
