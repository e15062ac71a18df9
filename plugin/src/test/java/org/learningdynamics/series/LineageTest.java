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

    private static SyntheticRun moving(String name, double from, double to) {
        return SyntheticRun.of(name, 3, 4).kind("chosen", (t, i) -> from + (to - from) * t / 2 - i);
    }

    @Test
    void aRunThatStartsWhereAnotherEndedContinuesIt() {
        assertEquals(
                List.of("pre → a → b", "pre → c"),
                names(
                        moving("b", -20, -25).build(),
                        moving("pre", -90, -40).build(),
                        moving("a", -40, -20).build(),
                        moving("c", -40, -30).build()));
    }

    @Test
    void almostTheSameStateIsAnother() {
        assertEquals(
                List.of("a", "b"),
                names(moving("a", -40, -20).build(), moving("b", -20.001, -25).build()));
        assertEquals(
                List.of("a → b"),
                names(moving("a", -40, -20).build(), moving("b", -20.0001, -25).build()));
    }

    @Test
    void otherProbesNeverContinue() {
        assertEquals(
                List.of("a", "b"),
                names(moving("a", -40, -20).build(), moving("b", -20, -25).otherProbes().build()));
    }

    @Test
    void aHeaderThatSaysAfreshIsBelieved() {
        assertEquals(
                List.of("a", "b"),
                names(
                        moving("a", -40, -20).build(),
                        moving("b", -20, -25).header(Lineage.CONTINUES, "").build()));
    }
}
