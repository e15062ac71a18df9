package org.learningdynamics.it.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.Serializable;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.deeplearning4j.ui.model.stats.StatsListener;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.listener.ClassProbes;
import org.learningdynamics.listener.InfluenceOptions;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.Metric;
import org.learningdynamics.recording.ResidualRow;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.StepRow;
import org.learningdynamics.spark.dl4j.SparkDynamics;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

@NeedsSpark
class SparkDynamicsTest {
    private static final int UPDATES = AveragedNetworks.FREQUENCY * AveragedNetworks.ROUNDS;

    private static final Pattern SNIPPET =
            Pattern.compile("(?s)\n *// docs/spark-training.md [^\n]*\n(.*?) *// end\n");

    private static JavaSparkContext spark;
    private static JavaRDD<DataSet> data;

    @TempDir private static Path folder;

    private static MultiLayerNetwork watched;
    private static List<Long> failuresAndRounds;

    /** Keeps what the replicas were, in the virtual machine that all of local Spark shares. */
    private static final class ReplicaKeeper extends BaseTrainingListener implements Serializable {
        private static final long serialVersionUID = 1L;
        static final Map<String, INDArray> PARAMETERS = new ConcurrentHashMap<>();

        private final String run;
        private int updates;

        ReplicaKeeper(String run) {
            this.run = run;
        }

        @Override
        public void iterationDone(Model model, int iteration, int epoch) {
            updates++;
            String key = run + " " + TaskContext.get().partitionId() + " " + updates;
            INDArray earlier = PARAMETERS.put(key + next(key), model.params().dup().detach());
            assertNull(earlier);
        }

        /** Each round's keeper counts from 1. */
        private static String next(String key) {
            int round = 1;
            while (PARAMETERS.containsKey(key + " " + round)) {
                round++;
            }
            return " " + round;
        }

        static INDArray replica(String run, int worker, long update) {
            long round = (update - 1) / AveragedNetworks.FREQUENCY + 1;
            long inRound = (update - 1) % AveragedNetworks.FREQUENCY + 1;
            return PARAMETERS.get(run + " " + worker + " " + inRound + " " + round);
        }
    }

    @BeforeAll
    static void trainTwice() {
        spark = LocalSpark.context();
        data = spark.parallelize(AveragedNetworks.data(), 2);
        SparkDl4jMultiLayer training = training(AveragedNetworks.network());
        SparkDynamics.Builder builder =
                every("network", SparkDynamics.builder(training))
                        .influence(InfluenceOptions.defaults());
        try (SparkDynamics dynamics = builder.build()) {
            training.fit(data);
            training.fit(data);
            failuresAndRounds = List.of(dynamics.failures().total(), dynamics.rounds());
        }
        watched = training.getNetwork();
    }

    private static SparkDynamics.Builder every(String name, SparkDynamics.Builder builder) {
        return builder.probes(AveragedNetworks.probes())
                .schedule(Schedule.every(1))
                .listeners(new ReplicaKeeper(name))
                .recordTo(file(name), RunHeader.builder(name, Instant.EPOCH).build());
    }

    private static SparkDl4jMultiLayer training(MultiLayerNetwork network) {
        return new SparkDl4jMultiLayer(spark, network, AveragedNetworks.master());
    }

    private static SparkComputationGraph training(ComputationGraph graph) {
        return new SparkComputationGraph(spark, graph, AveragedNetworks.master());
    }

    private static Path file(String name) {
        return folder.resolve(name + ".ldyn");
    }

    private static Path file(String name, int worker) {
        return folder.resolve(name + "-worker-" + worker + ".ldyn");
    }

    @Test
    void networkIsTheSameWithAndWithout() {
        SparkDl4jMultiLayer plain = training(AveragedNetworks.network());
        plain.fit(data);
        plain.fit(data);
        assertEquals(plain.getNetwork().params(), watched.params());
        assertEquals(
                plain.getNetwork().getUpdater().getStateViewArray(),
                watched.getUpdater().getStateViewArray());
        assertEquals(List.of(0L, 4L), failuresAndRounds);
    }

