package org.learningdynamics.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveReportTest {
    @TempDir private Path folder;

    /** A clock that a test moves; far from 0 and about to wrap around. */
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1000);

    private Path run;

    @BeforeEach
    void nameRun() throws Exception {
        run = folder.toRealPath().resolve("run.ldyn");
    }

    private LiveReport report(Path... runs) {
        return new LiveReport(List.of(runs), ReportOptions.DEFAULT, nanos::get);
    }

    private JsonObject news(LiveReport report, String version) {
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        return JsonParser.parseString(report.news(version)).getAsJsonObject();
    }

    private static int recordings(JsonObject news) {
        return news.getAsJsonObject("data")
                .getAsJsonArray("runs")
                .get(0)
                .getAsJsonObject()
                .get("recordings")
                .getAsInt();
    }

    @Test
    void waitsForAFileThatIsNotThereYet() {
        LiveReport report = report(run);
        JsonObject news = news(report, "");
        assertEquals("waiting", news.get("state").getAsString());
        assertEquals("[\"run.ldyn\"]", news.get("missing").toString());
        assertFalse(news.has("data"));
        assertTrue(report.page("data").contains("Not there yet: run.ldyn."));
        assertTrue(report.page("data").contains("http-equiv=\"refresh\""));
        assertEquals(List.of("run.ldyn"), report.names());
    }

    @Test
    void bringsNewRecordingsToThoseWhoLackThem() {
        LiveReport report = report(run);
        try (LiveRunFile file = LiveRunFile.open(run, "live")) {
            file.record().record();
            JsonObject first = news(report, "none");
            assertEquals("open", first.get("state").getAsString());
            assertEquals(2, recordings(first));
            String version = first.get("version").getAsString();
            assertFalse(news(report, version).has("data"));
            file.record();
            JsonObject second = news(report, version);
            assertEquals(3, recordings(second));
            assertNotEquals(version, second.get("version").getAsString());
        }
        JsonObject last = news(report, "");
        assertEquals("closed", last.get("state").getAsString());
        assertEquals(3, recordings(last));
        assertEquals(List.of("live"), report.names());
    }

    @Test
    void readsOnlyWhenFilesChangedAndNotMoreOftenThanItsPause() {
        LiveReport report = report(run);
        try (LiveRunFile file = LiveRunFile.open(run, "live")) {
            file.record();
            assertEquals(1, recordings(news(report, "")));
            file.record();
            JsonObject atOnce = JsonParser.parseString(report.news("")).getAsJsonObject();
            assertEquals(1, recordings(atOnce));
            assertEquals(2, recordings(news(report, "")));
        }
    }

    @Test
    void isOpenAsLongAsOneOfItsFilesIsMissing() {
        try (LiveRunFile file = LiveRunFile.open(run, "sft")) {
            file.record();
        }
        JsonObject news = news(report(run, folder.resolve("dpo.ldyn")), "");
        assertEquals("open", news.get("state").getAsString());
        assertEquals("[\"dpo.ldyn\"]", news.get("missing").toString());
        assertEquals(1, recordings(news));
    }

    @Test
    void showsTheRunThatReplacesAnother() throws Exception {
        LiveReport report = report(run);
        try (LiveRunFile file = LiveRunFile.open(run, "first")) {
            file.record().record();
        }
        assertEquals(2, recordings(news(report, "")));
        Files.delete(run);
        assertEquals("waiting", news(report, "").get("state").getAsString());
        try (LiveRunFile file = LiveRunFile.open(run, "second")) {
            file.record();
            JsonObject news = news(report, "");
            assertEquals(1, recordings(news));
            assertTrue(news.get("data").toString().contains("second"));
        }
    }

    @Test
    void saysWhatIsWrongWithAFileWithoutNamingItsFolder() throws Exception {
        LiveReport report = report(run);
        try (LiveRunFile file = LiveRunFile.open(run, "good")) {
            file.record();
        }
        String version = news(report, "").get("version").getAsString();
        Files.writeString(run, "this is no database, but long enough to be looked at. ".repeat(99));
        JsonObject news = news(report, version);
        String problem = news.get("problem").getAsString();
        assertTrue(problem.startsWith("run.ldyn: run file must be an SQLite database"), problem);
        assertFalse(problem.contains(folder.toString()));
        assertEquals(version, news.get("version").getAsString());
        assertTrue(report(run).page("data").contains("run file must be an SQLite database"));
    }

    @Test
    void servesAPageThatMayAskItsOwnServerAndNobodyElse() {
        LiveReport report = report(run);
        try (LiveRunFile file = LiveRunFile.open(run, "live")) {
            file.record();
            ReportPage page = new ReportPage(report.page("news/\"><script>"));
            assertTrue(page.policy().endsWith("; connect-src 'self'"), page.policy());
            assertTrue(page.policy().startsWith("default-src 'none'; "), page.policy());
            assertTrue(
                    page.html()
                            .contains(
                                    "<meta name=\"live-address\""
                                            + " content=\"news/&quot;&gt;&lt;script&gt;\">"));
            String version = news(report, "").get("version").getAsString();
            assertTrue(page.html().contains("name=\"live-version\" content=\"" + version + "\""));
        }
    }

    @Test
    void aPageOnDiskFollowsNothing() {
        try (LiveRunFile file = LiveRunFile.open(run, "live")) {
            file.record();
        }
        ReportPage page =
                new ReportPage(Report.html(Report.load(List.of(run)), ReportOptions.DEFAULT));
        assertFalse(page.policy().contains("connect-src"));
        assertFalse(page.html().contains("<meta name=\"live-address\""));
    }

    @Test
    void escapesNamesOnTheWaitingPage() {
        String page = report(folder.resolve("<img src=x onerror=alert(1)>")).page("data");
        assertTrue(page.contains("Not there yet: &lt;img src=x onerror=alert(1)&gt;."), page);
    }

    @Test
    void needsAFile() {
        Exception thrown =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> LiveReport.of(List.of(), ReportOptions.DEFAULT));
        assertEquals("runs must not be empty, got none", thrown.getMessage());
    }
}
