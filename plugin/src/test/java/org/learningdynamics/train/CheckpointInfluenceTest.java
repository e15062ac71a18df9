package org.learningdynamics.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.learningdynamics.data.DataException;
import org.learningdynamics.influence.GradientProjection;
import org.learningdynamics.influence.InfluenceForm;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.recording.AttributionRow;
import org.learningdynamics.recording.RunFileException;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.SelfInfluenceRow;
import org.nd4j.linalg.api.buffer.DataType;

/** Scores of a whole data set against the formula as it is written, and what a kill leaves. */
class CheckpointInfluenceTest {
    private static final int EXAMPLES = 10;
    private static final int ROWS = 6;
    private static final CheckpointInfluenceOptions SMALL_BLOCKS =
            CheckpointInfluenceOptions.defaults().withBlocks(3, 4);

    @TempDir private static Path shared;

    private static final Map<String, List<Checkpoint>> TRAINED = new HashMap<>();

    @TempDir private Path directory;

    private static TrainingOptions options(String method) {
        return TrainingOptions.builder(method)
                .optimizer(Optimizer.ADAM)
                .learningRate(5e-3)
                .warmupUpdates(2)
                .batchSize(4)
                .updates(4)
                .build();
    }

    /** Two checkpoints, in a directory of their own for each method and type. */
    private static List<Checkpoint> trained(String method, DataType type) {
        return TRAINED.computeIfAbsent(method + type, key -> train(method, type));
    }

