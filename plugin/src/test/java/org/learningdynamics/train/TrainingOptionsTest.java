package org.learningdynamics.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.learningdynamics.loss.LossNeed;
import org.learningdynamics.loss.Losses;
import org.learningdynamics.loss.PairwiseLoss;

class TrainingOptionsTest {
    @Test
    void startsWithTheDocumentedDefaults() {
        TrainingOptions options = TrainingOptions.builder(TrainingMethod.SFT).build();
        TrainingOptions expected =
                new TrainingOptions(
                        TrainingMethod.SFT,
                        TrainingOptions.DEFAULT_UPDATES,
                        TrainingOptions.DEFAULT_BATCH_SIZE,
                        TrainingOptions.DEFAULT_LEARNING_RATE,
                        0,
                        LearningRateDecay.CONSTANT,
                        Optimizer.ADAM,
                        Losses.byName("sft"),
                        TrainingOptions.DEFAULT_SEED,
                        UpdateOptions.DEFAULT);
        assertEquals(expected, options);
    }

    @Test
    void namesTheRuleAndTheValue() {
        assertMessage("updates must be > 0, got 0", () -> sft().updates(0).build());
        assertMessage("batchSize must be > 0, got -1", () -> sft().batchSize(-1).build());
        assertMessage(
                "learningRate must be > 0, got NaN", () -> sft().learningRate(Double.NaN).build());
        assertMessage("learningRate must be > 0, got 0.0", () -> sft().learningRate(0).build());
        assertMessage(
                "warmupUpdates must be in [0, updates = 5), got 5",
                () -> sft().updates(5).warmupUpdates(5).build());
        assertMessage("beta must be > 0, got -0.1", () -> sft().beta(-0.1).build());
        assertMessage("beta must be > 0, got NaN", () -> sft().beta(Double.NaN).build());
        assertMessage(
                "labelSmoothing must be in [0, 0.5), got 0.5",
                () -> sft().labelSmoothing(0.5).build());
    }

    @ParameterizedTest
    @EnumSource(TrainingMethod.class)
    void everyMethodHasALossOfItsForm(TrainingMethod method) {
        TrainingOptions options = TrainingOptions.builder(method).beta(0.7).build();
        assertEquals(method.isPairwise(), options.loss() instanceof PairwiseLoss);
        assertEquals(
                method == TrainingMethod.KTO, options.loss().needs().contains(LossNeed.LABELS));
        if (options.loss() instanceof PairwiseLoss pairwise) {
            assertEquals(0.7, pairwise.beta());
        }
        assertEquals(method, TrainingMethod.of(method.label()));
    }

    @Test
    void everyLossHasItsMethod() {
        Set<String> methods = new TreeSet<>();
        for (TrainingMethod method : TrainingMethod.values()) {
            methods.add(TrainingOptions.builder(method).build().loss().name());
        }
        assertEquals(Losses.names(), methods);
    }

    @Test
    void betaIsThatOfTheLossUnlessSet() {
        TrainingOptions simpo = TrainingOptions.builder(TrainingMethod.SIMPO).build();
        assertEquals(Losses.byName("simpo"), simpo.loss());
        assertEquals("0.5", simpo.describe().get("gamma"));
    }

    @Test
    void labelSmoothingReachesCdpo() {
        TrainingOptions options =
                TrainingOptions.builder(TrainingMethod.CDPO).labelSmoothing(0.25).build();
        assertEquals(Map.of("beta", 0.1, "label_smoothing", 0.25), options.loss().parameters());
    }

    @Test
    void compositionsLearnFromWhatTheirPairwiseLossLearnsFrom() {
        TrainingOptions sum = TrainingOptions.builder("0.2*sft+dpo").beta(0.3).build();
        assertEquals(TrainingMethod.DPO, sum.method());
        assertEquals(0.3, sum.loss().parameters().get("dpo.beta"));
        assertEquals(sum.loss().name(), sum.describe().get("loss"));
        assertEquals(TrainingMethod.DPO, TrainingOptions.builder("dpo:js").build().method());
        assertEquals(
                TrainingOptions.builder(TrainingMethod.SIMPO).build(),
                TrainingOptions.builder("simpo").build());
        assertEquals(TrainingMethod.PRETRAIN, TrainingOptions.builder("pretrain").build().method());
        assertMessage(
                "loss dpo must learn from single responses as method sft does",
                () -> sft().loss("dpo").build());
    }

    @Test
    void parametersReachTheLossOrAreRefused() {
        TrainingOptions simpo = TrainingOptions.builder("simpo").lossParameter("gamma", 1).build();
        assertEquals(1.0, simpo.loss().parameters().get("gamma"));
        IllegalArgumentException unknown =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> TrainingOptions.builder("dpo").lossParameter("gamma", 1).build());
        assertTrue(unknown.getMessage().contains("gamma"), unknown.getMessage());
    }

    @Test
    void describesWhatMattersToTheMethod() {
        Map<String, String> sft = sft().build().describe();
        assertEquals("sft", sft.get("method"));
        assertFalse(sft.containsKey("beta"));
        Map<String, String> dpo = TrainingOptions.builder(TrainingMethod.DPO).build().describe();
        assertEquals("0.1", dpo.get("beta"));
        assertTrue(dpo.keySet().containsAll(sft.keySet()));
    }

    @Test
    void unknownMethodListsTheKnownOnes() {
        assertMessage(
                "method must be one of pretrain, sft, sft-sum, sft-extended, dft, dpo, cdpo, ipo,"
                        + " ipo-length-normalized, robust, hinge, exo, discopop, nca, bco, sppo,"
                        + " cal-dpo, apo-zero, apo-down, aot, aot-unpaired, dpo-norm, simpo, cpo,"
                        + " orpo, rpo, iterative-rpo, dpop, kto, npo, gradient-ascent, got ppo",
                () -> TrainingMethod.of("ppo"));
    }

    private static TrainingOptions.Builder sft() {
        return TrainingOptions.builder(TrainingMethod.SFT);
    }

    private static void assertMessage(String message, Executable code) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, code).getMessage());
    }
}
