package org.learningdynamics.spark;

import java.io.Serializable;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.sweep.CandidateTrainer;
import org.learningdynamics.sweep.RunnerException;
import org.nd4j.linalg.factory.Nd4j;

/** A trainer that each process opens once, when its first task asks for it. */
final class ProcessTrainer<T> implements Serializable {
    private static final long serialVersionUID = 1L;

    private final TrainerOpener<T> opener;
    private final SentFiles files;
    private transient @Nullable CandidateTrainer<T> trainer;

    ProcessTrainer(TrainerOpener<T> opener, SentFiles files) {
        this.opener = opener;
        this.files = files;
    }

    /** The trainer of the sweep, or an error that is not a candidate's fault. */
    synchronized CandidateTrainer<T> get(String identity) throws Exception {
        CandidateTrainer<T> opened = trainer;
        if (opened == null) {
            Nd4j.create(1).close(); // without a backend nothing can be trained here
            Path folder = Scratch.create("trainer").folder();
            files.copyTo(folder);
            opened = opener.open(folder);
            trainer = opened;
        }
        if (!opened.identity().equals(identity)) {
            throw new RunnerException(
                    "the trainer opened by a task must have the identity of the sweep's, "
                            + identity
                            + ", got "
                            + opened.identity());
        }
        return opened;
    }
}
