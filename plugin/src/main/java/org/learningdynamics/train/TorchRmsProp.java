package org.learningdynamics.train;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.update.SplitRule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * RMSprop with PyTorch's steps, for every ND4J host: {@code v ← αv + (1 − α)g²} from {@code v = 0},
 * {@code θ ← θ − η·g/(√v + ε)}: {@code torch.optim.RMSprop(lr=η)} without momentum, not centred.
 *
 * <p>ND4J's own {@code RmsProp} decays by .95 and starts at ε instead. With {@code l2} of the host
 * as weight decay the gradient is {@code g + λθ}, as in PyTorch.
 *
 * <p>State {@value TorchRmsPropUpdater#SQUARES}: v, one value a parameter; in single precision kept
 * times {@code (1 − fl(α))/fl(1 − α)}, which is 1 to 2e-6. Cost: one fused pass in place. NaN in
 * the gradient makes state and parameter NaN.
 *
 * <p>Source: Hinton's lecture 6e of Neural Networks for Machine Learning, 2012; PyTorch 1.13.
 */
public final class TorchRmsProp extends RatedUpdater {
    /** Default α. */
    public static final double DEFAULT_ALPHA = 0.99;

    /** Default ε. */
    public static final double DEFAULT_EPSILON = 1e-8;

    private static final long serialVersionUID = 1L;

    /** Decay of the squares' running mean. */
    private final double alpha;

    /** Added to the root of the squares' mean. */
    private final double epsilon;

    /**
     * With a constant rate and PyTorch's defaults.
     *
     * @param learningRate η, greater than 0
     * @throws IllegalArgumentException if it is not
     */
    public TorchRmsProp(double learningRate) {
        this(learningRate, DEFAULT_ALPHA, DEFAULT_EPSILON);
    }

    /**
     * With a constant rate.
     *
     * @param learningRate η, greater than 0
     * @param alpha α, in [0, 1)
     * @param epsilon ε, greater than 0
     * @throws IllegalArgumentException if a value breaks its rule
     */
    public TorchRmsProp(double learningRate, double alpha, double epsilon) {
        this(requirePositive("learningRate", learningRate), null, alpha, epsilon);
    }

    /**
     * With a rate that changes and PyTorch's defaults.
     *
     * @param learningRate η by iteration and epoch
     */
    public TorchRmsProp(ISchedule learningRate) {
        this(
                Double.NaN,
                Objects.requireNonNull(learningRate, "learningRate"),
                DEFAULT_ALPHA,
                DEFAULT_EPSILON);
    }

    private TorchRmsProp(
            @JsonProperty("learningRate") double learningRate,
            @JsonProperty("learningRateSchedule") @Nullable ISchedule learningRateSchedule,
            @JsonProperty("alpha") double alpha,
            @JsonProperty("epsilon") double epsilon) {
        super(learningRate, learningRateSchedule);
        this.alpha = requireShare("alpha", alpha);
        this.epsilon = requirePositive("epsilon", epsilon);
    }

    /**
     * What the mean square keeps.
     *
     * @return α
     */
    public double alpha() {
        return alpha;
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
    TorchRmsPropUpdater updater() {
        return new TorchRmsPropUpdater(this);
    }

    @Override
    public SplitRule splitRule() {
        return new TorchRmsPropRule(this);
    }

    @Override
    @SuppressWarnings("MissingSuperCall") // a final class of values
    public TorchRmsProp clone() {
        return new TorchRmsProp(constantRate(), copiedSchedule(), alpha, epsilon);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TorchRmsProp same
                && hasRateOf(same)
                && Double.compare(alpha, same.alpha) == 0
                && Double.compare(epsilon, same.epsilon) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hash(rateHash(), alpha, epsilon);
    }

    @Override
    public String toString() {
        return "TorchRmsProp(learningRate="
                + rateText()
                + ", alpha="
                + alpha
                + ", epsilon="
                + epsilon
                + ")";
    }
}
