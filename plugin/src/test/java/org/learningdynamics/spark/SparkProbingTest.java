package org.learningdynamics.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.data.BadLines;
import org.learningdynamics.data.DataException;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.RunTable;
import org.learningdynamics.recording.StepRow;
import org.learningdynamics.train.Checkpoint;

/** Large probe files measured by Spark in this process against a listener's measurement. */
class SparkProbingTest {
    private static final String SPLIT = "mapreduce.input.fileinputformat.split.maxsize";

    @TempDir private static Path shared;

    private static SparkSession spark;
    private static ProbedFile probed;
    private static Path whole; // what an undisturbed job leaves

    @TempDir private Path directory;

    @BeforeAll
    static void start() throws IOException {
        spark = LocalSession.get();
        spark.sparkContext().hadoopConfiguration().set(SPLIT, "1500");
        probed = new ProbedFile(shared);
        whole = shared.resolve("whole");
        job(probed.file).build().run(whole.toString());
    }

    private static SparkProbing.Builder job(Path file) {
        return SparkProbing.builder(spark, file.toString(), shared)
                .tokensPerBatch(ProbedFile.TOKENS_PER_BATCH)
                .passesPerBlock(1);
    }

    private static List<LikelihoodRow> likelihoods(Path run) {
        return RunFileReader.open(run).likelihoods(RowFilter.ALL);
    }

    @Test
    void equalsTheListenersMeasurementBitForBit() throws IOException {
        Path local = probed.measureLocally(directory.resolve("local.ldyn"));
        Path run = SparkRun.of(spark, whole.toString()).toRunFile(directory.resolve("r.ldyn"));
        assertEquals(likelihoods(local), likelihoods(run));
        assertEquals(RunFileReader.open(local).probes(), RunFileReader.open(run).probes());
        assertEquals(RunFileReader.open(local).responses(), RunFileReader.open(run).responses());
        assertEquals(
                RunFileReader.open(local).header().probesSha256(),
                RunFileReader.open(run).header().probesSha256());
        assertFalse(Files.exists(whole.resolve("blocks")));
        assertEquals(
                RunTable.LIKELIHOOD.columns().stream().map(c -> c.name()).toList(),
                Arrays.asList(
                        spark.read()
                                .parquet(whole.resolve("likelihood.parquet").toString())
                                .columns()));
    }

    @Test
    void refusesABadLineBeforeAnyWorkOrCountsIt() throws IOException {
        Path file = directory.resolve("bad.jsonl");
        List<String> lines = new ArrayList<>(Files.readAllLines(probed.file));
        lines.set(30, "{\"prompt\": \"what\"}");
        lines.set(20, "{\"prompt\": \"what\", \"chosen\": 3}");
        Files.write(file, lines);
        Path out = directory.resolve("out");
        DataException refused =
                assertThrows(DataException.class, () -> job(file).build().run(out.toString()));
        assertEquals(
                file + ":21: \"chosen\" must be a string or an array of messages, got 3",
                refused.getMessage());
        assertFalse(Files.exists(out));
        SparkProbing counting = job(file).badLines(BadLines.SKIP_AND_COUNT).build();
        SparkRun run = counting.run(out.toString());
        assertEquals(
                List.of(file + ": 2 lines skipped, the first: " + refused.getMessage()),
                run.rows(RunTable.EVENT).select("message").collectAsList().stream()
                        .map(row -> row.getString(0))
                        .toList());
        assertEquals(0, run.rows(RunTable.LIKELIHOOD).where("probe in (21, 31)").count());
        assertEquals(ProbedFile.PROBES - 3, run.rows(RunTable.PROBE).count());
    }

    @Test
    void goesOnWithWhatAKilledJobHasStored() throws IOException {
        Path killed = directory.resolve("killed");
        SparkProbing job = job(probed.file).build();
        assertThrows(
                IllegalStateException.class,
                () ->
                        job.run(
                                killed.toString(),
                                stored -> {
                                    throw new IllegalStateException("killed after " + stored);
                                }));
        ParquetFolder blocks = ProbeJob.blocks(spark, killed.toString());
        Set<ParquetFolder.BlockKey> stored = blocks.blocks("step", "block");
        assertTrue(stored.size() > 3, "stored " + stored);
        long files = parquetFiles(killed.resolve("blocks"));
        List<Integer> later = new ArrayList<>();
        job.run(
                killed.toString(),
                now -> {
                    later.add(now);
                    assertEquals(files + now, parquetFiles(killed.resolve("blocks")));
                });
        assertTrue(later.size() > 0);
        assertEquals(rows(whole), rows(killed));
        List<Integer> nothing = new ArrayList<>();
        job.run(killed.toString(), nothing::add);
        assertEquals(List.of(), nothing);
        DataException refused =
                assertThrows(
                        DataException.class,
                        () -> job(probed.file).passesPerBlock(3).build().run(killed.toString()));
        assertEquals(
                killed
                        + ": probing.passes_per_block must be the job's 1 to go on with it, got"
                        + " 3",
                refused.getMessage());
    }

    private static long parquetFiles(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".parquet")).count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void measuresCheckpointsAsSteps() throws IOException {
        List<Checkpoint> checkpoints = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Path file = shared.resolve("checkpoint" + i + ".safetensors");
            try (DecoderModel model = probed.model(1 + i)) {
                model.save(file);
            }
            checkpoints.add(new Checkpoint(file, "run", 4L * i, 1e-3));
        }
        SparkRun run =
                SparkProbing.builder(spark, probed.file.toString(), checkpoints)
                        .tokensPerBatch(ProbedFile.TOKENS_PER_BATCH)
                        .build()
                        .run(directory.resolve("out").toString());
        Path file = run.toRunFile(directory.resolve("r.ldyn"));
        List<LikelihoodRow> local =
                likelihoods(probed.measureLocally(directory.resolve("local.ldyn")));
        List<LikelihoodRow> all = likelihoods(file);
        assertEquals(2 * local.size(), all.size());
        assertEquals(local, all.subList(0, local.size()));
        assertNotEquals(
                local.get(0).logProb(), all.get(local.size()).logProb(), "of another model");
        assertEquals(
                List.of(0L, 4L),
                RunFileReader.open(file).steps().stream().map(StepRow::iteration).toList());
        ExecutorModels.closeIdle();
        assertEquals(0, ExecutorModels.count());
    }

    private List<String> rows(Path folder) {
        return SparkRun.of(spark, folder.toString())
                .rows(RunTable.LIKELIHOOD)
                .collectAsList()
                .stream()
                .map(Object::toString)
                .sorted()
                .toList();
    }
}
