package org.learningdynamics.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.data.DataException;
import org.learningdynamics.lm.DecoderModel;
import org.nd4j.linalg.api.buffer.DataType;

class CheckpointTest {
    private static final TrainingOptions OPTIONS =
            TrainingOptions.builder(TrainingMethod.SFT)
                    .updates(5)
                    .warmupUpdates(4)
                    .learningRate(0.01)
                    .batchSize(4)
                    .build();

    @TempDir private Path directory;

    private TrainingRun.Builder run(DecoderModel model) {
        return TrainingRun.builder(model, TinyTask.data(TrainingMethod.SFT), OPTIONS);
    }

    private List<Checkpoint> train(DecoderModel model, int every) {
        run(model).checkpoints(directory, every).build().run();
        return Checkpoint.in(directory);
    }

    @Test
    void areSavedBeforeTheFirstUpdateAndAfterEverySoMany() throws IOException {
        List<Checkpoint> found = train(TinyTask.model(DataType.FLOAT), 2);
        assertEquals(List.of(0L, 2L, 4L), found.stream().map(Checkpoint::iteration).toList());
        assertEquals(
                List.of(0.0025, 0.005, 0.01),
                found.stream().map(Checkpoint::learningRate).toList());
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(
                    List.of(
                            "sft-step000000.safetensors",
                            "sft-step000002.safetensors",
                            "sft-step000004.safetensors"),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void holdTheModelAsItWasThen() throws IOException {
        DecoderModel model = TinyTask.model(DataType.FLOAT);
        DecoderModel start = model.copy();
        List<Checkpoint> found = train(model, 5);
        try (DecoderModel first = DecoderModel.load(found.get(0).file());
                DecoderModel last = DecoderModel.load(found.get(1).file())) {
            assertEquals(start.parameters(), first.parameters());
            assertEquals(model.parameters(), last.parameters());
        }
    }

    @Test
    void trainingWithThemIsBitIdentical() {
        DecoderModel saved = TinyTask.model(DataType.FLOAT);
        train(saved, 1);
        DecoderModel plain = TinyTask.model(DataType.FLOAT);
        run(plain).build().run();
        assertEquals(plain.parameters(), saved.parameters());
    }

    @Test
    void refuseADirectoryThatCannotTakeThem() {
        train(TinyTask.model(DataType.FLOAT), 5);
        TrainingRun.Builder again = run(TinyTask.model(DataType.FLOAT)).checkpoints(directory, 5);
        IllegalArgumentException taken = assertThrows(IllegalArgumentException.class, again::build);
        assertTrue(
                String.valueOf(taken.getMessage())
                        .startsWith(
                                "checkpoints must go to a directory without sft-step*.safetensors"),
                taken.getMessage());
        Path missing = directory.resolve("missing");
        TrainingRun.Builder nowhere = run(TinyTask.model(DataType.FLOAT)).checkpoints(missing, 5);
        assertEquals(
                "checkpoints must go to an existing directory, got " + missing,
                assertThrows(IllegalArgumentException.class, nowhere::build).getMessage());
        assertEquals(
                "every must be >= 1, got 0",
                assertThrows(IllegalArgumentException.class, () -> again.checkpoints(missing, 0))
                        .getMessage());
    }

    @Test
    void areOfOneRun() throws IOException {
        assertEquals(
                directory + ": must hold checkpoints (*.safetensors), has none",
                assertThrows(DataException.class, () -> Checkpoint.in(directory)).getMessage());
        DecoderModel model = TinyTask.model(DataType.FLOAT);
        save(model, "sft", 1);
        save(model, "dpo", 2);
        assertEquals(
                directory + ": must hold checkpoints of one run, has [dpo, sft]",
                assertThrows(DataException.class, () -> Checkpoint.in(directory)).getMessage());
    }

    private void save(DecoderModel model, String run, int step) throws IOException {
        Path file = directory.resolve(run + ".safetensors");
        model.save(file, new Checkpoint(file, run, step, 0.1).notes());
    }

    @Test
    void mustNoteWhereTheyStand() throws IOException {
        Path file = directory.resolve("m.safetensors");
        TinyTask.model(DataType.FLOAT).save(file, Map.of("run", "sft"));
        assertEquals(
                file + ": checkpoint must note its iteration, notes [run]",
                assertThrows(DataException.class, () -> Checkpoint.read(file)).getMessage());
        Files.writeString(file, "short");
        assertTrue(
                String.valueOf(
                                assertThrows(DataException.class, () -> Checkpoint.read(file))
                                        .getMessage())
                        .contains("must have at least 8 bytes"));
    }
}