    /** Nothing is recorded any more after the end. */
    @Test
    void graphIsTheSameWithAndWithout() {
        SparkComputationGraph plain = training(AveragedNetworks.graph());
        plain.fit(data);
        SparkComputationGraph graph = training(AveragedNetworks.graph());
        try (SparkDynamics dynamics = every("graph", SparkDynamics.builder(graph)).build()) {
            graph.fit(data);
            assertEquals(0, dynamics.failures().total());
            assertEquals(
                    List.of(file("graph"), file("graph", 0), file("graph", 1)), dynamics.files());
        }
        assertEquals(plain.getNetwork().params(), graph.getNetwork().params());
        RunHeader header = RunHeader.builder("documented", Instant.EPOCH).build();
        fitAsDocumented(graph, AveragedNetworks.probes(), file("documented"), header);
        requireRecordedReplicas("graph", AveragedNetworks.graph(), UPDATES);
        assertEquals(
                LongStream.rangeClosed(UPDATES, 2 * UPDATES).boxed().toList(),
                RunFileReader.open(file("documented", 1)).steps().stream()
                        .map(StepRow::iteration)
                        .toList());
    }

    @SuppressWarnings("try") // the document shows what is needed, no more
    private static void fitAsDocumented(
            SparkComputationGraph training, ClassProbes probes, Path file, RunHeader header) {
        // docs/spark-training.md shows from here
        try (SparkDynamics dynamics =
                SparkDynamics.builder(training)
                        .probes(probes)
                        .schedule(Schedule.every(1))
                        .recordTo(file, header)
                        .build()) {
            training.fit(data);
        }
        // end
    }

    @Test
    void theDocumentShowsThisCode() throws IOException {
        Path source = Path.of("src/test/java/org/learningdynamics/it/spark/SparkDynamicsTest.java");
        Matcher snippet = SNIPPET.matcher(Files.readString(source));
        assertTrue(snippet.find());
        String shown = snippet.group(1).stripTrailing().stripIndent();
        String document = Files.readString(Path.of("../docs/spark-training.md"));
        assertTrue(document.contains(shown), "docs/spark-training.md must show:\n" + shown);
    }

    @Test
    void everyReplicaAndEveryAverageIsRecordedOnce() {
        requireRecordedReplicas("network", AveragedNetworks.network(), 2 * UPDATES);
        List<StepRow> steps = RunFileReader.open(file("network")).steps();
        assertEquals(List.of(0L, 3L, 6L, 9L, 12L), steps.stream().map(StepRow::iteration).toList());
        assertArrayEquals(
                AveragedNetworks.logProbs(
                        AveragedNetworks.network(), AveragedNetworks.network().params()),
                recorded(file("network"), 0),
                1e-12);
        for (int round = 1; round < steps.size(); round++) {
            long updates = (long) round * AveragedNetworks.FREQUENCY;
            INDArray mean =
                    ReplicaKeeper.replica("network", 0, updates)
                            .add(ReplicaKeeper.replica("network", 1, updates))
                            .div(2);
            double[] expected = AveragedNetworks.logProbs(AveragedNetworks.network(), mean);
            assertArrayEquals(expected, recorded(file("network"), round), 1e-12);
        }
    }

    private static void requireRecordedReplicas(String name, Model network, int updates) {
        for (int worker = 0; worker < AveragedNetworks.WORKERS; worker++) {
            RunFileReader reader = RunFileReader.open(file(name, worker));
            List<Long> all = LongStream.rangeClosed(1, updates).boxed().toList();
            assertEquals(
                    LongStream.rangeClosed(0, updates).boxed().toList(),
                    reader.steps().stream().map(StepRow::iteration).toList());
            assertArrayEquals(recorded(file(name), 0), recorded(file(name, worker), 0));
            assertEquals(all, reader.metrics("loss").stream().map(Metric::iteration).toList());
            for (long update : all) {
                INDArray replica = ReplicaKeeper.replica(name, worker, update);
                assertArrayEquals(
                        AveragedNetworks.logProbs(network, replica),
                        recorded(file(name, worker), update),
                        1e-12);
            }
        }
    }

