package org.learningdynamics.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.learningdynamics.data.DataException;
import org.learningdynamics.data.PreferenceExample;

class ProbeDerivationTest {
    private static final List<PreferenceExample> TRAIN = examples(1, 30, "train");
    private static final List<PreferenceExample> HELD_OUT = examples(101, 20, "test");

    @Test
    void addsTheFiveDerivedKinds() {
        ProbeSet set = derive(7);
        assertEquals(30, set.size());
        assertEquals(
                List.of(
                        "chosen",
                        "rejected",
                        "irr_train",
                        "irr_test",
                        "irr_hum",
                        "random_permute",
                        "random_nonhum"),
                set.kinds());
        assertTrue(set.kinds().containsAll(ResponseKind.DERIVED));
        assertEquals(
                TRAIN.stream().map(e -> (int) e.id()).toList(),
                set.probes().stream().map(Probe::id).toList());
    }

    @Test
    void irrelevantResponsesComeFromOtherExamples() {
        List<String> heldOut = HELD_OUT.stream().map(PreferenceExample::chosen).toList();
        List<String> train = TRAIN.stream().map(PreferenceExample::chosen).toList();
        for (Probe probe : derive(7).probes()) {
            String irrelevant = probe.responses().get("irr_train");
            assertTrue(train.contains(irrelevant));
            assertNotEquals(probe.responses().get("chosen"), irrelevant);
            assertTrue(heldOut.contains(probe.responses().get("irr_test")));
        }
    }

    @Test
    void randomKindsAreShuffledWords() {
        for (Probe probe : derive(7).probes()) {
            assertShuffled(
                    probe.responses().get("chosen"), probe.responses().get("random_permute"));
            assertShuffled(
                    probe.responses().get("irr_test"), probe.responses().get("random_nonhum"));
        }
    }

    @Test
    void unrelatedSentencesMatchTheLength() {
        SentencePool pool = SentencePool.bundled();
        Random random = new Random(3);
        for (int words = 3; words <= 120; words++) {
            int got = SentencePool.words(pool.draw(words, random));
            assertTrue(Math.abs(got - words) <= 3, words + " words asked for, got " + got);
        }
    }

    @Test
    void takesOtherSentences() {
        ProbeSet set =
                ProbeDerivation.of(HELD_OUT, 1).sentences(List.of("Only this.")).derive("x", TRAIN);
        assertTrue(set.probes().get(0).responses().get("irr_hum").contains("Only this."));
        assertThrows(
                IllegalArgumentException.class,
                () -> ProbeDerivation.of(HELD_OUT, 1).sentences(List.of()));
        assertThrows(
                IllegalArgumentException.class,
                () -> ProbeDerivation.of(HELD_OUT, 1).sentences(List.of(" ")));
    }

    @Test
    void theSeedDecides() {
        assertEquals(derive(7), derive(7));
        assertNotEquals(derive(7).digest(), derive(8).digest());
        assertEquals(
                "e9bd6bbad880988a454d2d95cb0b286d015556e3fc494062193787fceeeb7391",
                derive(7).digest());
    }

    @Test
    void acceptsResponsesTooShortToShuffle() {
        List<PreferenceExample> examples =
                List.of(
                        new PreferenceExample(1, "a", "", "x"),
                        new PreferenceExample(2, "b", "yes yes", "x"));
        ProbeSet set = ProbeDerivation.of(HELD_OUT, 1).derive("x", examples);
        assertEquals("", set.probes().get(0).responses().get("random_permute"));
        assertEquals("yes yes", set.probes().get(0).responses().get("irr_train"));
        assertEquals("yes yes", set.probes().get(1).responses().get("random_permute"));
    }

    @Test
    void needsOtherExamples() {
        var alone =
                assertThrows(
                        DataException.class,
                        () -> ProbeDerivation.of(HELD_OUT, 1).derive("x", TRAIN.subList(0, 1)));
        assertEquals(
                "example 1: none of the 1 probed examples has another prompt and another chosen"
                        + " response",
                alone.getMessage());
        var none =
                assertThrows(
                        IllegalArgumentException.class, () -> ProbeDerivation.of(List.of(), 1));
        assertEquals("heldOut must not be empty", none.getMessage());
    }

    private static ProbeSet derive(long seed) {
        return ProbeDerivation.of(HELD_OUT, seed).derive("derived", TRAIN);
    }

    private static void assertShuffled(String original, String shuffled) {
        assertNotEquals(original, shuffled);
        assertEquals(sorted(original), sorted(shuffled));
    }

    private static List<String> sorted(String text) {
        return Arrays.stream(text.split(" ")).sorted().toList();
    }

    private static List<PreferenceExample> examples(int first, int count, String word) {
        return IntStream.range(first, first + count)
                .mapToObj(
                        i ->
                                new PreferenceExample(
                                        i,
                                        "question " + i,
                                        "the " + word + " answer is " + i,
                                        "no " + i))
                .toList();
    }
}
