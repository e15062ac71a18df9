package org.learningdynamics.samples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.data.DataException;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.train.TrainingOptions;
import org.learningdynamics.train.TrainingRun;
import picocli.CommandLine.Option;

/** What lets an interrupted training go on, and what later trainings need not compute again. */
final class ResumeSettings {
    private static final String TRAINED = "trained.safetensors";

    @Option(
            names = "--save-every",
            paramLabel = "N",
            description =
                    "Write what training can be resumed from after every N updates, in a folder"
                            + " beside each run file (default: not).")
    private @Nullable Integer saveEvery;

    @Option(
            names = "--keep-saved",
            paramLabel = "N",
            defaultValue = "2",
            description = "How many of the newest are kept (default: ${DEFAULT-VALUE}).")
    private int keep = 2;

    @Option(
            names = "--resume",
            description =
                    "Go on with the training in --out that was interrupted; everything else must"
                            + " be as it was then.")
    private boolean resume;

    @Option(
            names = "--reference-cache",
            paramLabel = "FILE",
            description =
                    "Keep the reference's log-probabilities here, or take them from here; refused"
                            + " if they are of other data or another reference.")
    private @Nullable Path referenceCache;

    /** Whether this training stands on an earlier one's files. */
    boolean isResuming() {
        return resume;
    }

    /** A stage that has ended in an earlier process left its model here. */
    boolean isDone(Path run) {
        return resume && Files.exists(folder(run).resolve(TRAINED));
    }

    /** The model that a stage ended in. */
    DecoderModel trained(Path run) {
        Path file = folder(run).resolve(TRAINED);
        try {
            return DecoderModel.load(file);
        } catch (IOException e) {
            throw new DataException(file + ": " + e.getMessage(), e);
        }
    }

    /** Tells a stage's run what to write and where to begin. */
    void on(TrainingRun.Builder builder, TrainingOptions stage, Path run) throws IOException {
        if (referenceCache != null && stage.loss().needsReference()) {
            builder.referenceCache(referenceCache);
        }
        if (saveEvery != null) {
            builder.states(Files.createDirectories(folder(run)), saveEvery, keep);
        }
        if (resume && hasState(folder(run))) {
            builder.resume(folder(run));
        } else if (resume) {
            startAnew(run);
        }
    }

    /** After a stage. */
    void ended(DecoderModel model, Path run) throws IOException {
        if (saveEvery != null) {
            model.save(folder(run).resolve(TRAINED));
        }
    }

    private static boolean hasState(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(state -> !state.getFileName().toString().startsWith("."))
                    .anyMatch(state -> Files.exists(state.resolve("state.json")));
        }
    }

    /** A stage that was interrupted before its first state has nothing to go on from. */
    private static void startAnew(Path run) throws IOException {
        for (String suffix : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(Path.of(run + suffix));
        }
    }

    private static Path folder(Path run) {
        String name = run.getFileName().toString();
        return run.resolveSibling(name.substring(0, name.lastIndexOf('.')) + "-states");
    }
}
