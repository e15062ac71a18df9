package org.learningdynamics.it.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.learningdynamics.report.Report;
import org.learningdynamics.report.ReportOptions;

/** The report's section on influence in a real browser. */
class InfluencePageTest extends PageTest {
    private static URI plain;
    private static URI hostile;
    private static URI without;
    private static URI stored;
    private static boolean untouched;

    @BeforeAll
    static void writeReports() throws Exception {
        plain = write("plain", InfluenceRuns.write(folder.resolve("plain.ldyn"), 6, ""));
        hostile = write("hostile", InfluenceRuns.write(folder.resolve("hostile.ldyn"), 2, HOSTILE));
        stored = write("stored", StoredRun.write(folder.resolve("stored.ldyn")));
        without = write("without", InfluenceRuns.write(folder.resolve("without.ldyn"), 0, ""));
    }

    private static URI write(String name, Path run) throws Exception {
        Path out = folder.resolve(name + ".html");
        Report.write(List.of(run), out, ReportOptions.DEFAULT);
        return out.toUri();
    }

    /** Opens the page again only where a test has changed what it shows. */
    @BeforeEach
    void openPlainPage() {
        if (!untouched) {
            browser.media("screen", "light");
            browser.resize(1280, 900);
            open(plain);
            untouched = true;
        }
    }

    private static void open(URI page) {
        untouched = false;
        openReady(page);
        show("influence-panels");
    }

    /** Scrolls to an element and waits until the charts on the screen are drawn. */
    private static void show(String id) {
        browser.await(
                """
                const done = arguments[arguments.length - 1];
                document.getElementById('%s').scrollIntoView();
                const open = () => [...document.querySelectorAll('#influence .chart')].filter(c => {
                  const at = c.getBoundingClientRect();
                  return at.top < innerHeight && at.bottom > 0 && !c.querySelector('svg');
                });
                const wait = () => open().length ? setTimeout(wait, 20) : done();
                requestAnimationFrame(wait);
                """
                        .formatted(id));
    }

    private static String label(int number) {
        return label("influence-panels", number);
    }

    private static void choose(String id, Object value, String event) {
        untouched = false;
        set(id, value, event);
    }

    @Test
    void drawsTheLastRecordedBatchAndItsPrediction() throws Exception {
        assertEquals(
                "Batch and responses, heat map of 3 examples and 8 responses. Most raised: example"
                        + " #13 on rejected of #3, +6.00; most lowered: example #11 on chosen of"
                        + " #0, \u22122.00.",
                label(0));
        assertTrue(
                label(1).startsWith("Predicted against actual change, scatter chart of 8 resp"),
                label(1));
        assertTrue(label(1).contains("Spearman 1.00, slope 0.500,"), label(1));
        assertEquals("iteration 60", content("influence-at"));
        browser.screenshot(SHOTS.resolve("influence.png"));
    }

    /** Counts the filled shapes of a chart: its cells or points, and a few of the frame. */
    private static String shapes(int chart) {
        return "return [...document.querySelectorAll('#influence-panels .chart')["
                + chart
                + "].querySelectorAll('svg path')].filter(p => (p.getAttribute('fill') ||"
                + " '').startsWith('rgb') || (p.getAttribute('fill') ||"
                + " '').startsWith('#')).length";
    }

    @Test
    void tellsCoverageAndTrust() {
        String coverage = content("influence-coverage");
        assertTrue(
                coverage.startsWith(
                        "6 of 60 updates recorded (10.00\u00a0%), 7 examples seen, 9 kno"),
                coverage);
        assertTrue(coverage.contains("Median over recordings: Spearman 1.00"), coverage);
    }

    @Test
    void theSliderChoosesTheRecording() {
        String last = label(0);
        choose("influence-recording", 0, "input");
        assertEquals("iteration 10", content("influence-at"));
        assertNotEquals(last, label(0));
        assertTrue(content("influence-trust").startsWith("At iteration 10 of influence: Spearman"));
    }

    @Test
    void theSliderIsMovedByKeyboardAndSaysWhereItIs() {
        untouched = false;
        String left = "\uE012";
        browser.type("#influence-recording", left + left);
        assertEquals("iteration 40", content("influence-at"));
        String spoken = "return document.getElementById('influence-recording').ariaValueText";
        assertEquals("iteration 40", text(spoken));
    }

    @Test
    void coloursShowPartsAndTheKernelWithTheirScale() {
        choose("influence-matrix", "chosen", "change");
        assertTrue(label(0).contains("on rejected of #3, +12.00; most lowered"), label(0));
        String ticks = "return document.querySelector('#influence .heat-ticks').textContent";
        assertEquals("\u221212.00\u22123.000+3.00+12.00", text(ticks));
        choose("influence-matrix", "kernel trace rejected", "change");
        assertTrue(label(0).contains("Most: example #13 on rejected of #3, +135.0"), label(0));
        choose("influence-recording", 0, "input");
        assertTrue(label(0).endsWith("Nothing to show."), label(0));
        String below = "return document.querySelector('#influence-panels .empty').textContent";
        assertTrue(text(below).startsWith("The kernel was not measured at this recording"));
    }

    @Test
    void layersAndPartsAreToldOfTheChosenRecording() {
        assertTrue(
                label(2).startsWith("Layers and responses, heat map of 2 layer groups"), label(2));
        assertTrue(label(2).contains("Most raised: head on rejected of #3, +"), label(2));
        assertTrue(label(3).contains("3 examples on chosen of #0. Through chosen"), label(3));
        assertTrue(label(4).contains("Mean chosen 1.00; rejected 1.00."), label(4));
    }

