package org.learningdynamics.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;

/** An updater with states of the gradient's shape that start at 0. */
abstract class StatesUpdater<C extends RatedUpdater> implements GradientUpdater<C> {
    private final C config;
    private final List<String> names;
    private final Map<String, INDArray> states = new LinkedHashMap<>();

    StatesUpdater(C config, List<String> names) {
        this.config = config;
        this.names = names;
    }

    /** Turns the gradient into the step in place. */
    abstract void step(INDArray gradient, int iteration, double rate);

    final List<String> names() {
        return names;
    }

    final INDArray state(String name) {
        INDArray state = states.get(name);
        if (state == null) {
            throw new IllegalStateException("updater must have its states before it is used");
        }
        return state;
    }

    @Override
    public final C getConfig() {
        return config;
    }

    @Override
    public final void setState(Map<String, INDArray> stateMap, boolean initialize) {
        if (!stateMap.keySet().equals(Set.copyOf(names))) {
            throw new IllegalStateException(
                    "updater state must have the keys " + names + ", got " + stateMap.keySet());
        }
        names.forEach(name -> take(name, state(stateMap, name), initialize));
    }

    private static INDArray state(Map<String, INDArray> states, String name) {
        INDArray state = states.get(name);
        if (state == null) {
            throw new IllegalStateException("updater state must have the key " + name);
        }
        return state;
    }

    private void take(String name, INDArray state, boolean initialize) {
        if (initialize) {
            state.assign(0);
        }
        states.put(name, state);
    }

    @Override
    public final Map<String, INDArray> getState() {
        return Map.copyOf(states);
    }

    @Override
    public final void setStateViewArray(
            INDArray viewArray, long[] gradientShape, char gradientOrder, boolean initialize) {
        INDArray flat = viewArray.reshape(viewArray.length());
        long values = viewArray.length() / names.size();
        for (int i = 0; i < names.size(); i++) {
            INDArray own = flat.get(NDArrayIndex.interval(i * values, (i + 1) * values));
            take(names.get(i), own.reshape(gradientOrder, gradientShape), initialize);
        }
    }

    @Override
    public final void applyUpdater(INDArray gradient, int iteration, int epoch) {
        step(gradient, iteration, config.getLearningRate(iteration, epoch));
    }

    /** The gradient, in the shape of the states. */
    final INDArray shaped(INDArray gradient) {
        INDArray state = state(names.get(0));
        return gradient.reshape(state.ordering(), state.shape());
    }
}
