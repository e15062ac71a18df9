package org.learningdynamics.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Losses by name, and the parameters they refuse. */
class LossesTest {
    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    @Test
    void namesAreSorted() {
        assertEquals(
                List.of(
                        "cdpo",
                        "dpo",
                        "ipo",
                        "ipo-length-normalized",
                        "sft",
                        "sft-extended",
                        "sft-sum"),
                List.copyOf(Losses.names()));
    }

    @Test
    void leftOutParametersHaveTheirDefaults() {
        assertEquals(new DpoLoss(.1), Losses.byName("dpo"));
        assertEquals(new CdpoLoss(.1, .3), Losses.byName("cdpo", Map.of("label_smoothing", .3)));
        assertEquals(new CdpoLoss(2, .1), Losses.byName("cdpo", Map.of("beta", 2.0)));
    }

    @Test
    void anUnknownNameListsTheKnownOnes() {
        assertRefused(
                "unknown loss dpp; known are cdpo, dpo, ipo, ipo-length-normalized, sft,"
                        + " sft-extended, sft-sum",
                () -> Losses.byName("dpp"));
    }

    @Test
    void anUnknownParameterListsTheKnownOnes() {
        assertRefused(
                "loss dpo has no parameter bta; it has [beta]",
                () -> Losses.byName("dpo", Map.of("bta", .1)));
        assertRefused(
                "loss sft has no parameter beta; it has []",
                () -> Losses.byName("sft", Map.of("beta", .1)));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-.1, 0, -0.0, Double.NaN, Double.NEGATIVE_INFINITY})
    void refusesBetaThatIsNotPositive(double beta) {
        String message = "beta must be > 0, got " + beta;
        assertRefused(message, () -> new DpoLoss(beta));
        assertRefused(message, () -> new CdpoLoss(beta, .1));
        assertRefused(message, () -> new IpoLoss(beta, IpoLoss.Form.PAPER));
        assertRefused(message, () -> Losses.byName("dpo", Map.of("beta", beta)));
    }

    @Test
    void refusesInfiniteBeta() {
        assertRefused(
                "beta must be finite, got Infinity", () -> new DpoLoss(Double.POSITIVE_INFINITY));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-.01, .5, 1, Double.NaN})
    void refusesLabelSmoothingOutsideItsRange(double smoothing) {
        assertRefused(
                "label_smoothing must be in [0, 0.5), got " + smoothing,
                () -> new CdpoLoss(.1, smoothing));
    }

    @Test
    void cdpoWithoutSmoothingIsDpo() {
        PairScores pair = new PairScores(-3, -4, -2, -5, 1, 1);
        assertEquals(new DpoLoss(.7).value(pair), new CdpoLoss(.7, 0).value(pair), 1e-15);
    }

    @Test
    void refusesScoresThatAreNotFinite() {
        assertRefused(
                "chosenLogProb must be finite, got NaN",
                () -> new PairScores(Double.NaN, 0, 0, 0, 1, 1));
        assertRefused(
                "rejectedLogProb must be finite, got -Infinity",
                () -> new PairScores(0, Double.NEGATIVE_INFINITY, 0, 0, 1, 1));
        assertRefused(
                "referenceChosenLogProb must be finite, got NaN",
                () -> new PairScores(0, 0, Double.NaN, 0, 1, 1));
        assertRefused(
                "referenceRejectedLogProb must be finite, got NaN",
                () -> new PairScores(0, 0, 0, Double.NaN, 1, 1));
    }

    @Test
    void refusesResponsesWithoutTokens() {
        assertRefused("chosenTokens must be >= 1, got 0", () -> new PairScores(0, 0, 0, 0, 0, 1));
        assertRefused(
                "rejectedTokens must be >= 1, got -2", () -> new PairScores(0, 0, 0, 0, 1, -2));
    }
}
