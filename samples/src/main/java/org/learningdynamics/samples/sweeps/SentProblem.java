package org.learningdynamics.samples.sweeps;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.learningdynamics.spark.TrainerOpener;
import org.learningdynamics.sweep.SweepConfig;
import org.learningdynamics.sweep.TrainingChoice;
import org.learningdynamics.train.Progress;

/**
 * What another process needs to open a {@link SweepProblem}: the configuration, and every file that
 * its section {@code data} names or that was prepared for it.
 *
 * @param configuration JSON whose files are relative to the folder that {@link #opener} is given
 * @param files where they are here, by their place in that folder
 */
public record SentProblem(String configuration, Map<String, Path> files) {
    /**
     * Copies.
     *
     * @param configuration JSON
     * @param files where they are here, by their place there
     */
    public SentProblem {
        files = new TreeMap<>(files);
    }

    static SentProblem of(SweepConfig config, Map<String, Object> data, Map<String, Path> files) {
        SweepConfig sent =
                new SweepConfig(
                        config.name(),
                        config.seed(),
                        config.search(),
                        config.space(),
                        config.scores(),
                        config.stopping(),
                        config.limits(),
                        config.resources(),
                        config.recording(),
                        data);
        return new SentProblem(sent.toJson(), files);
    }

    /**
     * Opens the trainer in another process, for as long as the process lives.
     *
     * @return an opener for a folder that holds the {@link #files} at their places
     */
    public TrainerOpener<TrainingChoice> opener() {
        String text = configuration;
        return folder -> {
            SweepConfig config = SweepConfig.fromJson(text);
            return SweepProblem.open(config, folder, folder, Progress.silent()).trainer();
        };
    }
}
