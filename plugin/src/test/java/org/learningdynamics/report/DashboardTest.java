package org.learningdynamics.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.learningdynamics.series.RecordedRun;
import org.learningdynamics.series.SyntheticRun;

class DashboardTest {
    private static final Instant NOW = Instant.ofEpochMilli(12_000);

    private static RecordedRun squeezed() {
        return SyntheticRun.of("dpo", 8, 20)
                .kind("chosen", (t, i) -> -40 - t + 0.1 * SyntheticRun.noise(t, i))
                .kind("rejected", (t, i) -> -55 - 3 * t + 0.1 * SyntheticRun.noise(t, i))
                .argmax((t, i) -> -20 + t + 0.01 * i)
                .header("stage", "dpo")
                .metric("loss", Math.log(2), 0.5, 0.4)
                .build();
    }

    private static List<String> lines(RecordedRun run, int columns, int rows) {
        return Dashboard.lines(WatchedRun.of(run, false), new TerminalSize(columns, rows), NOW);
    }

    @Test
    void saysWhereTrainingStands() {
        List<String> lines = lines(squeezed(), 120, 40);
        assertEquals("dpo (dpo): being written, last recording 5 s ago", lines.get(0));
        assertEquals(
                "iteration 700, 8 recordings of 20 probes, 100.0 steps/s, recording takes 1.0 % of"
                        + " the time",
                lines.get(1));
        assertEquals("loss 0.400  █▃▁", lines.get(2));
    }

    @Test
    void showsLevelChangeAndCurveOfEachKind() {
        List<String> lines = lines(squeezed(), 100, 40);
        String chosen =
                lines.stream().filter(l -> l.startsWith("chosen ")).findFirst().orElseThrow();
        assertTrue(
                chosen.matches(
                        "chosen +-4[67]\\.\\d\\d +-[67]\\.\\d\\d \\[-7\\.\\d\\d, -6\\.\\d\\d]  █▇▆▅▄▃▂▁"),
                chosen);
        assertTrue(lines.get(lines.size() - 1).startsWith("rejected "), lines.toString());
    }

    @Test
    void namesAlarms() {
        String all = String.join("\n", lines(squeezed(), 100, 40));
        assertTrue(all.contains("squeezing: "), all);
    }

    @Test
    void fitsEveryScreen() {
        WatchedRun run = WatchedRun.of(squeezed(), false);
        for (int columns = 1; columns <= 130; columns++) {
            for (int rows : new int[] {1, 2, 5, 13, 24}) {
                TerminalSize size = new TerminalSize(columns, rows);
                List<String> lines = Dashboard.lines(run, size, NOW);
                assertTrue(lines.size() <= rows, columns + " × " + rows);
                for (String line : lines) {
                    assertTrue(TerminalText.width(line) <= columns, columns + ": " + line);
                }
            }
        }
    }

    @Test
    void saysHowManyLinesDidNotFit() {
        List<String> all = lines(squeezed(), 100, 1000);
        List<String> some = lines(squeezed(), 100, 5);
        assertEquals(5, some.size());
        assertTrue(some.get(4).matches("\\(\\d more lines\\)"), some.get(4));
        assertTrue(all.size() > 5);
    }

    @Test
    void keepsTheKindsInSightOnASmallScreen() {
        List<String> lines = lines(squeezed(), 44, 16);
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("rejected")), lines.toString());
    }

    @Test
    void saysThatNothingWasRecordedYet() {
        RecordedRun empty = SyntheticRun.of("dpo", 0, 2).kind("chosen", (t, i) -> 0).build();
        List<String> lines = lines(empty, 100, 20);
        assertEquals("dpo: being written, nothing recorded yet", lines.get(0));
        assertEquals("iteration 0, 0 recordings of 2 probes", lines.get(1));
        assertEquals(2, lines.size());
    }

    @Test
    void countsIterationsSinceTheLastRecording() {
        RecordedRun run = SyntheticRun.of("sft", 2, 1).metric("loss", new double[150]).build();
        assertTrue(lines(run, 100, 9).get(1).startsWith("iteration 150, 2 recordings"));
    }

    @Test
    void saysThatTheRunIsFinished() {
        WatchedRun run = WatchedRun.of(squeezed(), true);
        List<String> lines = Dashboard.lines(run, TerminalSize.DEFAULT, NOW);
        assertEquals("dpo (dpo): finished", lines.get(0));
    }

    @Test
    void letsNoNameSteerTheTerminal() {
        String hostile = "\u001b]0;x\u0007\u009b2J\u202e";
        RecordedRun run =
                SyntheticRun.of("r" + hostile, 3, 2)
                        .kind("chosen" + hostile, (t, i) -> Double.NaN)
                        .kind("rejected" + hostile, (t, i) -> t)
                        .header("stage", hostile)
                        .build();
        String text = String.join("", lines(run, 100, 40));
        assertFalse(text.matches("(?s).*[\\p{Cc}\\p{Cf}].*"), text);
        assertTrue(text.contains("rejected?]0;x"), text);
    }

    @Test
    void sizesAreAtLeastOne() {
        Exception thrown =
                assertThrows(IllegalArgumentException.class, () -> new TerminalSize(0, 24));
        assertEquals("columns and rows must be >= 1, got 0 and 24", thrown.getMessage());
    }
}
