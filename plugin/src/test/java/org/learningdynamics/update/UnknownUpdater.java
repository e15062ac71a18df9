package org.learningdynamics.update;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.schedule.ISchedule;

/** An updater that nobody knows; its configuration is RMSprop's. */
final class UnknownUpdater implements IUpdater {
    private static final long serialVersionUID = 1L;

    private final RmsProp inner = new RmsProp(.1);

    @Override
    public long stateSize(long count) {
        return inner.stateSize(count);
    }

    @Override
    public GradientUpdater<?> instantiate(INDArray view, boolean initialize) {
        return inner.instantiate(view, initialize);
    }

    @Override
    public GradientUpdater<?> instantiate(Map<String, INDArray> state, boolean initialize) {
        return inner.instantiate(state, initialize);
    }

    @Override
    @SuppressWarnings("MissingSuperCall")
    public IUpdater clone() {
        return new UnknownUpdater();
    }

    @Override
    public double getLearningRate(int iteration, int epoch) {
        return .1;
    }

    @Override
    public boolean hasLearningRate() {
        return true;
    }

    @Override
    public void setLrAndSchedule(double rate, ISchedule schedule) {}
}
