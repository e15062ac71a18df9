package org.learningdynamics.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.Metric;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.Recorder;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RunFileException;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.Severity;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.series.RecordedRun;
import org.learningdynamics.series.SyntheticRun;

class ReportTest {
    private static final String HOSTILE =
            "</script><script>alert(1)</script><img src=x onerror=alert(2)> \"'&{{data}}\u2028"
                    + "\u202e\u05d0";

    @TempDir Path folder;

    private static SyntheticRun sft() {
        return SyntheticRun.of("sft", 6, 20)
                .kind("chosen", (t, i) -> -50 + 2 * t + 0.1 * SyntheticRun.noise(t, i))
                .kind("rejected", (t, i) -> -60 + t + 0.1 * SyntheticRun.noise(t, i))
                .header("stage", "sft")
                .header("config.rate", "0.1")
                .metric("loss", 3, 2, 1);
    }

    private static SyntheticRun dpo() {
        return SyntheticRun.of("dpo", 8, 20)
                .kind("chosen", (t, i) -> -40 - t + 0.1 * SyntheticRun.noise(t, i))
                .kind("rejected", (t, i) -> -55 - 3 * t + 0.1 * SyntheticRun.noise(t, i))
                .argmax((t, i) -> -20 + t + 0.01 * i)
                .header("stage", "dpo")
                .header("continues", "sft")
                .header("config.rate", "0.01")
                .metric("loss", Math.log(2), 0.5, 0.4)
                .metric("rewards/margins", 0, 1, 2);
    }

    private static ReportPage page(RecordedRun... runs) {
        return new ReportPage(Report.html(List.of(runs), ReportOptions.DEFAULT));
    }

    @Test
    void drawsContinuedRunsInSequence() {
        ReportPage page = page(sft().build(), dpo().build());
        assertEquals(1, page.at("panels").getAsJsonArray().size());
        assertEquals("sft → dpo", page.at("panels", 0, "name").getAsString());
        assertEquals("[0,500]", page.at("panels", 0, "starts").toString());
        assertEquals(14, page.at("panels", 0, "x").getAsJsonArray().size());
        assertEquals(1200, page.at("panels", 0, "x", 13).getAsLong());
    }

    @Test
    void drawsUnrelatedRunsSideBySide() {
        ReportPage page = page(sft().build(), dpo().header("continues", "another").build());
        assertEquals("sft", page.at("panels", 0, "name").getAsString());
        assertEquals("dpo", page.at("panels", 1, "name").getAsString());
    }

    @Test
    void meansAndChangesAreThoseOfAllProbes() {
        ReportPage page = page(sft().build(), dpo().build());
        double mean = 0;
        double change = 0;
        for (int i = 0; i < 20; i++) {
            mean += (-42 + 0.1 * SyntheticRun.noise(2, i)) / 20;
            change += (8 + 0.1 * SyntheticRun.noise(2, i) - 0.1 * SyntheticRun.noise(0, i)) / 20;
        }
        String[] at = {"panels", "kinds", "chosen", "log_prob"};
        assertEquals(mean, page.at(at[0], 0, at[1], at[2], at[3], "mean", 8).getAsDouble(), 1e-4);
        assertEquals(
                change,
                page.at(at[0], 0, at[1], at[2], at[3], "changes", 0, "mean", 8).getAsDouble(),
                1e-4);
        JsonElement sinceDpo = page.at(at[0], 0, at[1], at[2], at[3], "changes", 1, "mean");
        assertTrue(sinceDpo.getAsJsonArray().get(5).isJsonNull());
        assertEquals(0, sinceDpo.getAsJsonArray().get(6).getAsDouble());
        assertEquals(-2, sinceDpo.getAsJsonArray().get(8).getAsDouble(), 0.1);
        assertEquals(20, page.at("panels", 0, "kinds", "chosen", "probes").getAsInt());
    }

    @Test
    void fitsALineThroughTheRestOfEachRun() {
        ReportPage page = page(sft().build(), dpo().build());
        double slope = page.at("panels", 0, "kinds", "chosen", "fits", 1, "slope").getAsDouble();
        assertEquals(-0.005, slope, 1e-9);
        assertEquals(
                1, page.at("panels", 0, "kinds", "chosen", "fits", 1, "r2").getAsDouble(), 1e-9);
    }

    @Test
    void differencesOfProvenanceAreMarked() {
        ReportPage page =
                page(sft().header("seed", "1").build(), dpo().header("seed", "1").build());
        Map<String, Boolean> differs = new TreeMap<>();
        page.at("provenance")
                .getAsJsonArray()
                .forEach(
                        entry ->
                                differs.put(
                                        entry.getAsJsonObject().get("key").getAsString(),
                                        entry.getAsJsonObject().get("differs").getAsBoolean()));
        assertEquals(
                Map.of("config.rate", true, "continues", false, "seed", false, "stage", false),
                differs);
    }