    private static List<Checkpoint> train(String method, DataType type) {
        try {
            Path folder = Files.createTempDirectory(shared, "checkpoints");
            TrainingOptions options = options(method);
            TrainingRun.builder(TinyTask.model(type), TinyTask.data(options.method()), options)
                    .checkpoints(folder, 4)
                    .build()
                    .run();
            return Checkpoint.in(folder);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static CheckpointInfluence.Builder job(String method, List<Checkpoint> checkpoints) {
        TrainingOptions options = options(method);
        return CheckpointInfluence.builder(
                        checkpoints, TinyTask.data(options.method()), options, TinyTask.probes())
                .options(SMALL_BLOCKS);
    }

    private Map<String, Double> totals(CheckpointInfluence.Builder job, String name) {
        Path file = directory.resolve(name);
        job.build().run(file);
        return totals(file);
    }

    private static Map<String, Double> totals(Path file) {
        Map<String, Double> totals = new HashMap<>();
        for (AttributionRow row : rows(file)) {
            String key = NaiveCheckpointInfluence.key(row.example(), row.probe(), row.kind());
            totals.put(key, row.total());
        }
        return totals;
    }

    private static List<AttributionRow> rows(Path file) {
        List<AttributionRow> rows = new ArrayList<>();
        RunFileReader.open(file).interactions().forEachAttribution(rows::add);
        return rows;
    }

    private static List<SelfInfluenceRow> self(Path file) {
        List<SelfInfluenceRow> rows = new ArrayList<>();
        RunFileReader.open(file).interactions().forEachSelfInfluence(rows::add);
        return rows;
    }

    private static NaiveCheckpointInfluence naive(String method, List<Checkpoint> checkpoints)
            throws IOException {
        TrainingOptions options = options(method);
        DecoderModel start = DecoderModel.load(checkpoints.get(0).file());
        return new NaiveCheckpointInfluence(TinyTask.data(options.method()), options, start);
    }

    private static void assertClose(
            NaiveCheckpointInfluence.Sums expected, Map<String, Double> found, double tolerance) {
        assertEquals(EXAMPLES * ROWS, found.size());
        assertEquals(expected.totals().keySet(), found.keySet());
        expected.totals()
                .forEach(
                        (key, total) ->
                                assertEquals(
                                        total,
                                        found.get(key),
                                        tolerance * expected.sizes().get(key),
                                        key));
        assertTrue(expected.totals().values().stream().anyMatch(value -> Math.abs(value) > 1e-6));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sft", "dft", "dpo", "dpo+0.2*sft"})
    void equalsTheFormulaInNaiveForm(String method) throws IOException {
        List<Checkpoint> checkpoints = trained(method, DataType.DOUBLE);
        Path file = directory.resolve("i.ldyn");
        job(method, checkpoints).build().run(file);
        NaiveCheckpointInfluence.Sums expected =
                naive(method, checkpoints).over(checkpoints, false);
        assertClose(expected, totals(file), 1e-10);
        assertEquals(EXAMPLES, self(file).size());
        for (SelfInfluenceRow row : self(file)) {
            double value = expected.self().get(row.example());
            assertEquals(value, row.total(), 1e-10 * value);
            assertEquals(2, row.recordings());
        }
        assertTrue(rows(file).stream().allMatch(row -> row.recordings() == 2));
        assertEquals(List.of(), RunFileReader.open(file).events());
    }

    @Test
    void equalsItInSinglePrecisionToItsRounding() throws IOException {
        List<Checkpoint> checkpoints = trained("dpo", DataType.FLOAT);
        NaiveCheckpointInfluence.Sums expected = naive("dpo", checkpoints).over(checkpoints, false);
        assertClose(expected, totals(job("dpo", checkpoints), "i.ldyn"), 1e-5);
    }

    @Test
    void cosineEqualsTheFormulaInNaiveForm() throws IOException {
        List<Checkpoint> checkpoints = trained("dpo", DataType.DOUBLE);
        CheckpointInfluence.Builder job =
                job("dpo", checkpoints).options(SMALL_BLOCKS.withForm(InfluenceForm.COSINE));
        assertClose(
                naive("dpo", checkpoints).over(checkpoints, true), totals(job, "i.ldyn"), 1e-10);
    }

    @Test
    void goesOnWhereItWasStoppedAndEqualsTheUndisturbedJob() {
        List<Checkpoint> checkpoints = trained("dpo", DataType.FLOAT);
        Path whole = directory.resolve("whole.ldyn");
        job("dpo", checkpoints).build().run(whole);
        Path broken = directory.resolve("broken.ldyn");
        List<Long> done = new ArrayList<>();
        for (long stop : new long[] {0, 3, 7}) {
            CheckpointInfluence stopped =
                    job("dpo", checkpoints)
                            .progress(
                                    at -> {
                                        done.add(at.blocksDone());
                                        if (at.blocksDone() == stop) {
                                            throw new IllegalStateException("stopped");
                                        }
                                    })
                            .build();
            assertThrows(IllegalStateException.class, () -> stopped.run(broken));
        }
        job("dpo", checkpoints).progress(at -> done.add(at.blocksDone())).build().run(broken);
        assertEquals(List.of(0L, 0L, 1L, 2L, 3L, 3L, 4L, 5L, 6L, 7L, 7L, 8L), done);
        assertEquals(rows(whole), rows(broken));
        assertEquals(self(whole), self(broken));
        job("dpo", checkpoints).build().run(broken);
        assertEquals(rows(whole), rows(broken));
    }

    @Test
    void blocksDoNotChangeTheSums() {
        List<Checkpoint> checkpoints = trained("dpo", DataType.DOUBLE);
        Map<String, Double> small = totals(job("dpo", checkpoints), "small.ldyn");
        CheckpointInfluence.Builder job =
                job("dpo", checkpoints)
                        .options(CheckpointInfluenceOptions.defaults().withBlocks(100, 100));
        assertSame(small, totals(job, "large.ldyn"), 1e-10);
    }

    private static void assertSame(
            Map<String, Double> expected, Map<String, Double> found, double tolerance) {
        double size = expected.values().stream().mapToDouble(Math::abs).max().orElseThrow();
        expected.forEach(
                (key, value) -> assertEquals(value, found.get(key), tolerance * size, key));
    }

    @Test
    void layersAddUpToTheWhole() {
        List<Checkpoint> checkpoints = trained("dpo", DataType.DOUBLE);
        Map<String, Double> all = totals(job("dpo", checkpoints), "all.ldyn");
        Map<String, Double> sum = new HashMap<>();
        List<Set<String>> parts =
                List.of(
                        Set.of("block0/attention"),
                        Set.of("block0/feed_forward", "final_norm", "tok_embedding"));
        for (int part = 0; part < parts.size(); part++) {
            CheckpointInfluence.Builder job =
                    job("dpo", checkpoints).options(SMALL_BLOCKS.withLayers(parts.get(part)));
            totals(job, part + ".ldyn").forEach((key, v) -> sum.merge(key, v, Double::sum));
        }
        assertSame(all, sum, 1e-10);
        assertRefused(
                IllegalArgumentException.class,
                "layers must be among [block0/attention, block0/feed_forward, final_norm,"
                        + " tok_embedding], got [head]",
                () ->
                        job("dpo", checkpoints)
                                .options(SMALL_BLOCKS.withLayers(Set.of("head")))
                                .build()
                                .run(directory.resolve("no.ldyn")));
    }

    @Test
    void projectionStaysNearTheExactSumsAndIsRecorded() throws IOException {
        List<Checkpoint> checkpoints = trained("sft", DataType.DOUBLE);
        GradientProjection projection =
                new GradientProjection(GradientProjection.Kind.SPARSE_SIGNS, 1024, 7);
        CheckpointInfluence.Builder job =
                job("sft", checkpoints).options(SMALL_BLOCKS.withProjection(projection));
        Map<String, Double> once = totals(job, "once.ldyn");
        assertEquals(once, totals(job, "again.ldyn"));
        assertClose(
                naive("sft", checkpoints).over(checkpoints, false),
                once,
                projection.uniformBound(EXAMPLES * ROWS));
        Map<String, String> settings =
                RunFileReader.open(directory.resolve("once.ldyn")).header().configuration();
        assertEquals("sparse-signs dimension=1024 seed=7", settings.get("influence.projection"));
        assertEquals(
                Double.toString(projection.uniformBound(EXAMPLES * ROWS)),
                settings.get("influence.projection_bound_95"));
    }

    @Test
    void refusesToGoOnWithAnotherJobOrATrainingRun() {
        List<Checkpoint> checkpoints = trained("dpo", DataType.FLOAT);
        Path file = directory.resolve("i.ldyn");
        job("dpo", checkpoints).build().run(file);
        assertRefused(
                RunFileException.class,
                file + ": influence.form must be the job's dot to go on with it, got cosine",
                () ->
                        job("dpo", checkpoints)
                                .options(SMALL_BLOCKS.withForm(InfluenceForm.COSINE))
                                .build()
                                .run(file));
        Path run = directory.resolve("run.ldyn");
        TrainingRun.builder(
                        TinyTask.model(DataType.FLOAT),
                        TinyTask.data(TrainingMethod.SFT),
                        options("sft"))
                .recording(
                        RunRecording.of(
                                run,
                                TinyTask.probes(),
                                org.learningdynamics.listener.Schedule.every(4)))
                .build()
                .run();
        assertRefused(
                RunFileException.class,
                run
                        + ": must be a new file or one that a job over checkpoints began, got a"
                        + " run of stage sft",
                () -> job("dpo", checkpoints).build().run(run));
    }

    @Test
    void refusesWhatDoesNotFitTogether() throws IOException {
        List<Checkpoint> checkpoints = trained("dpo", DataType.FLOAT);
        assertRefused(
                IllegalArgumentException.class,
                "checkpoints must be at least one, got none",
                () -> job("dpo", List.of()).build());
        assertRefused(
                IllegalArgumentException.class,
                "reference must be given where no checkpoint is of iteration 0, the first is of 4",
                () -> job("dpo", checkpoints.subList(1, 2)).build());
        assertRefused(
                IllegalArgumentException.class,
                "method sft takes no reference, got one",
                () -> job("sft", checkpoints).reference(checkpoints.get(0).file()).build());
        assertRefused(
                IllegalArgumentException.class,
                "method dpo needs pairs, got single responses",
                () ->
                        CheckpointInfluence.builder(
                                        checkpoints,
                                        TinyTask.data(TrainingMethod.SFT),
                                        options("dpo"),
                                        TinyTask.probes())
                                .build());
        Path small = directory.resolve("small.safetensors");
        DecoderModel.create(DecoderConfig.builder(7).width(8).layers(1).heads(2).build())
                .save(small, new Checkpoint(small, "dpo", 0, 0.1).notes());
        int known = TinyTask.encoder().tokenizer().vocabularySize();
        assertRefused(
                DataException.class,
                small + ": must know the tokenizer's " + known + " ids, has a vocabulary of 7",
                () ->
                        job("sft", List.of(Checkpoint.read(small)))
                                .build()
                                .run(directory.resolve("small.ldyn")));
        assertRefused(
                DataException.class,
                small + ": must know the tokenizer's " + known + " ids, has a vocabulary of 7",
                () ->
                        job("dpo", checkpoints)
                                .reference(small)
                                .build()
                                .run(directory.resolve("small.ldyn")));
        assertTrue(Files.notExists(directory.resolve("small.ldyn")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"aot", "aot-unpaired", "bco", "kto", "dpo+0.2*bco"})
    void refusesLossesThatHaveNoValueForSingleExamples(String method) {
        List<Checkpoint> some =
                List.of(new Checkpoint(directory.resolve("0.safetensors"), "run", 0, 0.1));
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> job(method, some).build());
        assertTrue(
                String.valueOf(refused.getMessage())
                        .startsWith("loss must be one of single examples, got "),
                refused.getMessage());
    }

    @Test
    void optionsRefuseWhatCannotBe() {
        CheckpointInfluenceOptions defaults = CheckpointInfluenceOptions.defaults();
        assertRefused(
                IllegalArgumentException.class,
                "form must be dot or cosine where only checkpoints are known, got update",
                () -> defaults.withForm(InfluenceForm.UPDATE));
        assertRefused(
                IllegalArgumentException.class,
                "blockExamples and blockProbes must be >= 1, got 0 and 1",
                () -> defaults.withBlocks(0, 1));
        assertRefused(
                IllegalArgumentException.class,
                "memoryBytes must be >= 1 MiB, got 5",
                () -> defaults.withMemoryBytes(5));
    }

    private static void assertRefused(
            Class<? extends Exception> type, String message, Executable action) {
        assertEquals(message, assertThrows(type, action).getMessage());
    }
}
