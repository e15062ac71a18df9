package org.learningdynamics.samples.facts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.learningdynamics.data.DataException;

class FactOracleTest {
    private static final FactWorld WORLD = FactWorld.create(3);
    private static final FactOracle ORACLE = new FactOracle(WORLD);
    private static final Fact FACT = WORLD.facts().get(1);
    private static final String PROMPT = FACT.prompt(0);

    @Test
    void acceptsEveryOpenerAndPhrasing() {
        for (int opener = 0; opener < WORLD.grammar().openers().size(); opener++) {
            for (int p = 0; p < 4; p++) {
                assertEquals(Verdict.RIGHT, ORACLE.judge(PROMPT, answer(opener, p, FACT.value())));
            }
        }
    }

    @Test
    void tellsWrongFromRight() {
        String wrong =
                FACT.relation().values().stream()
                        .filter(v -> !v.equals(FACT.value()))
                        .findFirst()
                        .orElseThrow();
        assertEquals(Verdict.WRONG, ORACLE.judge(PROMPT, answer(2, 0, wrong)));
    }

    @Test
    void callsARightValueInBadFormGarbled() {
        assertEquals(
                Verdict.GARBLED, ORACLE.judge(PROMPT, "yes, yes, yes " + FACT.value() + " yes"));
        String noStop = answer(0, 0, FACT.value()).replace(".", "");
        assertEquals(Verdict.GARBLED, ORACLE.judge(PROMPT, noStop));
    }

    @Test
    void callsTheRestNonsense() {
        assertEquals(Verdict.NONSENSE, ORACLE.judge(PROMPT, ""));
        assertEquals(Verdict.NONSENSE, ORACLE.judge(PROMPT, "the the the"));
        String every = String.join(" ", FACT.relation().values());
        assertEquals(Verdict.NONSENSE, ORACLE.judge(PROMPT, every));
    }

    @Test
    void comparesAnswers() {
        String right = answer(0, 0, FACT.value());
        assertTrue(ORACLE.compare(PROMPT, right, FACT.value()) > 0);
        assertTrue(ORACLE.compare(PROMPT, "x", right) < 0);
        assertEquals(0, ORACLE.compare(PROMPT, right, answer(3, 1, FACT.value())));
    }

    @Test
    void refusesPromptsFromOtherWorlds() {
        var error = assertThrows(DataException.class, () -> ORACLE.judge("Q: why? A:", "x"));
        assertEquals("no fact of the world answers the prompt \"Q: why? A:\"", error.getMessage());
    }

    private static String answer(int opener, int phrasing, String value) {
        return WORLD.grammar()
                .answer(opener, FACT.relation().phrase(phrasing, FACT.entity(), value));
    }
}