    @Test
    void overheadIsMeasuredAgainstWallTime() {
        JsonObject overhead = page(sft().build()).at("overhead", 0).getAsJsonObject();
        assertEquals(10, overhead.get("median").getAsDouble());
        assertEquals(30, overhead.get("max").getAsDouble());
        assertEquals(80, overhead.get("total").getAsDouble());
        assertEquals(5000, overhead.get("wall").getAsLong());
        assertEquals(0.01, overhead.get("share").getAsDouble());
        assertEquals(0.25, overhead.get("perRow").getAsDouble());
    }

    @Test
    void metricsComeInTheReadersOrder() {
        ReportPage page = page(dpo().metric("a_metric", 1, 2).build());
        assertEquals("loss", page.at("metrics", 0, "name").getAsString());
        assertEquals("rewards/margins", page.at("metrics", 1, "name").getAsString());
        assertEquals("a_metric", page.at("metrics", 2, "name").getAsString());
        assertEquals("[0,0.1,0.29]", page.at("metrics", 1, "runs", 0, "smooth").toString());
    }

    @Test
    void probesCarryTextsAndCurves() {
        ReportPage page = page(sft().build());
        assertEquals(20, page.at("probes", "list").getAsJsonArray().size());
        assertEquals("prompt 3", page.at("probes", "list", 3, "prompt").getAsString());
        JsonObject chosen = page.at("probes", "list", 3, "kinds", "chosen").getAsJsonObject();
        assertEquals("chosen text 3", chosen.get("text").getAsString());
        assertEquals(7, chosen.get("tokens").getAsInt());
        assertEquals(6, chosen.get("curves").getAsJsonArray().get(0).getAsJsonArray().size());
    }

    @Test
    void textsCanBeLeftOut() {
        String html =
                Report.html(List.of(sft().build()), ReportOptions.DEFAULT.texts(TextUse.LEFT_OUT));
        assertFalse(html.contains("prompt 3"));
        assertFalse(html.contains("chosen text"));
        assertFalse(new ReportPage(html).at("probes", "texts").getAsBoolean());
    }

    @Test
    void fewerProbesAreSpreadFromTheLargestFallToTheLargestRise() {
        RecordedRun run =
                SyntheticRun.of("run", 3, 100).kind("chosen", (t, i) -> -50 + t * (i - 50)).build();
        String html = Report.html(List.of(run), ReportOptions.DEFAULT.maxProbes(3));
        ReportPage page = new ReportPage(html);
        assertEquals(100, page.at("probes", "total").getAsInt());
        assertEquals(0, page.at("probes", "list", 0, "id").getAsInt());
        assertEquals(49, page.at("probes", "list", 1, "id").getAsInt());
        assertEquals(99, page.at("probes", "list", 2, "id").getAsInt());
    }

    @Test
    void policyAllowsTheThreeInlineElementsByHashAndNothingElse() throws Exception {
        ReportPage page = page(sft().build());
        List<String> scripts = page.contents("script", "");
        List<String> styles = page.contents("style", "");
        assertEquals(2, scripts.size());
        assertEquals(1, styles.size());
        assertEquals(
                "default-src 'none'; script-src "
                        + ReportPage.hash(scripts.get(0))
                        + " "
                        + ReportPage.hash(scripts.get(1))
                        + "; style-src "
                        + ReportPage.hash(styles.get(0))
                        + "; img-src data:; base-uri 'none'; form-action 'none'",
                page.policy());
    }

    @Test
    void pageLoadsNothingAndBuildsNothingFromText() {
        String html = page(sft().build()).html();
        String own = html.substring(0, html.indexOf("<script>"));
        assertFalse(own.matches("(?s).*(src=|@import|url\\(|<link rel=\"stylesheet).*"));
        String script = new ReportPage(html).contents("script", "").get(1);
        assertFalse(
                script.matches("(?s).*(innerHTML|insertAdjacentHTML|document\\.write|eval\\().*"));
        assertTrue(html.contains("Licensed to the Apache Software Foundation"));
        assertTrue(html.contains("ZRender, part of the Apache ECharts distribution"));
    }

