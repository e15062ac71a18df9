package org.learningdynamics.update;

import java.util.Optional;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Updaters that give each value a rate of its own and remember no direction. That their states
 * start at ε (AdaGrad, RMSprop) needs no care here: only the states after the step are read.
 */
final class AdaptiveRules {
    private AdaptiveRules() {}

    /** {@code h ← h + x²}, update {@code ηx / (√h + ε)}. */
    static SplitRule adaGrad(AdaGrad config) {
        return SplitRules.rule(
                Set.of(),
                s ->
                        scaled(
                                config.getLearningRate(s.iteration(), s.epoch()),
                                inverseRoot(s.after("grad"), config.getEpsilon())));
    }

    /** {@code G ← ρG + (1 − ρ)x²}, update {@code ηx / (√G + ε)}. */
    static SplitRule rmsProp(RmsProp config) {
        return SplitRules.rule(
                Set.of(),
                s ->
                        scaled(
                                config.getLearningRate(s.iteration(), s.epoch()),
                                inverseRoot(s.after("G"), config.getEpsilon())));
    }

    /**
     * {@code q ← ρq + (1 − ρ)x²}, update {@code x·√(d₀ + ε) / √(q + ε)} with d₀ the mean squared
     * update before this one.
     */
    static SplitRule adaDelta(AdaDelta config) {
        return SplitRules.rule(
                Set.of("msdx"),
                s -> {
                    try (INDArray squares = s.after("msg").add(config.getEpsilon());
                            INDArray steps = s.before("msdx").add(config.getEpsilon())) {
                        return scaled(1, Transforms.sqrt(steps.div(squares), false));
                    }
                });
    }

    /** {@code 1 / (√h + ε)} in a new array. */
    static INDArray inverseRoot(INDArray squares, double epsilon) {
        return Transforms.sqrt(squares, true).addi(epsilon).rdivi(1);
    }

    private static UpdateSplit scaled(double scale, INDArray preconditioner) {
        return new UpdateSplit(scale, Optional.of(preconditioner), Optional.empty());
    }
}
