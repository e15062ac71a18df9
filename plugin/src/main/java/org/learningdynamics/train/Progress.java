package org.learningdynamics.train;

/** Told after every update, on the thread that trains; must be quick. */
@FunctionalInterface
public interface Progress {
    /**
     * An update is done.
     *
     * @param progress where training stands
     */
    void at(TrainingProgress progress);

    /**
     * Says nothing.
     *
     * @return a progress that does nothing
     */
    static Progress silent() {
        return progress -> {};
    }
}
