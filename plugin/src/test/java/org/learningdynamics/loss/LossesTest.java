package org.learningdynamics.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Losses by name, and the parameters they refuse. */
class LossesTest {
    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    private static final String NAMES =
            "aot, aot-unpaired, apo-down, apo-zero, bco, cal-dpo, cdpo, cpo, dft, discopop, dpo,"
                    + " dpo-norm, dpop, exo, gradient-ascent, hinge, ipo, ipo-length-normalized,"
                    + " iterative-rpo, kto, nca, npo, orpo, robust, rpo, sft, sft-extended,"
                    + " sft-sum, simpo, sppo";

    @Test
    void namesAreSorted() {
        assertEquals(NAMES, String.join(", ", Losses.names()));
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyNameGivesItsLossAndTakesItsParametersBack(String name) {
        Loss loss = Losses.byName(name);
        assertEquals(name, loss.name());
        assertEquals(loss, Losses.byName(name, loss.parameters()));
        assertEquals(loss.needs().contains(LossNeed.REFERENCE), loss.needsReference());
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyParameterRefusesWhatIsNoNumberOrNegative(String name) {
        for (String parameter : Losses.byName(name).parameters().keySet()) {
            for (double value : new double[] {-.1, Double.NaN, Double.POSITIVE_INFINITY}) {
                IllegalArgumentException refused =
                        assertThrows(
                                IllegalArgumentException.class,
                                () -> Losses.byName(name, Map.of(parameter, value)));
                String message = refused.getMessage();
                assertTrue(message.startsWith(parameter + " must be "), message);
                assertTrue(message.endsWith(", got " + value), message);
            }
        }
    }

    static Set<String> names() {
        return Losses.names();
    }

    @Test
    void parametersReachTheirLosses() {
        assertEquals(
                new KtoLoss(.2, 1.5, 1),
                Losses.byName("kto", Map.of("beta", .2, "desirable_weight", 1.5)));
        assertEquals(new SimpoLoss(2, 1.6, 0), Losses.byName("simpo", Map.of("gamma", 1.6)));
        assertEquals(new DpopLoss(.1, 5, 0), Losses.byName("dpop", Map.of("lambda", 5.0)));
        assertEquals(new RpoLoss(.1, .2, 0), Losses.byName("rpo", Map.of("rpo_alpha", .2)));
        assertEquals(new DiscopopLoss(.1, .5), Losses.byName("discopop", Map.of("tau", .5)));
    }

    @Test
    void aColonNamesADivergence() {
        FDivergence alpha = new FDivergence(FDivergence.Kind.ALPHA, .3);
        assertEquals(
                new DivergenceLoss(new DpoLoss(.2), alpha),
                Losses.byName("dpo:alpha", Map.of("beta", .2, "f_alpha", .3)));
        assertRefused(
                "divergence must be one of reverse-kl, forward-kl, js, alpha, got tv",
                () -> Losses.byName("dpo:tv"));
        assertRefused(
                "a divergence needs a loss of the margin alone, got nca:js",
                () -> Losses.byName("nca:js"));
        assertRefused(
                "f_alpha must not be 1, which is reverse-kl, got 1.0",
                () -> Losses.byName("dpo:alpha", Map.of("f_alpha", 1.0)));
    }

    @Test
    void signsMakeASum() {
        Loss sum = Losses.byName("dpo + 0.2*bco+sft", Map.of("beta", .3, "bco.beta", .4));
        assertEquals(
                new WeightedLoss(
                        List.of(
                                new WeightedLoss.Term(1, new DpoLoss(.3)),
                                new WeightedLoss.Term(.2, new BcoLoss(.4)),
                                new WeightedLoss.Term(1, new SftLoss()))),
                sum);
        assertEquals("dpo+0.2*bco+sft", sum.name());
        assertEquals(Map.of("dpo.beta", .3, "bco.beta", .4), sum.parameters());
        assertEquals(sum, Losses.byName(sum.name(), sum.parameters()));
        Loss scaled = Losses.byName("0.5*dpo:js");
        assertEquals(scaled, Losses.byName(scaled.name(), scaled.parameters()));
    }

    @Test
    void refusesSumsThatMakeNoSense() {
        assertRefused(
                "each loss must stand in a sum once, got dpo twice",
                () -> Losses.byName("dpo+0.5*dpo"));
        assertRefused("weight of sft must be > 0, got -0.2", () -> Losses.byName("dpo+-0.2*sft"));
        assertRefused("weights in x*sft must be numbers, got x", () -> Losses.byName("x*sft"));
        assertRefused("unknown loss ; known are " + NAMES, () -> Losses.byName("dpo+"));
        assertRefused(
                "a weighted loss must have terms, got none", () -> new WeightedLoss(List.of()));
        Loss sum = Losses.byName("dpo+sft");
        assertRefused(
                "a term must not be a sum itself, got dpo+sft",
                () -> new WeightedLoss.Term(1, sum));
        assertRefused(
                "loss dpo+sft has no parameter tau; it has [beta, dpo.beta]",
                () -> Losses.byName("dpo+sft", Map.of("tau", .1)));
    }

    @Test
    void leftOutParametersHaveTheirDefaults() {
        assertEquals(new DpoLoss(.1), Losses.byName("dpo"));
        assertEquals(new CdpoLoss(.1, .3), Losses.byName("cdpo", Map.of("label_smoothing", .3)));
        assertEquals(new CdpoLoss(2, .1), Losses.byName("cdpo", Map.of("beta", 2.0)));
    }

    @Test
    void anUnknownNameListsTheKnownOnes() {
        assertRefused("unknown loss dpp; known are " + NAMES, () -> Losses.byName("dpp"));
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
    void exoNeedsSmoothingAndDiscopopALowTemperature() {
        assertRefused("label_smoothing must be > 0, got 0.0", () -> new ExoLoss(.1, 0));
        assertRefused("tau must be <= 1, got 1.5", () -> new DiscopopLoss(.1, 1.5));
    }

    @Test
    void specialCasesAgree() {
        PairScores pair = new PairScores(-3, -4, -2, -5, 2, 1);
        double dpo = new DpoLoss(.7).value(pair);
        assertEquals(dpo, new RobustLoss(.7, 0).value(pair), 1e-15);
        assertEquals(dpo, new DpopLoss(.7, 0, 0).value(pair), 1e-15);
        assertEquals(dpo, new RpoLoss(.7, 0, 0).value(pair), 1e-15);
        assertEquals(dpo, new AotLoss(.7, 0, AotLoss.Form.PAIRED).value(pair), 1e-15);
        FDivergence nearlyReverse = new FDivergence(FDivergence.Kind.ALPHA, 1 - 1e-9);
        double near = new DivergenceLoss(new DpoLoss(.7), nearlyReverse).value(pair);
        assertEquals(dpo, near, 1e-6);
        FDivergence reverse = new FDivergence(FDivergence.Kind.REVERSE_KL);
        assertEquals(dpo, new DivergenceLoss(new DpoLoss(.7), reverse).value(pair), 0);
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
