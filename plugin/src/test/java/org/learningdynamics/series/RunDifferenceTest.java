package org.learningdynamics.series;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.StepRow;

class RunDifferenceTest {
    private static final int PROBES = 7;

    private static double chosen(int run, int t, int i) {
        return -50 - 3 * i + run * 0.5 * t * t + 0.2 * SyntheticRun.noise(t + run, i);
    }

    private static RecordedRun run(int number, int recordings) {
        return SyntheticRun.of("run " + number, recordings, PROBES)
                .kind("chosen", (t, i) -> chosen(number, t, i))
                .kind("only " + number, (t, i) -> -5)
                .argmax((t, i) -> -9 - number * 0.25 * t)
                .build();
    }

    @Test
    void subtractsTheBaseProbeByProbe() {
        RunDifference difference = RunDifference.between(run(1, 5), run(2, 5));
        double[] expected = new double[PROBES];
        for (int i = 0; i < PROBES; i++) {
            expected[i] = chosen(2, 3, i) - chosen(1, 3, i);
        }
        assertArrayEquals(expected, difference.levels(Measure.LOG_PROB, "chosen", 3));
        assertEquals(-0.25 * 3, difference.levels(Measure.ARGMAX_LOG_PROB, "chosen", 3)[4], 1e-12);
    }

    @Test
    void changesAreWhatTheOtherMovedMore() {
        RunDifference difference = RunDifference.between(run(1, 5), run(2, 5));
        for (int i = 0; i < PROBES; i++) {
            double other = chosen(2, 4, i) - chosen(2, 0, i);
            double base = chosen(1, 4, i) - chosen(1, 0, i);
            double found = difference.changes(Measure.LOG_PROB, "chosen", 4)[i];
            assertEquals(other - base, found, 1e-12);
        }
        assertArrayEquals(new double[PROBES], difference.changes(Measure.LOG_PROB, "chosen", 0));
    }

    @Test
    void swappedRunsSwapTheSign() {
        double[] forth =
                RunDifference.between(run(1, 5), run(2, 5)).levels(Measure.LOG_PROB, "chosen", 2);
        double[] back =
                RunDifference.between(run(2, 5), run(1, 5)).levels(Measure.LOG_PROB, "chosen", 2);
        for (int i = 0; i < PROBES; i++) {
            assertEquals(-forth[i], back[i]);
        }
    }

    @Test
    void usesOnlyIterationsThatBothRecorded() {
        RecordedRun sparse = atIterations(run(2, 4), 0, 150, 200, 900);
        RunDifference difference = RunDifference.between(run(1, 5), sparse);
        assertArrayEquals(new long[] {0, 200}, difference.iterations());
        double expected = chosen(2, 2, 0) - chosen(1, 2, 0);
        assertEquals(expected, difference.levels(Measure.LOG_PROB, "chosen", 1)[0]);
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> difference.levels(Measure.LOG_PROB, "chosen", 2));
    }

    private static RecordedRun atIterations(RecordedRun run, long... iterations) {
        List<StepRow> steps = new ArrayList<>();
        for (int t = 0; t < iterations.length; t++) {
            steps.add(new StepRow(t, iterations[t], 0, 0, 1, 1, 1, 1, 1));
        }
        return with(run, run.probes(), steps);
    }

    private static RecordedRun with(RecordedRun run, List<ProbeRow> probes, List<StepRow> steps) {
        return new RecordedRun(
                run.name(),
                run.header(),
                probes,
                run.responses(),
                steps,
                run.metrics(),
                run.events(),
                run.likelihoods());
    }

    @Test
    void probesAreMatchedByDigestNotByNumber() {
        RecordedRun other = run(2, 3);
        List<String> digests =
                new ArrayList<>(other.probes().stream().map(ProbeRow::digest).toList());
        Collections.reverse(digests);
        List<ProbeRow> reversed =
                other.probes().stream()
                        .map(p -> new ProbeRow(p.probe(), digests.get(p.probe()), "set", "text"))
                        .toList();
        RunDifference difference =
                RunDifference.between(run(1, 3), with(other, reversed, other.steps()));
        assertEquals(PROBES, difference.probes("chosen"));
        double expected = chosen(2, 1, PROBES - 1) - chosen(1, 1, 0);
        assertEquals(expected, difference.levels(Measure.LOG_PROB, "chosen", 1)[0]);
    }

    @Test
    void kindsAndProbesOfOneRunAloneAreLeftOut() {
        RunDifference shared = RunDifference.between(run(1, 3), run(2, 3));
        assertEquals(List.of("chosen"), shared.kinds());
        assertEquals(0, shared.probes("only 1"));
        assertEquals(0, shared.levels(Measure.LOG_PROB, "only 1", 0).length);
        RecordedRun foreign =
                SyntheticRun.of("foreign", 3, PROBES)
                        .kind("chosen", (t, i) -> -1)
                        .otherProbes()
                        .build();
        assertEquals(List.of(), RunDifference.between(run(1, 3), foreign).kinds());
    }

    @Test
    void missingValuesStayNan() {
        RecordedRun gap =
                SyntheticRun.of("gap", 3, PROBES)
                        .kind("chosen", (t, i) -> i == 2 ? Double.NaN : -1)
                        .build();
        double[] levels =
                RunDifference.between(run(1, 3), gap).levels(Measure.LOG_PROB, "chosen", 0);
        assertEquals(Double.NaN, levels[2]);
        assertEquals(PROBES - 1, MeanInterval.studentT(levels).count());
    }

    @Test
    void namesItsRuns() {
        RecordedRun base = run(1, 2);
        RecordedRun other = run(2, 2);
        assertSame(base, RunDifference.between(base, other).base());
        assertSame(other, RunDifference.between(base, other).other());
    }
}
