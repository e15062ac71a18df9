package org.learningdynamics.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.data.DataException;
import org.learningdynamics.influence.InfluenceForm;
import org.learningdynamics.recording.AttributionRow;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.RunTable;
import org.learningdynamics.recording.SelfInfluenceRow;
import org.learningdynamics.train.CheckpointInfluenceOptions;

/** A training set scored by Spark in this process against the job on one thread. */
class SparkInfluenceTest {
    private static final int BLOCKS = 2 * 8 + 2 * 3; // of examples and probe rows

    @TempDir private static Path shared;

    private static SparkSession spark;
    private static ScoredSet set;

    @TempDir private Path directory;

    @BeforeAll
    static void start() {
        spark = LocalSession.get();
        set = new ScoredSet(shared);
    }

    /** The tables that a ranking is made of. */
    private record Sums(List<AttributionRow> rows, List<SelfInfluenceRow> self, Object blocks) {
        static Sums of(Path file) {
            RunFileReader reader = RunFileReader.open(file);
            Sums sums =
                    new Sums(
                            new ArrayList<>(),
                            new ArrayList<>(),
                            reader.interactions().scoredBlocks());
            reader.interactions().forEachAttribution(sums.rows::add);
            reader.interactions().forEachSelfInfluence(sums.self::add);
            return sums;
        }
    }

    private static Map<String, String> provenance(Path file) {
        RunHeader header = RunFileReader.open(file).header();
        Map<String, String> rows = new TreeMap<>(header.rows());
        rows.remove("created_at");
        return rows;
    }

    private Path locally(CheckpointInfluenceOptions options) {
        Path file = directory.resolve("local.ldyn");
        set.job(options).run(file);
        return file;
    }

    @Test
    void equalsTheLocalJobBitForBit() {
        CheckpointInfluenceOptions options = ScoredSet.projected();
        Path local = locally(options);
        SparkRun run =
                SparkInfluence.of(spark, set.job(options))
                        .blocksPerTask(3)
                        .run(directory.resolve("out").toString());
        Path file = run.toRunFile(directory.resolve("spark.ldyn"));
        assertEquals(ScoredSet.EXAMPLES * ScoredSet.PROBES * 2, Sums.of(local).rows().size());
        assertEquals(Sums.of(local), Sums.of(file));
        assertEquals(provenance(local), provenance(file));
        assertEquals(RunFileReader.open(local).probes(), RunFileReader.open(file).probes());
        assertEquals(RunFileReader.open(local).responses(), RunFileReader.open(file).responses());
        assertEquals(RunFileReader.open(local).events(), RunFileReader.open(file).events());
        assertTrue(Sums.of(file).rows().stream().anyMatch(row -> Math.abs(row.total()) > 1e-6));
    }

    @Test
    void doesOnlyWhatAKilledJobHadNotStoredInCosinesToo() {
        CheckpointInfluenceOptions options = ScoredSet.projected().withForm(InfluenceForm.COSINE);
        SparkInfluence job = SparkInfluence.of(spark, set.job(options)).blocksPerTask(1);
        String folder = directory.resolve("out").toString();
        List<Integer> before = new ArrayList<>();
        assertThrows(
                IllegalStateException.class,
                () ->
                        job.run(
                                folder,
                                blocks -> {
                                    before.add(blocks);
                                    if (before.size() == 2) {
                                        throw new IllegalStateException("killed");
                                    }
                                }));
        List<Integer> after = new ArrayList<>();
        job.run(folder, after::add);
        assertEquals(BLOCKS, sum(before) + sum(after));
        assertTrue(sum(before) > 3 && sum(after) > 3, before + " " + after);
        List<Row> twice =
                GradientJob.examples(spark, folder)
                        .read()
                        .groupBy("checkpoint", "example", "part")
                        .count()
                        .where("count > 1")
                        .collectAsList();
        assertEquals(List.of(), twice);
        Path file = SparkRun.of(spark, folder).toRunFile(directory.resolve("s.ldyn"));
        assertEquals(Sums.of(locally(options)), Sums.of(file));
        job.run(folder, blocks -> after.add(-1));
        assertTrue(after.stream().allMatch(blocks -> blocks > 0), "all was done");
    }

    private static int sum(List<Integer> blocks) {
        return blocks.stream().mapToInt(Integer::intValue).sum();
    }

    @Test
    void refusesAnotherJobsFolderAndWholeGradients() {
        String folder = directory.resolve("out").toString();
        SparkRun.of(spark, folder).begin(header(ScoredSet.projected()));
        DataException another =
                assertThrows(
                        DataException.class,
                        () ->
                                SparkInfluence.of(
                                                spark,
                                                set.job(
                                                        ScoredSet.projected()
                                                                .withForm(InfluenceForm.COSINE)))
                                        .run(folder));
        assertEquals(
                folder + ": influence.form must be the job's dot to go on with it, got cosine",
                another.getMessage());
        IllegalArgumentException whole =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                SparkInfluence.of(
                                                spark,
                                                set.job(CheckpointInfluenceOptions.defaults()))
                                        .run(folder));
        assertEquals(
                "projection must be given where gradients travel, got none", whole.getMessage());
        assertEquals(0, SparkRun.of(spark, folder).rows(RunTable.ATTRIBUTION).count());
    }

    private static RunHeader header(CheckpointInfluenceOptions options) {
        var pieces = set.job(options).pieces();
        return pieces.header().withProbes(pieces.probeRows(), pieces.responseRows());
    }
}
