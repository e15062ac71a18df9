package org.learningdynamics.spark;

import java.io.Serializable;
import java.nio.file.Path;
import org.learningdynamics.sweep.CandidateTrainer;

/**
 * Opens a sweep's trainer in the processes of a cluster. Sent to them by Java's serialization: a
 * lambda that mentions nothing but what can be sent, or a serializable class.
 *
 * @param <T> what the space draws
 */
@FunctionalInterface
public interface TrainerOpener<T> extends Serializable {
    /**
     * Opens the trainer; called once a process, which may train several candidates at once with it.
     *
     * @param folder holds the files that were sent, by their names; stays as long as the process
     * @return a trainer of the same {@link CandidateTrainer#identity} as the sweep's
     * @throws Exception if it cannot be opened; the task is tried again elsewhere
     */
    CandidateTrainer<T> open(Path folder) throws Exception;
}
