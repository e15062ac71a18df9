package org.learningdynamics.it.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.data.ByteTokenizer;
import org.learningdynamics.data.KeepPrompt;
import org.learningdynamics.data.PreferenceExample;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.Truncation;
import org.learningdynamics.influence.GradientProjection;
import org.learningdynamics.listener.SameDiffDynamicsListener;
import org.learningdynamics.listener.TokenProbes;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.probe.EncodedProbes;
import org.learningdynamics.probe.Probe;
import org.learningdynamics.probe.ProbeSet;
import org.learningdynamics.recording.AttributionRow;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.SelfInfluenceRow;
import org.learningdynamics.spark.SparkInfluence;
import org.learningdynamics.spark.SparkProbing;
import org.learningdynamics.spark.SparkRun;
import org.learningdynamics.train.Checkpoint;
import org.learningdynamics.train.CheckpointInfluence;
import org.learningdynamics.train.CheckpointInfluenceOptions;
import org.learningdynamics.train.TrainingData;
import org.learningdynamics.train.TrainingMethod;
import org.learningdynamics.train.TrainingOptions;
import org.learningdynamics.train.TrainingRun;

/**
 * Processes of a cluster are killed while they measure probes and score examples: the jobs finish,
 * and their tables are those of the same work on one thread of this process.
 */
@NeedsSpark
@Timeout(180)
class KilledJobsTest {
    private static final int EXAMPLES = 12;
    private static final TrainingOptions OPTIONS =
            TrainingOptions.builder(TrainingMethod.SFT).updates(2).batchSize(4).build();

    @TempDir private static Path shared;

    private static LocalCluster cluster;
    private static SparkSession spark;
    private static final ExecutorService THREAD = Executors.newSingleThreadExecutor();

    @TempDir private Path directory;

    @BeforeAll
    static void start() throws IOException {
        cluster = LocalCluster.start(Files.createDirectory(shared.resolve("cluster")));
        DecoderConfig config =
                DecoderConfig.builder(new ByteTokenizer().vocabularySize())
                        .width(8)
                        .layers(1)
                        .heads(2)
                        .maxLength(32)
                        .build();
        try (DecoderModel model = DecoderModel.create(config)) {
            TrainingRun.builder(model, data(), OPTIONS)
                    .checkpoints(Files.createDirectory(models()), 2)
                    .build()
                    .run();
        }
        spark =
                SparkSession.builder()
                        .sparkContext(cluster.context().sc())
                        .config("spark.sql.codegen.wholeStage", false)
                        .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
                        .getOrCreate();
    }

    @AfterAll
    static void stop() {
        THREAD.shutdownNow();
        cluster.close();
    }

    private static Path models() {
        return shared.resolve("models");
    }

    private static SequenceEncoder encoder() {
        return new SequenceEncoder(new ByteTokenizer(), new Truncation(32, 16, KeepPrompt.END));
    }

    private static List<PreferenceExample> examples() {
        List<PreferenceExample> examples = new ArrayList<>();
        for (int i = 1; i <= EXAMPLES; i++) {
            examples.add(new PreferenceExample(i, "what is " + i + " ?", "it is " + i, "no"));
        }
        return examples;
    }

    private static TrainingData data() {
        return TrainingData.preferences(TrainingMethod.SFT, examples(), encoder());
    }

    private static ProbeSet probes() {
        List<Probe> probes = new ArrayList<>();
        for (PreferenceExample e : examples()) {
            Map<String, String> responses = new LinkedHashMap<>();
            responses.put("chosen", e.chosen());
            responses.put("rejected", e.rejected());
            probes.add(Probe.of((int) e.id(), e.prompt(), responses));
        }
        return new ProbeSet("probes.jsonl", probes);
    }

    private static CheckpointInfluence influence() {
        GradientProjection projection =
                new GradientProjection(GradientProjection.Kind.SPARSE_SIGNS, 64, 7);
        return CheckpointInfluence.builder(
                        Checkpoint.in(models()), data(), OPTIONS, probes().subset(2))
                .options(
                        CheckpointInfluenceOptions.defaults()
                                .withBlocks(2, 2)
                                .withProjection(projection))
                .build();
    }

    /** A process that runs a task is killed once the folder is being written. */
    private void killWhenWriting(Path folder, Killing killing) throws Exception {
        while (!Files.exists(folder.resolve("_temporary"))) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        killing.kill(cluster.awaitTask());
    }

    private interface Killing {
        void kill(String executor) throws Exception;
    }

    private record Sums(List<AttributionRow> rows, List<SelfInfluenceRow> self) {
        static Sums of(Path file) {
            Sums sums = new Sums(new ArrayList<>(), new ArrayList<>());
            RunFileReader.open(file).interactions().forEachAttribution(sums.rows::add);
            RunFileReader.open(file).interactions().forEachSelfInfluence(sums.self::add);
            return sums;
        }
    }

    @Test
    void influenceEqualsTheLocalJobsThoughAWorkerIsKilled() throws Exception {
        Path local = directory.resolve("local.ldyn");
        influence().run(local);
        int before = cluster.failedAttempts();
        Path out = directory.resolve("out");
        Future<SparkRun> job =
                THREAD.submit(
                        () ->
                                SparkInfluence.of(spark, influence())
                                        .blocksPerTask(1)
                                        .run(out.toString()));
        killWhenWriting(out.resolve("gradients/example.parquet"), cluster::killWorkerOf);
        Path file = job.get().toRunFile(directory.resolve("spark.ldyn"));
        assertTrue(cluster.failedAttempts() > before, "a task must have been killed");
        assertEquals(EXAMPLES * 4, Sums.of(local).rows().size());
        assertEquals(Sums.of(local), Sums.of(file));
    }

    @Test
    void likelihoodsEqualTheListenersThoughAnExecutorIsKilled() throws Exception {
        Path text = directory.resolve("probes.jsonl");
        probes().write(text);
        Path model = Checkpoint.in(models()).get(0).file();
        int before = cluster.failedAttempts();
        Path out = directory.resolve("out");
        Future<SparkRun> job =
                THREAD.submit(
                        () ->
                                SparkProbing.builder(spark, text.toString(), model)
                                        .truncation(encoder().truncation())
                                        .tokensPerBatch(96)
                                        .passesPerBlock(1)
                                        .build()
                                        .run(out.toString()));
        killWhenWriting(out.resolve("blocks"), cluster::killExecutor);
        Path file = job.get().toRunFile(directory.resolve("spark.ldyn"));
        assertTrue(cluster.failedAttempts() > before, "a task must have been killed");
        assertEquals(likelihoods(measured(model)), likelihoods(file));
    }

    private static List<LikelihoodRow> likelihoods(Path run) {
        return RunFileReader.open(run).likelihoods(RowFilter.ALL);
    }

    private Path measured(Path saved) throws IOException {
        Path run = directory.resolve("local.ldyn");
        TokenProbes watched =
                TokenProbes.builder(
                                EncodedProbes.encode(probes(), encoder()),
                                new ByteTokenizer().paddingId())
                        .tokensPerBatch(96)
                        .build();
        try (DecoderModel model = DecoderModel.load(saved);
                SameDiffDynamicsListener listener =
                        SameDiffDynamicsListener.builder(model.graph())
                                .probes(watched)
                                .packed(model.packedView())
                                .recordTo(run, RunHeader.builder("probe", Instant.EPOCH).build())
                                .build()) {
            listener.recordNow();
        }
        return run;
    }
}
