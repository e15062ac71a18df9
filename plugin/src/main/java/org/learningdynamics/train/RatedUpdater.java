package org.learningdynamics.train;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.update.SplittableUpdater;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/** An updater's configuration with a learning rate that is constant or scheduled. */
abstract class RatedUpdater implements IUpdater, SplittableUpdater {
    private static final long serialVersionUID = 1L;

    /** The constant rate, NaN where a schedule gives it. */
    private double learningRate;

    /** Gives the rate, if it changes. */
    private @Nullable ISchedule learningRateSchedule;

    RatedUpdater(double learningRate, @Nullable ISchedule learningRateSchedule) {
        this.learningRate = learningRate;
        this.learningRateSchedule = learningRateSchedule;
    }

    static double requirePositive(String name, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + " must be finite and > 0, got " + value);
        }
        return value;
    }

    static double requireShare(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + " must be in [0, 1), got " + value);
        }
        return value;
    }

    abstract StatesUpdater<? extends RatedUpdater> updater();

    final double constantRate() {
        return learningRate;
    }

    final @Nullable ISchedule copiedSchedule() {
        ISchedule schedule = learningRateSchedule;
        return schedule == null ? null : schedule.clone();
    }

    final boolean hasRateOf(RatedUpdater other) {
        return Double.compare(learningRate, other.learningRate) == 0
                && Objects.equals(learningRateSchedule, other.learningRateSchedule);
    }

    final int rateHash() {
        return Objects.hash(learningRate, learningRateSchedule);
    }

    final Object rateText() {
        ISchedule schedule = learningRateSchedule;
        return schedule == null ? learningRate : schedule;
    }

    @Override
    public abstract RatedUpdater clone();

    @Override
    public final GradientUpdater<?> instantiate(INDArray viewArray, boolean initialize) {
        StatesUpdater<? extends RatedUpdater> updater = updater();
        long values = viewArray.length() / updater.names().size();
        updater.setStateViewArray(viewArray, new long[] {values}, 'c', initialize);
        return updater;
    }

    @Override
    public final GradientUpdater<?> instantiate(
            Map<String, INDArray> updaterState, boolean initialize) {
        StatesUpdater<? extends RatedUpdater> updater = updater();
        updater.setState(updaterState, initialize);
        return updater;
    }

    @Override
    public final long stateSize(long numParams) {
        return updater().names().size() * numParams;
    }

    @Override
    public final double getLearningRate(int iteration, int epoch) {
        ISchedule schedule = learningRateSchedule;
        return schedule == null ? learningRate : schedule.valueAt(iteration, epoch);
    }

    @Override
    public final boolean hasLearningRate() {
        return true;
    }

    @Override
    public final void setLrAndSchedule(double lr, @Nullable ISchedule lrSchedule) {
        learningRate = lr;
        learningRateSchedule = lrSchedule;
    }
}
