package org.learningdynamics.it.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.StepRow;
import org.learningdynamics.report.SweepReport;
import org.learningdynamics.sweep.record.CandidateRow;
import org.learningdynamics.sweep.record.CandidateState;
import org.learningdynamics.sweep.record.Goal;
import org.learningdynamics.sweep.record.ResultRow;
import org.learningdynamics.sweep.record.ScoreColumn;
import org.learningdynamics.sweep.record.SweepHeader;
import org.learningdynamics.sweep.record.SweepWriter;

/** The page of a sweep in a real browser. */
class SweepPageTest extends PageTest {

    @BeforeAll
    static void writePage() throws Exception {
        write();
        SweepReport.write(folder, folder.resolve("page.html"));
    }

    /** Twelve candidates; the third failed, the last is under way. */
    private static void write() {
        SweepHeader header =
                new SweepHeader(
                        HOSTILE,
                        "id",
                        HOSTILE,
                        List.of("beta", "method", "steps"),
                        List.of(
                                new ScoreColumn("wins", Goal.MAXIMIZE, ""),
                                new ScoreColumn("index", Goal.MINIMIZE, "nats")),
                        "1",
                        Instant.EPOCH);
        try (SweepWriter writer = SweepWriter.open(folder, header)) {
            for (int i = 0; i < 12; i++) {
                Map<String, Object> parameters = new LinkedHashMap<>();
                parameters.put("beta", Math.pow(10, i / 4.0 - 2));
                parameters.put("method", i % 3 == 0 ? HOSTILE : "dpo");
                parameters.put("steps", 100 + 10 * i);
                writer.write(new CandidateRow(i, parameters));
                if (i < 11) {
                    writer.write(result(i));
                }
            }
        }
        run(10);
        run(9);
    }

    private static ResultRow result(int i) {
        List<String> runs = List.of("run" + i + ".ldyn");
        return i == 2
                ? new ResultRow(
                        i, CandidateState.FAILED, HOSTILE, runs, Map.of(), new double[0], 0.1)
                : new ResultRow(
                        i,
                        CandidateState.DONE,
                        "",
                        runs,
                        Map.of("wins", 0.4 + 0.02 * i, "index", (double) Math.abs(i - 4)),
                        new double[0],
                        12);
    }

    private static void run(int index) {
        Path file = folder.resolve("run" + index + ".ldyn");
        RunHeader header = RunHeader.builder(HOSTILE, Instant.EPOCH).build();
        try (RunFileRecorder recorder =
                RunFileRecorder.builder(file, header)
                        .probes(List.of(new ProbeRow(0, "d", "s", "p")))
                        .responses(List.of(new ResponseRow(0, "chosen", "t", 2)))
                        .build()) {
            for (int t = 0; t < 5; t++) {
                LikelihoodRow row =
                        new LikelihoodRow(t, 0, "chosen", -9 + t, -1, -2, 1, 1, 1, 1, 2);
                StepRow step = new StepRow(t, 10L * t, 0, 0, 1, 1, 1, 1, 1);
                recorder.record(new StepRecording(step, List.of(row), List.of(), List.of()));
            }
        }
    }

    @BeforeEach
    void openPage() {
        browser.media("screen", "light");
        browser.resize(1280, 900);
        openReady(folder.resolve("page.html").toUri());
    }

    /** Scrolls through the page until every chart is drawn. */
    private static void drawAll() {
        browser.await(
                """
                const done = arguments[arguments.length - 1];
                const wait = () => {
                  const open = [...document.querySelectorAll('.chart')].find(c => !c.querySelector('svg'));
                  if (!open) {
                    done();
                  } else {
                    open.scrollIntoView();
                    setTimeout(wait, 20);
                  }
                };
                wait();
                """);
    }

    @Test
    void drawsEveryChartAndNamesThemAll() {
        drawAll();
        // parallel, three parameters, two scores, chosen and argmax
        assertEquals(7, number("return document.querySelectorAll('.chart svg').length"));
        assertEquals(
                0,
                number(
                        "return [...document.querySelectorAll('.chart')]"
                                + ".filter(c => !c.getAttribute('aria-label')).length"));
        String title = text("return document.getElementById('title').textContent");
        assertEquals(HOSTILE, title);
        assertEquals("", text("return window.pwned || ''"));
        assertTrue(
                text("return document.getElementById('curves-missing').textContent")
                        .contains("#8"));
    }

    @Test
    void tellsTheBestTheFrontAndTheFailures() {
        String answer = text("return document.getElementById('answer-list').innerText");
        assertTrue(answer.startsWith("Candidate #10: wins 0.600"), answer);
        assertTrue(
                answer.contains("Failed#2: " + HOSTILE) || answer.contains("Failed #2: " + HOSTILE),
                answer);
        assertEquals(
                12, number("return document.querySelectorAll('#candidate-table tbody tr').length"));
        String first =
                text(
                        "return document.querySelector('#candidate-table tbody"
                                + " tr').dataset.candidate");
        assertEquals("10", first);
        // From the highest win rate down to the lowest index.
        assertEquals(
                7,
                number("return document.querySelectorAll('#candidate-table tr.differs').length"));
        assertTrue(
                text("return document.getElementById('subtitle').textContent")
                        .startsWith("12 candidates (10 done, 1 failed, 1 under way)"));
    }

    @Test
    void showsAnotherScoreAgainstTheParameters() {
        drawAll();
        browser.script(
                "const s = document.getElementById('score-choice'); s.value = '1';"
                        + " s.dispatchEvent(new Event('change'))");
        drawAll();
        String label =
                text(
                        "return document.querySelector('#scatter-charts"
                                + " .chart').getAttribute('aria-label')");
        assertTrue(label.startsWith("index, beta, scatter chart of 10 candidates"), label);
    }

    @Test
    void fitsANarrowWindowInTheDark() {
        browser.media("screen", "dark");
        browser.resize(390, 800);
        drawAll();
        assertTrue(
                number("return document.documentElement.scrollWidth - innerWidth") <= 0,
                "the page must not scroll sideways");
    }
}