    /** The scripts share one scope, in which a later function silently replaces an earlier one. */
    @Test
    void noNameIsDeclaredTwice() {
        String script = page(sft().build()).contents("script", "").get(1);
        Matcher names =
                Pattern.compile("(?m)^(?:async )?(?:function|const|let) (\\w+)").matcher(script);
        Set<String> known = new HashSet<>();
        while (names.find()) {
            assertTrue(known.add(names.group(1)), "declared twice: " + names.group(1));
        }
        assertTrue(known.contains("whiskerOption") && known.size() > 100, "got " + known.size());
    }

    @Test
    void hostileTextsStayData() throws Exception {
        Path file = folder.resolve("hostile.ldyn");
        RunHeader header =
                RunHeader.builder("run" + HOSTILE, Instant.EPOCH)
                        .configuration(Map.of("key" + HOSTILE, HOSTILE))
                        .build();
        try (Recorder recorder =
                RunFileRecorder.builder(file, header)
                        .probes(List.of(new ProbeRow(0, "d", HOSTILE, HOSTILE)))
                        .responses(List.of(new ResponseRow(0, "kind" + HOSTILE, HOSTILE, 7)))
                        .build()) {
            SyntheticRun run = SyntheticRun.of("x", 1, 1).kind("kind" + HOSTILE, (t, i) -> -5);
            List<Event> events = List.of(new Event(0, Severity.INFO, HOSTILE, HOSTILE));
            recorder.record(
                    new StepRecording(run.steps().get(0), run.likelihoods(0), List.of(), events));
            recorder.record(new Metric(1, "metric" + HOSTILE, 1));
        }
        Path out = folder.resolve("deep/er/report.html");
        Report.write(List.of(file), out, ReportOptions.DEFAULT.title(HOSTILE));
        ReportPage page = new ReportPage(Files.readString(out));
        assertFalse(page.html().contains("alert(1)</script>"));
        assertFalse(page.html().contains("<img src=x"));
        assertEquals(2, page.contents("script", "").size());
        assertEquals(HOSTILE, page.at("title").getAsString());
        assertEquals(HOSTILE, page.at("probes", "list", 0, "prompt").getAsString());
        assertEquals("kind" + HOSTILE, page.at("kinds", 0).getAsString());
        assertEquals("metric" + HOSTILE, page.at("metrics", 0, "name").getAsString());
        assertEquals(HOSTILE, page.at("events", 0, "message").getAsString());
    }

    @Test
    void sameFilesGiveTheSameBytesInEveryLocale() throws Exception {
        Locale before = Locale.getDefault();
        try {
            byte[] first = bytes();
            for (String tag : List.of("de-DE", "tr-TR", "ar-EG")) {
                Locale.setDefault(Locale.forLanguageTag(tag));
                assertEquals(
                        new String(first, StandardCharsets.UTF_8),
                        new String(bytes(), StandardCharsets.UTF_8));
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    private byte[] bytes() {
        return Report.html(List.of(sft().build(), dpo().build()), ReportOptions.DEFAULT)
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void emptyRunStillMakesAPage() {
        ReportPage page = page(SyntheticRun.of("empty", 0, 0).build());
        assertEquals(
                "Nothing to tell yet: empty has fewer than two recordings.",
                page.at("first", "headline", "text").getAsString());
        assertEquals(0, page.at("probes", "total").getAsInt());
    }

    @Test
    void rejectsNoRunsAndEqualNames() {
        Exception e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> Report.html(List.of(), ReportOptions.DEFAULT));
        assertEquals("runs must not be empty, got none", e.getMessage());
        RecordedRun run = sft().build();
        e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> Report.html(List.of(run, run), ReportOptions.DEFAULT));
        assertEquals("run names must be different, got twice sft", e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> ReportOptions.DEFAULT.maxProbes(-1));
        assertEquals("maxProbes must be >= 0, got -1", e.getMessage());
    }

    @Test
    void filesOfTheSameNameAreToldApart() throws Exception {
        List<Path> files = List.of(folder.resolve("a.ldyn"), folder.resolve("b.ldyn"));
        for (Path file : files) {
            RunHeader header = RunHeader.builder("same", Instant.EPOCH).build();
            RunFileRecorder.builder(file, header).build().close();
        }
        List<String> names = Report.load(files).stream().map(RecordedRun::name).toList();
        assertEquals(List.of("same", "same (2)"), names);
    }

    @Test
    void missingFileIsNamed() {
        Path missing = folder.resolve("missing.ldyn");
        Exception e =
                assertThrows(
                        RunFileException.class,
                        () ->
                                Report.write(
                                        List.of(missing),
                                        folder.resolve("out.html"),
                                        ReportOptions.DEFAULT));
        assertTrue(e.getMessage().contains("missing.ldyn"), e.getMessage());
    }
}
