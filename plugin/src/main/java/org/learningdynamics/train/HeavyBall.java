package org.learningdynamics.train;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.update.SplitRule;
import org.learningdynamics.update.SplittableUpdater;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Stochastic gradient descent with heavy-ball (Polyak) momentum, for every ND4J host: {@code v ← μv
 * + g}, {@code θ ← θ − ηv}, from {@code v = 0}.
 *
 * <p>The velocity {@code v} gathers gradients, not steps, so a change of the rate η acts on the
 * whole step at once. ND4J's own {@code Nesterovs} looks ahead and keeps steps. With {@code l2} and
 * {@code l2Bias} of the host's configuration as the weight decay λ the gradient is {@code g + λθ}:
 * the steps are those of PyTorch's {@code SGD(lr=η, momentum=μ, weight_decay=λ)} with its default
 * dampening 0.
 *
 * <p>State: one value a parameter. Cost: three passes over the gradient. A NaN gradient makes
 * parameter and velocity NaN.
 *
 * <p>Source: B. T. Polyak, Some methods of speeding up the convergence of iteration methods, 1964.
 */
public final class HeavyBall implements IUpdater, SplittableUpdater {
    /** The momentum that is usually taken. */
    public static final double DEFAULT_MOMENTUM = 0.9;

    private static final long serialVersionUID = 1L;

    /** The constant rate, NaN where a schedule gives it. */
    private double learningRate;

    /** Gives the rate, if it changes. */
    private @Nullable ISchedule learningRateSchedule;

    /** Share of the velocity that the next step keeps. */
    private final double momentum;

    /**
     * With a constant rate.
     *
     * @param learningRate η, greater than 0
     * @param momentum μ, in [0, 1)
     * @throws IllegalArgumentException if a value breaks its rule
     */
    public HeavyBall(double learningRate, double momentum) {
        this(requirePositive(learningRate), null, momentum);
    }

    /**
     * With a rate that changes.
     *
     * @param learningRate η by iteration and epoch
     * @param momentum μ, in [0, 1)
     * @throws IllegalArgumentException if {@code momentum} is outside [0, 1)
     */
    public HeavyBall(ISchedule learningRate, double momentum) {
        this(Double.NaN, Objects.requireNonNull(learningRate, "learningRate"), momentum);
    }

    private HeavyBall(
            @JsonProperty("learningRate") double learningRate,
            @JsonProperty("learningRateSchedule") @Nullable ISchedule learningRateSchedule,
            @JsonProperty("momentum") double momentum) {
        if (!(momentum >= 0 && momentum < 1)) {
            throw new IllegalArgumentException("momentum must be in [0, 1), got " + momentum);
        }
        this.learningRate = learningRate;
        this.learningRateSchedule = learningRateSchedule;
        this.momentum = momentum;
    }

    private static double requirePositive(double learningRate) {
        if (!(learningRate > 0)) {
            throw new IllegalArgumentException("learningRate must be > 0, got " + learningRate);
        }
        return learningRate;
    }

    /**
     * The share of the velocity that the next step keeps.
     *
     * @return μ
     */
    public double momentum() {
        return momentum;
    }

    @Override
    public long stateSize(long numParams) {
        return numParams;
    }

    @Override
    public GradientUpdater<HeavyBall> instantiate(INDArray viewArray, boolean initialize) {
        var updater = new HeavyBallUpdater(this);
        INDArray flat = viewArray.reshape(viewArray.length());
        updater.setStateViewArray(flat, flat.shape(), flat.ordering(), initialize);
        return updater;
    }

    @Override
    public GradientUpdater<HeavyBall> instantiate(
            Map<String, INDArray> updaterState, boolean initialize) {
        var updater = new HeavyBallUpdater(this);
        updater.setState(updaterState, initialize);
        return updater;
    }

    @Override
    public SplitRule splitRule() {
        return new HeavyBallRule(this);
    }

    @Override
    public double getLearningRate(int iteration, int epoch) {
        return learningRateSchedule == null
                ? learningRate
                : learningRateSchedule.valueAt(iteration, epoch);
    }

    @Override
    public boolean hasLearningRate() {
        return true;
    }

    @Override
    public void setLrAndSchedule(double lr, @Nullable ISchedule lrSchedule) {
        learningRate = lr;
        learningRateSchedule = lrSchedule;
    }

    @Override
    @SuppressWarnings("MissingSuperCall") // a final class of values
    public HeavyBall clone() {
        ISchedule schedule = learningRateSchedule;
        return new HeavyBall(learningRate, schedule == null ? null : schedule.clone(), momentum);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HeavyBall ball
                && Double.compare(learningRate, ball.learningRate) == 0
                && Double.compare(momentum, ball.momentum) == 0
                && Objects.equals(learningRateSchedule, ball.learningRateSchedule);
    }

    @Override
    public int hashCode() {
        return Objects.hash(learningRate, momentum, learningRateSchedule);
    }

    @Override
    public String toString() {
        Object rate = learningRateSchedule == null ? learningRate : learningRateSchedule;
        return "HeavyBall(learningRate=" + rate + ", momentum=" + momentum + ")";
    }
}
