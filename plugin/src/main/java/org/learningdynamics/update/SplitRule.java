package org.learningdynamics.update;

import java.util.Set;

/**
 * How an optimiser's update depends on the gradient it is given, once its state after the step is
 * known: for each value by itself {@code update = scale·D·x + history}, and the host subtracts it.
 *
 * <p>Here x is what the updater receives: the gradient after clipping and with the regularisation
 * that comes before the updater.
 */
public interface SplitRule {
    /**
     * The states that are needed as they were before the step; others are read after it.
     *
     * @return names as in {@code GradientUpdater.getState()}, empty if none
     */
    Set<String> remembered();

    /**
     * Splits one parameter's update.
     *
     * @param state the updater's state around the step, not to be kept or changed
     * @return new arrays of the states' shape, or none; the caller closes them
     */
    UpdateSplit split(UpdaterState state);
}
