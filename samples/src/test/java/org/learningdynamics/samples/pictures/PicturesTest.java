package org.learningdynamics.samples.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class PicturesTest {
    private static final HeatMap MAP =
            new HeatMap(
                    "a < b",
                    "true & real",
                    "predicted",
                    List.of("<0>", "1"),
                    new double[][] {{.9, -.1}, {Double.NaN, .25}});
    private static final LineChart CHART =
            chart(LineChart.Scale.LINEAR, new double[] {1, 2, Double.NaN, 4});

    private static LineChart chart(LineChart.Scale scale, double[] y) {
        double[] x = new double[y.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = 10 * i;
        }
        return new LineChart(
                "chart",
                "steps",
                scale,
                List.of(new LineChart.Line("line", x, y)),
                List.of(new LineChart.Mark(10, "here")));
    }

    private static Document parse(Picture picture) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(picture.svg())));
    }

    @Test
    void heatMapShowsEveryNumberThatIsOne() throws Exception {
        assertEquals(3, parse(MAP).getElementsByTagName("rect").getLength());
        assertTrue(MAP.svg().contains(">-0.10<") && MAP.svg().contains("&lt;0&gt; to 1: -0.1"));
    }

    @Test
    void positiveIsBlueAndNegativeRed() {
        assertTrue(MAP.svg().contains("fill=\"rgb(255,80,80)\""), "the largest off the diagonal");
        assertTrue(MAP.svg().contains("fill=\"rgb(80,167,255)\""));
    }

    @Test
    void lineStopsAtAGapAndGoesOnBehindIt() throws Exception {
        assertEquals("svg", parse(CHART).getDocumentElement().getTagName());
        assertTrue(CHART.svg().contains("d=\"M64.0 177.0L225.3 128.0M548.0 30.0\""), CHART.svg());
    }

    @Test
    void axesHaveRoundNumbers() {
        String svg = CHART.svg();
        for (String tick : List.of("0", "5", "10", "30", "1", "4")) {
            assertTrue(svg.contains(">" + tick + "</text>"), tick + " in " + svg);
        }
    }

    @Test
    void logarithmicScaleLeavesOutWhatHasNoLogarithm() {
        String svg = chart(LineChart.Scale.LOGARITHMIC, new double[] {1e-8, 0, -1, 1}).svg();
        assertTrue(svg.contains(">1e-08<") && svg.contains(">1e+00<"), svg);
        assertFalse(svg.contains("NaN") || svg.contains("Infinity"));
    }

    @Test
    void aConstantLineIsDrawn() {
        assertFalse(chart(LineChart.Scale.LINEAR, new double[] {3, 3}).svg().contains("NaN"));
        assertFalse(chart(LineChart.Scale.LINEAR, new double[] {3}).svg().contains("NaN"));
        double[] nothing = {Double.NaN};
        assertFalse(chart(LineChart.Scale.LINEAR, nothing).svg().contains("NaN"));
    }

    @Test
    @ResourceLock(Resources.LOCALE)
    void numbersDoNotDependOnTheLocale() {
        String expected = page();
        Locale before = Locale.getDefault();
        try {
            for (String tag : List.of("de-DE", "ar-EG", "hi-IN-u-nu-deva")) {
                Locale.setDefault(Locale.forLanguageTag(tag));
                assertEquals(expected, page(), tag);
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    private static String page() {
        return new HtmlPage("T & S")
                .heading("<h>")
                .text("a > b")
                .table("1 < 2")
                .pictures(MAP, CHART)
                .html();
    }

    @Test
    void pageEscapesWordsAndLoadsNothing() {
        String page = page();
        assertTrue(page.contains("<title>T &amp; S</title>") && page.contains("&lt;h&gt;"));
        assertTrue(page.contains("default-src 'none'"));
        assertFalse(page.contains("http:") || page.contains("https:") || page.contains("<script"));
    }

    @Test
    void refusesTablesAndLinesThatDoNotFit() {
        assertMessage(
                "values must be square with one row a name (1), got 1 rows of 2",
                () -> new HeatMap("c", "r", "c", List.of("a"), new double[1][2]));
        assertMessage(
                "x and y must have the same length, got 2 and 1",
                () -> new LineChart.Line("l", new double[2], new double[1]));
        assertMessage(
                "lines must hold at least one point, got 0",
                () -> new LineChart("c", "x", LineChart.Scale.LINEAR, List.of(), List.of()));
    }

    private static void assertMessage(String message, Runnable action) {
        var error = assertThrows(IllegalArgumentException.class, action::run);
        assertEquals(message, error.getMessage());
    }
}
