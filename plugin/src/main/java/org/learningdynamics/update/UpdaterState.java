package org.learningdynamics.update;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What an updater kept for one parameter, around one step.
 *
 * @param before copies of the states that the rule asked for, as they were before the step // each
 *     of the parameter's shape
 * @param after all states, as they are after the step // each of the parameter's shape
 * @param iteration the host's iteration counter during the step
 * @param epoch the host's epoch counter during the step
 */
public record UpdaterState(
        Map<String, INDArray> before, Map<String, INDArray> after, int iteration, int epoch) {
    /**
     * Copies the maps, not the arrays.
     *
     * @param before states before the step
     * @param after states after the step
     * @param iteration the host's iteration counter
     * @param epoch the host's epoch counter
     */
    public UpdaterState {
        before = Map.copyOf(before);
        after = Map.copyOf(after);
    }

    /**
     * A state as it was before the step.
     *
     * @param name one of {@link SplitRule#remembered}
     * @return the copy
     * @throws IllegalStateException if there is none
     */
    public INDArray before(String name) {
        return named(before, name, "before");
    }

    /**
     * A state as it is after the step.
     *
     * @param name the updater's name of it
     * @return the updater's own array
     * @throws IllegalStateException if there is none
     */
    public INDArray after(String name) {
        return named(after, name, "after");
    }

    /** The state of that name, or a message that names those there are. */
    static INDArray named(Map<String, INDArray> states, String name, String when) {
        INDArray state = states.get(name);
        if (state == null) {
            throw new IllegalStateException(
                    "updater must have the state "
                            + name
                            + " "
                            + when
                            + " the step, got "
                            + states.keySet());
        }
        return state;
    }
}
