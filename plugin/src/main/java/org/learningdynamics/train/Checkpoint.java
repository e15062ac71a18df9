package org.learningdynamics.train;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.learningdynamics.data.DataException;
import org.learningdynamics.lm.DecoderModel;

/**
 * A model that {@link TrainingRun} saved on its way, with what its file notes of it.
 *
 * @param file the model, for {@link DecoderModel#load}
 * @param run name of the run
 * @param iteration updates done, 0 for the model before the first
 * @param learningRate rate of the last of them; before the first update, that update's
 */
public record Checkpoint(Path file, String run, long iteration, double learningRate) {
    static final String SUFFIX = ".safetensors";

    private static final String RUN = "run";
    private static final String ITERATION = "iteration";
    private static final String LEARNING_RATE = "learning_rate";

    /**
     * Checks.
     *
     * @param file the model
     * @param run name of the run
     * @param iteration at least 0
     * @param learningRate at least 0 and finite
     * @throws IllegalArgumentException if a value breaks its rule
     */
    public Checkpoint {
        if (iteration < 0) {
            throw new IllegalArgumentException("iteration must be >= 0, got " + iteration);
        }
        if (!(learningRate >= 0) || Double.isInfinite(learningRate)) {
            throw new IllegalArgumentException(
                    "learningRate must be finite and >= 0, got " + learningRate);
        }
    }

    /**
     * Reads what a checkpoint's file notes; no parameters.
     *
     * @param file a model that a run saved
     * @return the checkpoint
     * @throws DataException if it cannot be read or notes no run, iteration and learning rate
     */
    public static Checkpoint read(Path file) {
        try {
            Map<String, String> notes = DecoderModel.notes(file);
            return new Checkpoint(
                    file,
                    note(file, notes, RUN),
                    Long.parseLong(note(file, notes, ITERATION)),
                    Double.parseDouble(note(file, notes, LEARNING_RATE)));
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new DataException(file + ": checkpoint is damaged: " + e.getMessage(), e);
        }
    }

    private static String note(Path file, Map<String, String> notes, String name) {
        String value = notes.get(name);
        if (value == null) {
            throw new DataException(
                    file + ": checkpoint must note its " + name + ", notes " + notes.keySet());
        }
        return value;
    }

    /**
     * Finds all checkpoints of one run.
     *
     * @param directory holds checkpoints of a single run, as {@code *.safetensors}
     * @return at least one, by iteration
     * @throws DataException if there is none, one cannot be read or they are of several runs
     */
    public static List<Checkpoint> in(Path directory) {
        List<Checkpoint> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            files.forEach(file -> found.add(read(file)));
        } catch (IOException e) {
            throw new DataException(directory + ": is no readable directory", e);
        }
        if (found.isEmpty()) {
            throw new DataException(
                    directory + ": must hold checkpoints (*" + SUFFIX + "), has none");
        }
        List<String> runs = found.stream().map(Checkpoint::run).distinct().sorted().toList();
        if (runs.size() > 1) {
            throw new DataException(directory + ": must hold checkpoints of one run, has " + runs);
        }
        found.sort(Comparator.comparingLong(Checkpoint::iteration));
        return List.copyOf(found);
    }

    Map<String, String> notes() {
        return Map.of(
                RUN,
                run,
                ITERATION,
                Long.toString(iteration),
                LEARNING_RATE,
                Double.toString(learningRate));
    }
}
