package org.learningdynamics.update;

import static org.learningdynamics.update.AdaptiveRules.inverseRoot;

import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaBelief;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;

/**
 * The family of Adam: a first moment {@code m ← β₁m + (1 − β₁)x} over a root of squares. As ND4J
 * computes them: ε is added to the root, the corrections for the start are {@code 1 − βⁿ} with n
 * one more than the host's iteration counter, in the parameters' own precision.
 */
final class MomentRules {
    private static final String FIRST_MOMENT = "M";

    private MomentRules() {}

    /** {@code c·m / (√v + ε)}, {@code c = η√(1 − β₂ⁿ) / (1 − β₁ⁿ)}. */
    static SplitRule adam(Adam config) {
        return corrected(config, config.getBeta1(), config.getBeta2(), config.getEpsilon(), "V");
    }

    /** As Adam with the largest v so far. */
    static SplitRule amsGrad(AMSGrad config) {
        return corrected(
                config, config.getBeta1(), config.getBeta2(), config.getEpsilon(), "V_HAT");
    }

    /** As Adam with s, the mean square of {@code x − m}, in place of v. */
    static SplitRule adaBelief(AdaBelief config) {
        return corrected(config, config.getBeta1(), config.getBeta2(), config.getEpsilon(), "S");
    }

    private static SplitRule corrected(
            IUpdater config, double beta1, double beta2, double epsilon, String squares) {
        return moment(
                s -> inverseRoot(s.after(squares), epsilon),
                s -> {
                    DataType type = s.after(squares).dataType();
                    double rate = config.getLearningRate(s.iteration(), s.epoch());
                    double factor =
                            rate
                                    * Math.sqrt(correction(beta2, s.iteration(), type))
                                    / correction(beta1, s.iteration(), type);
                    double scale = orEpsilon(factor, epsilon);
                    return new Weights(scale * (1 - beta1), scale * beta1);
                });
    }

    /** {@code η / (1 − β₁ⁿ) · m / u} with {@code u ← max(β₂u, |x|)}. */
    static SplitRule adaMax(AdaMax config) {
        double beta1 = config.getBeta1();
        return moment(
                s -> s.after("V").rdiv(1),
                s -> {
                    double rate = config.getLearningRate(s.iteration(), s.epoch());
                    DataType type = s.after("V").dataType();
                    double factor = rate / correction(beta1, s.iteration(), type);
                    double scale = orEpsilon(factor, config.getEpsilon());
                    return new Weights(scale * (1 - beta1), scale * beta1);
                });
    }

    /** {@code η / (1 − β₁ⁿ) · (β₁m + (1 − β₁)x) / (√v + ε)}; v is not corrected. */
    static SplitRule nadam(Nadam config) {
        double beta1 = config.getBeta1();
        return moment(
                s -> inverseRoot(s.after("V"), config.getEpsilon()),
                s -> {
                    double rate = config.getLearningRate(s.iteration(), s.epoch());
                    DataType type = s.after("V").dataType();
                    double scale = rate / correction(beta1, s.iteration(), type);
                    return new Weights(scale * (1 + beta1) * (1 - beta1), scale * beta1 * beta1);
                });
    }

    /** Factors of this batch's gradient and of the first moment before it. */
    private record Weights(double gradient, double moment) {}

    /** {@code D∘(weights.gradient·x + weights.moment·m₀)}. */
    private static SplitRule moment(
            Function<UpdaterState, INDArray> preconditioner,
            Function<UpdaterState, Weights> weights) {
        return SplitRules.rule(
                Set.of(FIRST_MOMENT),
                s -> {
                    Weights weight = weights.apply(s);
                    INDArray d = preconditioner.apply(s);
                    INDArray history = s.before(FIRST_MOMENT).mul(d).muli(weight.moment());
                    return new UpdateSplit(weight.gradient(), Optional.of(d), Optional.of(history));
                });
    }

    /**
     * {@code 1 − βⁿ}; in single precision β and its power are rounded before they are subtracted.
     */
    private static double correction(double beta, int iteration, DataType type) {
        if (type == DataType.DOUBLE) {
            return 1 - Math.pow(beta, iteration + 1);
        }
        return 1 - (double) (float) Math.pow((float) beta, iteration + 1);
    }

    /** ND4J's own way out where the factor is no number or zero, as with a rate of zero. */
    private static double orEpsilon(double factor, double epsilon) {
        return Double.isFinite(factor) && factor != 0 ? factor : epsilon;
    }
}
