package org.learningdynamics.series;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class LineageTest {
    private static RecordedRun run(String name, String origin) {
        SyntheticRun run = SyntheticRun.of(name, 1, 1);
        return (origin.isEmpty() ? run : run.header(Lineage.CONTINUES, origin)).build();
    }

    private static List<String> names(RecordedRun... runs) {
        return Lineage.sequences(List.of(runs)).stream().map(RunSequence::name).toList();
    }

    @Test
    void followsRunsBackToTheirBeginning() {
        assertEquals(
                List.of("sft → dpo → more"),
                names(run("more", "dpo"), run("sft", ""), run("dpo", "sft")));
    }

    @Test
    void sharesABeginningBetweenSequences() {
        assertEquals(
                List.of("sft → dpo", "sft → ipo"),
                names(run("sft", ""), run("dpo", "sft"), run("ipo", "sft")));
    }

    @Test
    void keepsRunsWhoseOriginIsNotThere() {
        assertEquals(List.of("dpo", "x"), names(run("dpo", "sft"), run("x", "")));
    }

    @Test
    void endsOnCircles() {
        assertEquals(List.of("a", "b"), names(run("a", "b"), run("b", "a")));
        assertEquals(List.of("a"), names(run("a", "a")));
    }

    @Test
    void rejectsEqualNames() {
        Exception e =
                assertThrows(
                        IllegalArgumentException.class, () -> names(run("a", ""), run("a", "")));
        assertEquals("run names must be different, got twice a", e.getMessage());
    }
}
