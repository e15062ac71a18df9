package org.learningdynamics.update;

/**
 * An updater configuration ({@code IUpdater}) that tells how its updates are split; what ND4J's own
 * updaters do is known without it.
 */
public interface SplittableUpdater {
    /**
     * How its updates depend on the gradient.
     *
     * @return a rule that reads rates and other settings when it splits
     */
    SplitRule splitRule();
}