    private static double[] recorded(Path file, long step) {
        return RunFileReader.open(file).likelihoods(RowFilter.ALL.steps(step, step)).stream()
                .mapToDouble(LikelihoodRow::logProb)
                .toArray();
    }

    @Test
    void driftIsThatOfTheRecordedReplicas() {
        RunFileReader averaged = RunFileReader.open(file("network"));
        List<Metric> spreads = averaged.metrics("workers/spread/label");
        assertEquals(2 * UPDATES, spreads.size());
        for (Metric spread : spreads) {
            double[] a = recorded(file("network", 0), spread.iteration());
            double[] b = recorded(file("network", 1), spread.iteration());
            double sum = 0;
            for (int i = 0; i < a.length; i++) {
                sum += Math.abs(a[i] - b[i]) / Math.sqrt(2);
            }
            assertEquals(sum / a.length, spread.value(), 1e-12);
            assertTrue(spread.value() > 0);
        }
        List<Metric> jumps = averaged.metrics("averaging/jump/label");
        assertEquals(List.of(3L, 6L, 9L, 12L), jumps.stream().map(Metric::iteration).toList());
        double[] after = recorded(file("network"), 1);
        double[] a = recorded(file("network", 0), 3);
        double[] b = recorded(file("network", 1), 3);
        double sum = 0;
        for (int i = 0; i < after.length; i++) {
            sum += after[i] - (a[i] + b[i]) / 2;
        }
        assertEquals(sum / after.length, jumps.get(0).value(), 1e-12);
    }

    @Test
    void filesNameWorkersAndTheirAttempts() {
        assertEquals("network", RunFileReader.open(file("network")).header().run());
        RunHeader header = RunFileReader.open(file("network", 1)).header();
        assertEquals("network worker 1", header.run());
        assertEquals("1", header.entries().get("spark.worker"));
        assertEquals("3", header.entries().get("spark.averaging_frequency"));
        List<Event> rounds =
                RunFileReader.open(file("network", 1)).events().stream()
                        .filter(event -> event.code().equals("worker_round"))
                        .toList();
        assertEquals(4, rounds.size());
        assertTrue(
                rounds.get(1).message().startsWith("round 2, updates 4 to 6: attempt 0 (task "),
                rounds.get(1).message());
    }

    @Test
    void epochsGoOnCounting() {
        List<StepRow> steps = RunFileReader.open(file("network", 0)).steps();
        assertEquals(0, steps.get(UPDATES).epoch());
        assertEquals(1, steps.get(UPDATES + 1).epoch());
    }

    @Test
    void examplesAreTheSameInAllFilesAndRounds() {
        Map<String, Long> ids = new TreeMap<>();
        for (int worker = 0; worker < AveragedNetworks.WORKERS; worker++) {
            Map<String, Long> own = new TreeMap<>();
            RunFileReader reader = RunFileReader.open(file("network", worker));
            reader.forEachExample(row -> own.put(row.digest(), row.example()));
            own.forEach((digest, id) -> assertEquals(id, ids.getOrDefault(digest, id)));
            ids.putAll(own);
            List<ResidualRow> residuals = reader.interactions().residuals(RowFilter.ALL);
            assertEquals(2 * UPDATES * AveragedNetworks.BATCH, residuals.size());
            residuals.forEach(row -> assertTrue(own.containsValue(row.example())));
        }
        assertEquals(AveragedNetworks.data().size(), ids.size());
        assertEquals(ids.size(), new HashSet<>(ids.values()).size());
    }

