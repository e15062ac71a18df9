package org.learningdynamics.samples.squeezing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.learningdynamics.measure.Squeeze;

/** What the five cases are there to show, over seeds. */
class ToyCaseTest {
    private static final int SEEDS = 20;

    private static ToyCase draw(char letter, long seed) {
        return ToyCase.draw(seed).get(letter - 'A');
    }

    private static double change(ToyCase toy, int label) {
        return Math.exp(toy.after()[label]) - Math.exp(toy.before()[label]);
    }

    private static Squeeze squeeze(ToyCase toy) {
        return Squeeze.of(toy.before(), toy.after(), toy.pushed());
    }

    @Test
    void learningAClassLiftsIt() {
        for (long seed = 0; seed < SEEDS; seed++) {
            assertTrue(change(draw('A', seed), 21) > 0);
        }
    }

    @Test
    void aPushInAFlatDistributionIsSpreadEvenly() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Squeeze squeeze = squeeze(draw('B', seed));
            assertTrue(squeeze.pushedChange() < 0 && squeeze.share() < .1, squeeze::toString);
        }
    }

    @Test
    void pushingAPeakDownFeedsTheOtherPeaks() {
        for (long seed = 0; seed < SEEDS; seed++) {
            ToyCase toy = draw('C', seed);
            assertTrue(change(toy, 11) < 0 && squeeze(toy).likeliestChange() > 0);
        }
    }

    @Test
    void equalPullsUpAndDownLeaveTheOthersInProportion() {
        for (long seed = 0; seed < SEEDS; seed++) {
            ToyCase toy = draw('D', seed);
            assertTrue(change(toy, 42) < 0 && change(toy, 25) > 0);
            for (int v = 0; v < 42; v++) {
                double ratio = toy.after()[v] - toy.before()[v];
                assertTrue(v == 25 || Math.abs(ratio - toy.after()[0] + toy.before()[0]) < 1e-12);
            }
            assertArrayEquals(draw('C', seed).before(), toy.before(), "same model and input");
        }
    }

    @Test
    void inALargeVocabularyOneClassTakesNearlyEverything() {
        int squeezed = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            Squeeze squeeze = squeeze(draw('E', seed));
            assertTrue(squeeze.pushedChange() < 0 && squeeze.likeliestChange() > 0);
            squeezed += squeeze.fallen() > 900 && squeeze.share() > 1 ? 1 : 0;
        }
        assertTrue(squeezed >= SEEDS - 1, squeezed + " of " + SEEDS);
    }

    @Test
    void thePageShowsEveryCaseOnBothScales() {
        List<ToyCase> cases = ToyCase.draw(1);
        String page = SqueezingPage.of(cases).html();
        assertEquals(10, page.split("<svg ", -1).length - 1);
        for (ToyCase toy : cases) {
            assertTrue(page.contains("Case " + toy.letter() + ": "));
        }
        assertTrue(!page.contains("NaN") && !page.contains("Infinity"));
        assertEquals(page, SqueezingPage.of(ToyCase.draw(1)).html());
    }
}
