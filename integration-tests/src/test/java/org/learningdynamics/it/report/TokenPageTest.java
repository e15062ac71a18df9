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

/** Single tokens and the masses before and after, in a real browser. */
class TokenPageTest extends PageTest {
    private static URI plain;
    private static URI hostile;
    private static URI without;
    private static URI spread;
    private static boolean untouched;

    @BeforeAll
    static void writeReports() throws Exception {
        plain = write("plain", TokenRuns.Detail.TOKENS, "");
        hostile = write("hostile", TokenRuns.Detail.DISTRIBUTIONS, HOSTILE);
        without = write("without", TokenRuns.Detail.SUMS, "");
        spread = write("spread", TokenRuns.Detail.DISTRIBUTIONS, "");
    }

    private static URI write(String name, TokenRuns.Detail detail, String text) throws Exception {
        Path out = folder.resolve(name + ".html");
        Path run = TokenRuns.write(folder.resolve(name + ".ldyn"), detail, text);
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
    }

    private static void choose(String id, Object value) {
        untouched = false;
        set(id, value, "change");
    }

    /** The classes of the shades of one line: before, after or change of a kind. */
    private static String shades(int block, int line) {
        return text(
                """
                return [...document.querySelectorAll('.token-block')[%d].querySelectorAll('.tokens')[%d]
                  .querySelectorAll('.token > span')].map(shade => shade.className).join(' ')
                """
                        .formatted(block, line));
    }

    @Test
    void tokensAreShadedByTheirProbabilityAndByTheirChange() throws Exception {
        assertEquals("low1 low2 low1", shades(0, 0));
        assertEquals("low1 low3 low1", shades(0, 1));
        assertEquals("up0 down2 up0", shades(0, 2).replace("down0", "up0"));
        String colour =
                text(
                        "return getComputedStyle(document.querySelector('.tokens .low3')).backgroundColor");
        assertEquals("rgba(205, 80, 20, 0.36)", colour);
        browser.script("document.getElementById('probe').scrollIntoView()");
        browser.screenshot(SHOTS.resolve("tokens.png"));
    }

    @Test
    void theLikeliestTokenStandsAboveWhereItIsAnother() {
        String above =
                """
                return [...document.querySelectorAll('.token-block')[%d].querySelectorAll('.tokens')[%d]
                  .querySelectorAll('small')].map(small => small.textContent.trim()).join('|')
                """;
        assertEquals("||", text(above.formatted(0, 0)));
        assertEquals("|\u2423well|", text(above.formatted(0, 1)));
        assertEquals("|\u2423yes|", text(above.formatted(1, 0)));
    }

    @Test
    void aLineIsWalkedByKeyboardAndReadsItsNumbers() {
        untouched = false;
        String first = "[data-kind=chosen].token";
        browser.type(first, "\uE014");
        assertEquals(
                "chosen 2 \u201c\u2423yes\u201d: log-probability \u22120.915 (p 0.401), the"
                        + " likeliest",
                content("token-says"));
        assertEquals(
                "1", text("return document.activeElement.dataset.position"), "one place further");
        int stops =
                number("return document.querySelectorAll('.tokens .token[tabindex=\"0\"]').length");
        assertEquals(6, stops);
    }

    @Test
    void twoOtherRecordingsCanBeChosen() {
        choose("token-after", "0:1");
        assertEquals("low1 low2 low1", shades(0, 1));
        assertTrue(
                content("token-lines")
                        .startsWith("Before: talk, iteration 0. After: talk, iteration 10."));
    }

    /** "yes" and "no" stand behind the same beginning, so both are known there. */
    @Test
    void aPositionIsDrawnWithAllTokensThatWereMeasuredThere() {
        untouched = false;
        browser.click("[data-kind=rejected].token[data-position='1']");
        String drawn = label("token-position", 0);
        assertTrue(drawn.contains("\u2423yes (chosen) from 0.401 to 0.0998"), drawn);
        assertTrue(drawn.contains("\u2423no (rejected) from 0.200 to 0.0500"), drawn);
        assertTrue(drawn.contains("all other tokens from 0.400 to 0.850"), drawn);
        assertEquals(
                "Position 2 of rejected. Likeliest before: \u201c\u2423yes\u201d, measured here."
                        + " Likeliest after: \u201c\u2423well\u201d, among the others.",
                content("position-note"));
        browser.script("document.getElementById('token-position').scrollIntoView()");
        settle("token-position");
        String position = "return document.querySelector('#token-position svg').textContent";
        String linear = text(position);
        assertTrue(linear.contains("00.20.40.60.81"), linear);
        choose("position-scale", "log");
        settle("token-position");
        assertNotEquals(linear, text(position));
    }

