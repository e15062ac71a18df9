package org.learningdynamics.train;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.update.SplitRule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Adam with PyTorch's steps, for every ND4J host: {@code m ← β₁m + (1 − β₁)g}, {@code v ← β₂v + (1
 * − β₂)g²}, {@code θ ← θ − η·m̂/(√v̂ + ε)} with {@code m̂ = m/(1 − β₁ⁿ)}, {@code v̂ = v/(1 − β₂ⁿ)},
 * n the update's number from 1.
 *
 * <p>ND4J's own {@code Adam} adds ε to the root before its correction, and in single precision it
 * rounds {@code 1 − β₂} to 1e-5 of its value; here both are made up for, so that a step in single
 * precision is PyTorch's to about 1e-7 of its size. With {@link DecoupledDecay} λ as the host's
 * regularisation it is {@code torch.optim.AdamW(lr=η, weight_decay=λ)}, without it {@code
 * torch.optim.Adam(lr=η)}.
 *
 * <p>States {@value TorchAdamUpdater#FIRST} and {@value TorchAdamUpdater#SECOND}: m and v from 0,
 * one value each a parameter. In single precision each is kept times {@code (1 − fl(β))/fl(1 − β)},
 * which is 1 to 2e-5. Cost: one fused pass in place. NaN in the gradient makes state and parameter
 * NaN.
 *
 * <p>Source: Kingma and Ba, Adam, 2015; PyTorch 1.13.
 */
public final class TorchAdam extends RatedUpdater {
    /** Default β₁. */
    public static final double DEFAULT_BETA1 = 0.9;

    /** Default β₂. */
    public static final double DEFAULT_BETA2 = 0.999;

    /** Default ε. */
    public static final double DEFAULT_EPSILON = 1e-8;

    private static final long serialVersionUID = 1L;

    /** Decay of the gradients' running mean. */
    private final double beta1;

    /** Decay of the squares' running mean. */
    private final double beta2;

    /** Added to the root of the squares' mean. */
    private final double epsilon;

    /**
     * With a constant rate and PyTorch's defaults.
     *
     * @param learningRate η, greater than 0
     * @throws IllegalArgumentException if it is not
     */
    public TorchAdam(double learningRate) {
        this(learningRate, DEFAULT_BETA1, DEFAULT_BETA2, DEFAULT_EPSILON);
    }

    /**
     * With a constant rate.
     *
     * @param learningRate η, greater than 0
     * @param beta1 β₁, in [0, 1)
     * @param beta2 β₂, in [0, 1)
     * @param epsilon ε, greater than 0
     * @throws IllegalArgumentException if a value breaks its rule
     */
    public TorchAdam(double learningRate, double beta1, double beta2, double epsilon) {
        this(requirePositive("learningRate", learningRate), null, beta1, beta2, epsilon);
    }

    /**
     * With a rate that changes and PyTorch's defaults.
     *
     * @param learningRate η by iteration and epoch
     */
    public TorchAdam(ISchedule learningRate) {
        this(
                Double.NaN,
                Objects.requireNonNull(learningRate, "learningRate"),
                DEFAULT_BETA1,
                DEFAULT_BETA2,
                DEFAULT_EPSILON);
    }

    private TorchAdam(
            @JsonProperty("learningRate") double learningRate,
            @JsonProperty("learningRateSchedule") @Nullable ISchedule learningRateSchedule,
            @JsonProperty("beta1") double beta1,
            @JsonProperty("beta2") double beta2,
            @JsonProperty("epsilon") double epsilon) {
        super(learningRate, learningRateSchedule);
        this.beta1 = requireShare("beta1", beta1);
        this.beta2 = requireShare("beta2", beta2);
        this.epsilon = requirePositive("epsilon", epsilon);
    }

    /**
     * What the first moment keeps.
     *
     * @return β₁
     */
    public double beta1() {
        return beta1;
    }

    /**
     * What the second moment keeps.
     *
     * @return β₂
     */
    public double beta2() {
        return beta2;
    }

    /**
     * What is added to the root.
     *
     * @return ε
     */
    public double epsilon() {
        return epsilon;
    }

    @Override
    TorchAdamUpdater updater() {
        return new TorchAdamUpdater(this);
    }

    @Override
    public SplitRule splitRule() {
        return new TorchAdamRule(this);
    }

    @Override
    @SuppressWarnings("MissingSuperCall") // a final class of values
    public TorchAdam clone() {
        return new TorchAdam(constantRate(), copiedSchedule(), beta1, beta2, epsilon);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TorchAdam same
                && hasRateOf(same)
                && Double.compare(beta1, same.beta1) == 0
                && Double.compare(beta2, same.beta2) == 0
                && Double.compare(epsilon, same.epsilon) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hash(rateHash(), beta1, beta2, epsilon);
    }

    @Override
    public String toString() {
        return "TorchAdam(learningRate="
                + rateText()
                + ", beta1="
                + beta1
                + ", beta2="
                + beta2
                + ", epsilon="
                + epsilon
                + ")";
    }
}
