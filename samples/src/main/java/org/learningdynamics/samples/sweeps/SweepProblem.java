package org.learningdynamics.samples.sweeps;

import java.io.IOException;
import java.nio.file.Path;
import org.learningdynamics.sweep.CandidateTrainer;
import org.learningdynamics.sweep.SweepConfig;
import org.learningdynamics.sweep.TrainingChoice;
import org.learningdynamics.train.Progress;

/**
 * What the candidates of a configuration are trained on; closing it frees the model they share.
 *
 * @param trainer trains them
 * @param sent what another process needs to open the same problem
 * @param shared what is freed
 */
public record SweepProblem(
        CandidateTrainer<TrainingChoice> trainer, SentProblem sent, AutoCloseable shared)
        implements AutoCloseable {
    private static final String BUNDLED = "bundled";

    /**
     * Opens what a configuration's section {@code data} names: {@code bundled} facts, or preference
     * files.
     *
     * @param config the configuration
     * @param from the folder that its files are relative to
     * @param out the sweep's folder, which gets what is prepared for all candidates
     * @param progress shown while something is prepared
     * @return the problem
     * @throws IOException if a file cannot be read or written
     * @throws org.learningdynamics.sweep.SweepConfigException if the section is wrong
     * @throws org.learningdynamics.data.DataException if a file of it is
     */
    public static SweepProblem open(SweepConfig config, Path from, Path out, Progress progress)
            throws IOException {
        DataSection data = new DataSection(config.data(), from);
        return data.has(BUNDLED)
                ? FactsProblem.open(config, data, out, progress)
                : FilesProblem.open(config, data);
    }

    @Override
    public void close() throws IOException {
        try {
            shared.close();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
