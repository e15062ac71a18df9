package org.learningdynamics.series;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class RunSequenceTest {
    private static RecordedRun sft() {
        return SyntheticRun.of("sft", 3, 2).kind("chosen", (t, i) -> -10 + t + i).build();
    }

    private static SyntheticRun dpo() {
        return SyntheticRun.of("dpo", 2, 2).kind("chosen", (t, i) -> -8 - 3 * t + i);
    }

    @Test
    void countsIterationsThrough() {
        RunSequence sequence = new RunSequence("both", List.of(sft(), dpo().build()));
        assertEquals(List.of(0L, 100L, 200L, 200L, 300L), sequence.iterations());
        assertEquals(List.of(0, 3), sequence.starts());
        assertEquals(0, sequence.runAt(2));
        assertEquals(1, sequence.runAt(3));
        assertEquals("both", sequence.name());
        assertEquals(2, sequence.runs().size());
    }

    @Test
    void joinsTheSameProbes() {
        RunSequence sequence = new RunSequence("both", List.of(sft(), dpo().build()));
        LikelihoodTable table = sequence.likelihoods();
        assertArrayEquals(new int[] {0, 1}, table.probes("chosen"));
        assertArrayEquals(
                new double[] {-9, -8, -7, -7, -10}, table.curve(Measure.LOG_PROB, "chosen", 1));
        assertEquals(
                -1,
                KindSeries.of(table, Measure.LOG_PROB, "chosen").changes().get(4).mean(),
                1e-12);
    }

    @Test
    void keepsOtherProbesApart() {
        RunSequence sequence = new RunSequence("both", List.of(sft(), dpo().otherProbes().build()));
        LikelihoodTable table = sequence.likelihoods();
        assertArrayEquals(new int[] {0, 1, 1000, 1001}, table.probes("chosen"));
        assertTrue(Double.isNaN(table.curve(Measure.LOG_PROB, "chosen", 0)[4]));
        assertEquals(-11, table.curve(Measure.LOG_PROB, "chosen", 2)[4]);
    }

    @Test
    void keepsASingleRunsTable() {
        RecordedRun run = sft();
        assertSame(run.likelihoods(), new RunSequence("one", List.of(run)).likelihoods());
    }

    @Test
    void rejectsNoRuns() {
        Exception e =
                assertThrows(IllegalArgumentException.class, () -> new RunSequence("x", List.of()));
        assertEquals("runs must not be empty, got none for x", e.getMessage());
    }
}
