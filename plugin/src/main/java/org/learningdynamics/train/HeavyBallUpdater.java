package org.learningdynamics.train;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;

/** The velocity of {@link HeavyBall} and its steps; used by the thread that trains. */
final class HeavyBallUpdater implements GradientUpdater<HeavyBall> {
    /** The velocity's name in the host's updater state. */
    static final String VELOCITY = "V";

    private final HeavyBall config;
    private @Nullable INDArray velocity;

    HeavyBallUpdater(HeavyBall config) {
        this.config = config;
    }

    @Override
    public HeavyBall getConfig() {
        return config;
    }

    @Override
    public void setState(Map<String, INDArray> stateMap, boolean initialize) {
        INDArray state = stateMap.get(VELOCITY);
        if (state == null || stateMap.size() != 1) {
            throw new IllegalStateException(
                    "updater state must have the key \""
                            + VELOCITY
                            + "\" alone, got "
                            + stateMap.keySet());
        }
        take(state, initialize);
    }

    @Override
    public Map<String, INDArray> getState() {
        return Map.of(VELOCITY, velocity());
    }

    @Override
    public void setStateViewArray(
            INDArray viewArray, long[] gradientShape, char gradientOrder, boolean initialize) {
        take(viewArray.reshape(gradientOrder, gradientShape), initialize);
    }

    private void take(INDArray state, boolean initialize) {
        if (initialize) {
            state.assign(0);
        }
        velocity = state;
    }

    /** Turns the gradient into the step {@code ηv} in place; both hosts subtract it. */
    @Override
    public void applyUpdater(INDArray gradient, int iteration, int epoch) {
        INDArray v = velocity();
        INDArray same = v.reshape(v.ordering(), gradient.shape());
        same.muli(config.momentum()).addi(gradient);
        gradient.assign(same).muli(config.getLearningRate(iteration, epoch));
    }

    private INDArray velocity() {
        if (velocity == null) {
            throw new IllegalStateException("updater must have its state before it is used");
        }
        return velocity;
    }
}
