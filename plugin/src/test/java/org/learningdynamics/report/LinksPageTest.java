package org.learningdynamics.report;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class LinksPageTest {
    private static final String HOSTILE = "\"><script>alert(1)</script>";

    @Test
    void leadsToReportsAndElsewhere() {
        String page =
                LinksPage.of(
                        "Runs",
                        List.of(new LinksPage.Link("dpo", "/dynamics/run/1")),
                        List.of(new LinksPage.Link("home", "/")));
        assertTrue(page.contains("<a dir=\"auto\" href=\"/dynamics/run/1\">dpo</a>"), page);
        assertTrue(page.contains("<a dir=\"auto\" href=\"/\">home</a>"), page);
        assertTrue(page.contains("<h1 id=\"title\">Runs</h1>"), page);
    }

    @Test
    void showsNamesAsTextAndRunsNoScript() {
        LinksPage.Link hostile = new LinksPage.Link(HOSTILE, HOSTILE);
        String page = LinksPage.of(HOSTILE, List.of(hostile), List.of(hostile));
        assertFalse(page.contains("<script"), page);
        assertFalse(new ReportPage(page).policy().contains("script-src"));
        assertTrue(new ReportPage(page).policy().startsWith("default-src 'none'; style-src"));
    }

    @Test
    void saysThatThereIsNoRun() {
        assertTrue(LinksPage.of("Runs", List.of(), List.of()).contains("No run is attached."));
    }
}