    /** Results of six workers are added up on executors first, by a stage of its own. */
    @Test
    void recordingsOfManyWorkersComeHomeOnce() {
        ParameterAveragingTrainingMaster master =
                new ParameterAveragingTrainingMaster.Builder(6, 1)
                        .batchSizePerWorker(2)
                        .averagingFrequency(2)
                        .rddTrainingApproach(RDDTrainingApproach.Direct)
                        .build();
        SparkDl4jMultiLayer training =
                new SparkDl4jMultiLayer(spark, AveragedNetworks.network(), master);
        try (SparkDynamics dynamics = every("many", SparkDynamics.builder(training)).build()) {
            training.fit(spark.parallelize(AveragedNetworks.data().subList(0, 24), 6));
            assertEquals(0, dynamics.failures().total());
            assertEquals(7, dynamics.files().size());
            assertEquals(1, dynamics.rounds());
        }
        INDArray mean = Nd4j.zeros(DataType.DOUBLE, 1, watched.numParams());
        for (int worker = 0; worker < 6; worker++) {
            RunFileReader reader = RunFileReader.open(file("many", worker));
            assertEquals(
                    List.of(0L, 1L, 2L), reader.steps().stream().map(StepRow::iteration).toList());
            INDArray replica = ReplicaKeeper.PARAMETERS.get("many " + worker + " 2 1");
            assertArrayEquals(
                    AveragedNetworks.logProbs(AveragedNetworks.network(), replica),
                    recorded(file("many", worker), 2),
                    1e-12);
            mean.addi(replica.div(6));
        }
        assertArrayEquals(
                AveragedNetworks.logProbs(AveragedNetworks.network(), mean),
                recorded(file("many"), 1),
                1e-12);
    }

    @Test
    void refusesWhatWorkersCannotDo() {
        SparkDynamics.Builder builder = SparkDynamics.builder(training(AveragedNetworks.network()));
        assertMessage(
                "schedule must go by updates, because workers are not told where an epoch or"
                        + " training ends, got every 2, initial, at the end",
                () -> builder.schedule(Schedule.every(2).withFinal()));
        assertMessage(
                "influence must go without exampleIds, because Spark chooses each worker's batches;"
                        + " examples are known by their content",
                () -> builder.influence(InfluenceOptions.defaults().withExampleIds(List::of)));
        assertMessage(
                "listeners must not need a router, because dl4j-spark has one for all, got "
                        + StatsListener.class.getName(),
                () -> builder.listeners(new StatsListener(new InMemoryStatsStorage())));
        assertEquals(
                "probes must be given before build()",
                assertThrows(IllegalStateException.class, builder::build).getMessage());
        builder.probes(AveragedNetworks.probes());
        assertEquals(
                "recordTo must be given before build()",
                assertThrows(IllegalStateException.class, builder::build).getMessage());
        RunHeader header = RunHeader.builder("again", Instant.EPOCH).build();
        assertMessage(
                "run files of a data-parallel training must be new, got " + file("network"),
                () -> builder.recordTo(file("network"), header).build());
    }

    @Test
    void refusesWhatRoundsDoNotCount() {
        SparkDl4jMultiLayer truncated = training(AveragedNetworks.network());
        truncated
                .getNetwork()
                .getLayerWiseConfigurations()
                .setBackpropType(BackpropType.TruncatedBPTT);
        assertMessage(
                "backpropagation must be of type Standard, because the training master counts"
                        + " batches and not the segments of truncated backpropagation, got"
                        + " TruncatedBPTT",
                () -> SparkDynamics.builder(truncated));
        TrainingMaster<?, ?> master =
                (TrainingMaster<?, ?>)
                        Proxy.newProxyInstance(
                                getClass().getClassLoader(),
                                new Class<?>[] {TrainingMaster.class},
                                (proxy, method, arguments) -> null);
        SparkDl4jMultiLayer shared =
                new SparkDl4jMultiLayer(spark, AveragedNetworks.network(), master);
        assertMessage(
                "training master must be a ParameterAveragingTrainingMaster, whose rounds bring the"
                        + " workers' recordings home, got "
                        + master.getClass().getName(),
                () -> SparkDynamics.builder(shared));
    }

    private static void assertMessage(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