    @Test
    void aCellChoosesItsResponse() {
        untouched = false;
        browser.click("#influence-panels .chart");
        String chosen = text("return document.getElementById('influence-response').value");
        assertNotEquals("0", chosen);
        String name =
                text("return document.querySelector('#influence-top .beside h4').textContent");
        assertTrue(label(3).contains(" on " + name + ". "), label(3));
        assertTrue(content("influence-top").contains("Raised " + name + " most"), name);
    }

    @Test
    void trustPullAndKernelAreDrawnOverTheRun() {
        show("influence-over-time");
        assertEquals(
                6,
                number("return document.querySelectorAll('#influence-over-time .chart').length"));
        String first =
                text(
                        "return document.querySelector('#influence-over-time .chart').getAttribute('aria-label')");
        assertEquals(
                "Trust in the predictions, line chart. Spearman from 1.00 to 1.00; slope from 0.500"
                        + " to 0.500; R\u00b2 from \u22121.19 to \u22121.19; remainder from 1.00 to"
                        + " 1.00.",
                first);
    }

    @Test
    void textsOfExampleAndResponseStandSideBySide() {
        String card = text("return document.querySelector('#influence-top .beside').textContent");
        assertEquals("chosen of #0Promptquestion 0Responseyes", card);
        choose("influence-span", "recording", "change");
        String top = content("influence-top");
        assertTrue(top.contains("Lowered chosen of #0 most at iteration 60 (nats)"), top);
        String first = text("return document.querySelector('#influence-top tbody').textContent");
        assertTrue(first.startsWith("#11learn example 11"), first);
    }

    @Test
    void ranksHelpersAndHarmersOfTheChosenResponse() {
        String chosen = content("influence-top");
        assertTrue(chosen.contains("Lowered chosen of #0 most (nats)"), chosen);
        assertTrue(chosen.contains("learn example 10"), chosen);
        assertTrue(chosen.contains("through its chosen"), chosen);
        int rejectedOfProbe3 = 7;
        choose("influence-response", rejectedOfProbe3, "change");
        String rejected = content("influence-top");
        assertTrue(rejected.contains("Raised rejected of #3 most (nats)"), rejected);
        String first = text("return document.querySelector('#influence-top tbody th').textContent");
        assertEquals("#16", first);
    }

    @Test
    void followsTheKindsThatAreShown() {
        untouched = false;
        int cells = number(shapes(0));
        int points = number(shapes(1));
        browser.click("[data-kind=rejected]");
        assertEquals(cells - 12, number(shapes(0)));
        int pointsAndLegend = 4 + 1;
        assertEquals(points - pointsAndLegend, number(shapes(1)));
        assertTrue(label(0).contains("3 examples and 4 responses"), label(0));
        assertTrue(label(1).contains("scatter chart of 4 responses"), label(1));
        browser.click("#kinds-none");
        assertTrue(label(0).endsWith("Nothing to show."), label(0));
    }

    @Test
    void givesItsNumbers() {
        untouched = false;
        browser.click("#influence-panels details summary");
        browser.await("requestAnimationFrame(() => setTimeout(arguments[0], 50))");
        assertEquals(
                8, number("return document.querySelectorAll('#influence-panels tbody tr').length"));
    }

    @Test
    void isLeftOutWithoutInfluences() {
        open(without);
        assertEquals("true", text("return String(document.getElementById('influence').hidden)"));
        assertEquals(
                0, number("return document.querySelectorAll('nav [href=\"#influence\"]').length"));
        open(plain);
        assertEquals(
                1, number("return document.querySelectorAll('nav [href=\"#influence\"]').length"));
    }

    @Test
    void hostileTextsAreShownAsText() {
        open(hostile);
        browser.hover("#influence-panels .chart", 0, 0);
        assertTrue(content("influence-top").contains(HOSTILE), content("influence-top"));
        assertEquals("undefined", text("return typeof window.pwned"));
        assertEquals(0, number("return document.querySelectorAll('img').length"));
    }

    @Test
    void fitsEveryWidthInBothColourSchemes() throws Exception {
        untouched = false;
        for (int width : List.of(320, 400, 768, 1920)) {
            browser.resize(width, 900);
            show("influence-panels");
            int wide = number("return document.documentElement.scrollWidth");
            assertTrue(wide <= width, "page must fit " + width + ", got " + wide);
        }
        browser.resize(1280, 900);
        browser.media("screen", "dark");
        show("influence-panels");
        browser.screenshot(SHOTS.resolve("influence-dark.png"));
    }

    @Test
    void everyControlIsNamed() {
        int unnamed =
                number(
                        """
                        return [...document.querySelectorAll('#influence button, #influence select, #influence input, #influence summary')]
                          .filter(e => e.tabIndex < 0 || !(e.textContent.trim() || e.ariaLabel || e.labels?.length)).length
                        """);
        assertEquals(0, unnamed);
    }

    @Test
    void sumsOverCheckpointsAreShownWithoutBatches() throws Exception {
        open(stored);
        assertEquals(
                "2 of 2 checkpoints scored, 2 examples of 2, each at every scored checkpoint, whether"
                        + " it was in a recorded batch or not.",
                content("influence-coverage"));
        assertEquals(0, number("return document.querySelectorAll('#influence .chart').length"));
        String top = content("influence-top");
        assertTrue(top.contains("Raised chosen of #1 most (inner product)"), top);
        assertTrue(top.contains("a checkpoint"), top);
        assertTrue(top.contains("#11prompt of the helper+1.502+3.00"), top);
        assertTrue(top.contains("#12prompt of the harmer\u22122.002\u22124.00"), top);
        choose("influence-response", 1, "change");
        assertTrue(content("influence-top").contains("#12prompt of the harmer+4.002+8.00"));
        browser.script("document.getElementById('influence').scrollIntoView()");
        browser.screenshot(SHOTS.resolve("influence-stored.png"));
    }
}
