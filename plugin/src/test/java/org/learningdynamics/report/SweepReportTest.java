package org.learningdynamics.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.StepRow;
import org.learningdynamics.sweep.record.CandidateRow;
import org.learningdynamics.sweep.record.CandidateState;
import org.learningdynamics.sweep.record.Goal;
import org.learningdynamics.sweep.record.ResultRow;
import org.learningdynamics.sweep.record.ScoreColumn;
import org.learningdynamics.sweep.record.SweepFileException;
import org.learningdynamics.sweep.record.SweepHeader;
import org.learningdynamics.sweep.record.SweepWriter;

class SweepReportTest {
    private static final String EVIL = "</script><img src=x onerror=alert(1)>";

    @TempDir private Path folder;

    private void run(int index) {
        Path file = folder.resolve("run" + index + ".ldyn");
        RunHeader header = RunHeader.builder("r", Instant.EPOCH).build();
        try (RunFileRecorder recorder =
                RunFileRecorder.builder(file, header)
                        .probes(List.of(new ProbeRow(0, "d", "s", "p")))
                        .responses(List.of(new ResponseRow(0, "chosen", "t", 2)))
                        .build()) {
            for (int t = 0; t < 3; t++) {
                LikelihoodRow row =
                        new LikelihoodRow(t, 0, "chosen", -9 + index * t, -1, -2, 1, 1, 1, 1, 2);
                StepRow step = new StepRow(t, 10L * t, 0, 0, 1, 1, 1, 1, 1);
                recorder.record(new StepRecording(step, List.of(row), List.of(), List.of()));
            }
        }
    }

    private void write() {
        SweepHeader header =
                new SweepHeader(
                        EVIL,
                        "id",
                        EVIL,
                        List.of("beta", "method"),
                        List.of(
                                new ScoreColumn("wins", Goal.MAXIMIZE, ""),
                                new ScoreColumn("index", Goal.MINIMIZE, "nats")),
                        "1",
                        Instant.EPOCH);
        try (SweepWriter writer = SweepWriter.open(folder, header)) {
            for (int i = 0; i < 5; i++) {
                Map<String, Object> parameters = new TreeMap<>();
                parameters.put("beta", Math.pow(10, i - 3));
                parameters.put("method", i % 2 == 0 ? "dpo" : EVIL);
                writer.write(new CandidateRow(i, parameters));
            }
            writer.write(result(0, CandidateState.DONE, "", 0.5, 3));
            writer.write(result(1, CandidateState.STOPPED, EVIL, 0.75, 4));
            writer.write(result(2, CandidateState.FAILED, EVIL, Double.NaN, Double.NaN));
            writer.write(result(3, CandidateState.DONE, "", 0.25, 5));
        }
    }

    private static ResultRow result(
            int index, CandidateState state, String cause, double wins, double nats) {
        Map<String, Double> scores = new TreeMap<>(Map.of("wins", wins, "index", nats));
        List<String> runs = List.of("run" + index + ".ldyn");
        return new ResultRow(index, state, cause, runs, scores, new double[0], 12.5);
    }

    private JsonObject data() throws Exception {
        Path out = folder.resolve("new/page.html");
        SweepReport.write(folder, out);
        String page = Files.readString(out);
        int from = page.indexOf("id=\"report-data\">") + 17;
        return JsonParser.parseString(page.substring(from, page.indexOf("</script>", from)))
                .getAsJsonObject();
    }

    private static List<Integer> numbers(JsonArray array) {
        List<Integer> numbers = new ArrayList<>();
        array.forEach(element -> numbers.add(element.getAsInt()));
        return numbers;
    }

    @Test
    void holdsEveryCandidateWithItsParametersScoresAndCause() throws Exception {
        write();
        run(0);
        run(1);
        JsonObject data = data();
        assertEquals(EVIL, data.get("title").getAsString());
        assertEquals(List.of(1, 0, 3), numbers(data.getAsJsonArray("best")));
        JsonArray candidates = data.getAsJsonArray("candidates");
        assertEquals(5, candidates.size());
        List<String> states = List.of("done", "stopped", "failed", "done", "running");
        List<Boolean> front = List.of(true, true, false, false, false);
        for (int i = 0; i < 5; i++) {
            JsonObject one = candidates.get(i).getAsJsonObject();
            assertEquals(states.get(i), one.get("state").getAsString());
            assertEquals(front.get(i), one.get("front").getAsBoolean());
            assertEquals(
                    Math.pow(10, i - 3), one.getAsJsonArray("values").get(0).getAsDouble(), 1e-9);
        }
        JsonObject failed = candidates.get(2).getAsJsonObject();
        assertEquals(EVIL, failed.get("cause").getAsString());
        assertTrue(failed.getAsJsonArray("scores").get(0).isJsonNull());
        JsonArray parameters = data.getAsJsonArray("parameters");
        assertTrue(parameters.get(0).getAsJsonObject().get("log").getAsBoolean());
        assertFalse(parameters.get(1).getAsJsonObject().get("numeric").getAsBoolean());
        assertEquals(2, parameters.get(1).getAsJsonObject().getAsJsonArray("categories").size());
    }

    @Test
    void drawsTheCurvesOfTheBestAndNamesMissingFiles() throws Exception {
        write();
        run(0);
        run(1);
        JsonObject curves = data().getAsJsonObject("curves");
        assertEquals(List.of(3), numbers(curves.getAsJsonArray("missing")));
        JsonArray charts = curves.getAsJsonArray("charts");
        assertEquals(2, charts.size()); // chosen, and argmax where it is
        JsonArray lines = charts.get(0).getAsJsonObject().getAsJsonArray("lines");
        JsonObject best = lines.get(0).getAsJsonObject();
        assertEquals(1, best.get("candidate").getAsInt());
        assertEquals(List.of(0, 10, 20), numbers(best.getAsJsonArray("x")));
        assertEquals(List.of(0, 1, 2), numbers(best.getAsJsonArray("y"))); // changes since 0
    }

    @Test
    void carriesAllItNeedsAndNoTextBecomesMarkup() throws Exception {
        write();
        SweepReport.write(folder, folder.resolve("a.html"));
        SweepReport.write(folder.resolve("sweep.jsonl"), folder.resolve("b.html"));
        String page = Files.readString(folder.resolve("a.html"));
        assertEquals(page, Files.readString(folder.resolve("b.html")));
        assertFalse(page.contains("<img src=x"));
        assertFalse(page.contains("{{"));
        assertTrue(page.contains("default-src 'none'; script-src 'sha256-"));
        assertFalse(page.matches("(?s).*(src|href)=\"https?:.*"));
    }

    @Test
    void aFolderWithoutASweepIsAnError() {
        SweepFileException e =
                assertThrows(
                        SweepFileException.class,
                        () -> SweepReport.write(folder, folder.resolve("a.html")));
        assertTrue(e.getMessage().endsWith("sweep.jsonl: no sweep file is here"), e.getMessage());
    }
}