    @Test
    void aRecordedDistributionIsDrawnWhole() throws Exception {
        open(spread);
        browser.click("[data-kind=rejected].token[data-position='1']");
        String drawn = label("token-position", 0);
        assertTrue(
                drawn.startsWith(
                        "The distribution at this position, arrows of 5 rows. \u2423yes (chosen)"
                                + " from 0.401 to 0.0998; \u2423no (rejected)"),
                drawn);
        assertTrue(drawn.contains("\u2423well from 0.0998 to 0.600"), drawn);
        assertTrue(drawn.contains("\u2423hm from \u2013 to 0.200"), drawn);
        assertTrue(drawn.contains("all other tokens from 0.3"), drawn);
        assertEquals(
                "Position 2 of rejected. Likeliest before: \u201c\u2423yes\u201d, measured here."
                        + " Likeliest after: \u201c\u2423well\u201d, measured here. 1 token is"
                        + " measured on one side only: it is among all other tokens too.",
                content("position-note"));
        browser.script("document.getElementById('token-position').scrollIntoView()");
        settle("token-position");
        browser.screenshot(SHOTS.resolve("distribution.png"));
    }

    private static void settle(String id) {
        browser.await(
                """
                const wait = () => document.querySelector('#%s svg') ? arguments[0]() : setTimeout(wait, 20);
                wait();
                """
                        .formatted(id));
    }

    @Test
    void numbersStandUnderTheTokens() {
        untouched = false;
        browser.click("#token-lines details summary");
        browser.await("setTimeout(arguments[0], 100)");
        assertEquals(6, number("return document.querySelectorAll('#token-lines tbody tr').length"));
        String row =
                text("return document.querySelectorAll('#token-lines tbody tr')[1].textContent");
        assertTrue(row.startsWith("chosen2\u2423yes\u22120.915\u22122.3"), row);
    }

    @Test
    void withoutTokensASentenceSaysHowToRecordThem() {
        open(without);
        assertTrue(content("token-none").contains("--tokens all"), content("token-none"));
    }

    @Test
    void theMassesAreDrawnBeforeAndAfter() throws Exception {
        String own = label("picture-panels", 0);
        assertTrue(own.startsWith("The response itself, arrows of 2 rows. chosen from 0.56"), own);
        double before = Math.pow(0.9 * 0.4 * 0.5, 1 / 3.0);
        assertEquals(0.565, before, 5e-4);
        assertTrue(own.contains("chosen from 0.565 to 0.356"), own);
        String argmax = label("picture-panels", 1);
        assertTrue(argmax.contains("chosen from 0.500 to 0.900"), argmax);
        String rest = label("picture-panels", 2);
        assertTrue(rest.contains("chosen from 0.500 to 0.100"), rest);
        assertTrue(content("picture-says").contains("At the positions of rejected: the response"));
        browser.script("document.getElementById('picture').scrollIntoView()");
        settle("picture-panels");
        browser.screenshot(SHOTS.resolve("picture.png"));
    }

    @Test
    void thePictureCanBeOneProbesAndLinear() {
        browser.script("document.getElementById('picture').scrollIntoView()");
        settle("picture-panels");
        String log = text("return document.querySelector('#picture-panels svg').textContent");
        choose("picture-scale", "linear");
        String linear = text("return document.querySelector('#picture-panels svg').textContent");
        assertNotEquals(log, linear);
        assertTrue(linear.contains("0.2"), linear);
        choose("picture-probe", 1);
        assertTrue(label("picture-panels", 0).contains("chosen from 0.565 to 0.356"));
    }

    @Test
    void hostileTokensAreShownAsText() {
        open(hostile);
        String shown = "return document.querySelector('.token > span').textContent";
        assertEquals("so" + HOSTILE.replace(" ", "\u2423"), text(shown));
        browser.click("[data-kind=rejected].token[data-position='0']");
        assertEquals("undefined", text("return typeof window.pwned"));
        assertEquals(0, number("return document.querySelectorAll('img').length"));
    }

    @Test
    void fitsNarrowScreensInTheDark() throws Exception {
        untouched = false;
        browser.resize(400, 900);
        browser.media("screen", "dark");
        int wide = number("return document.documentElement.scrollWidth");
        assertTrue(wide <= 400, "page must fit 400, got " + wide);
        browser.script("document.getElementById('token-lines').scrollIntoView()");
        browser.screenshot(SHOTS.resolve("tokens-dark.png"));
    }

    @Test
    void everyControlIsNamed() {
        int unnamed =
                number(
                        """
                        return [...document.querySelectorAll('#probe button, #probe select, #probe input, #picture select')]
                          .filter(e => e.tabIndex < 0 || !(e.textContent.trim() || e.ariaLabel || e.labels?.length)).length
                        """);
        assertEquals(0, unnamed);
    }
}
