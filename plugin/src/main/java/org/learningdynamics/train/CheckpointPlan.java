package org.learningdynamics.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.learningdynamics.lm.DecoderModel;
import org.nd4j.autodiff.listeners.Listener;

/**
 * Where and how often a run saves its model.
 *
 * @param directory must exist
 * @param every updates from one checkpoint to the next
 */
record CheckpointPlan(Path directory, int every) {
    CheckpointPlan {
        if (every < 1) {
            throw new IllegalArgumentException("every must be >= 1, got " + every);
        }
    }

    /** Checkpoints of an earlier run of this name would be taken for this one's. */
    void requireFree(String run) {
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException(
                    "checkpoints must go to an existing directory, got " + directory);
        }
        String pattern = run + "-step*" + Checkpoint.SUFFIX;
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(
                        directory, file -> isOf(run, file.getFileName().toString()))) {
            for (Path file : files) {
                throw new IllegalArgumentException(
                        "checkpoints must go to a directory without "
                                + pattern
                                + ", got "
                                + directory
                                + " with "
                                + file.getFileName());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(directory + " must be readable", e);
        }
    }

    private static boolean isOf(String run, String file) {
        return file.startsWith(run + "-step") && file.endsWith(Checkpoint.SUFFIX);
    }

    /** Saves the model as it is before the first update; returns what saves the others. */
    Listener start(DecoderModel model, String run, TrainingOptions options, int done) {
        CheckpointListener listener =
                new CheckpointListener(this, model, run, options.schedule(), done);
        if (done == 0) {
            listener.save(0);
        }
        return listener;
    }

    Path file(String run, long iteration) {
        String step = String.format(Locale.ROOT, "%s-step%06d", run, iteration);
        return directory.resolve(step + Checkpoint.SUFFIX);
    }
}
