package org.learningdynamics.it.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.StepRow;
import org.learningdynamics.spark.dl4j.SparkDynamics;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** A worker that dies in mid-round takes its recording with it; the one that counted comes home. */
@NeedsSpark
@Timeout(240)
class KilledTrainingTest {
    private static final long UPDATES = (long) AveragedNetworks.FREQUENCY * AveragedNetworks.ROUNDS;
    private static final Pattern TASK = Pattern.compile("task (\\d+) of stage");

    private static LocalCluster cluster;

    @TempDir private Path folder;

    /**
     * Keeps every attempt's replicas in files; one attempt in the second round waits for its death.
     */
    private static final class Victim extends BaseTrainingListener implements Serializable {
        private static final long serialVersionUID = 1L;

        private final String folder;
        private int updates;

        Victim(Path folder) {
            this.folder = folder.toString();
        }

        @Override
        public void iterationDone(Model model, int iteration, int epoch) {
            updates++;
            TaskContext task = TaskContext.get();
            INDArray replica = model.params().dup().detach();
            try {
                Nd4j.writeAsNumpy(
                        replica, file(Path.of(folder), task.taskAttemptId(), updates).toFile());
                boolean second = iteration >= AveragedNetworks.FREQUENCY;
                if (second && updates == 2 && task.partitionId() == 1) {
                    waitOnce(task.taskAttemptId());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void waitOnce(long attempt) throws IOException {
            Path marker = marker(Path.of(folder));
            if (!Files.exists(marker)) {
                Path written = Path.of(folder, "marker.tmp");
                Files.writeString(written, SparkEnv.get().executorId() + " " + attempt);
                Files.move(written, marker);
                try {
                    Thread.sleep(60_000);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        static Path marker(Path folder) {
            return folder.resolve("marker");
        }

        static Path file(Path folder, long attempt, int updates) {
            return folder.resolve(attempt + "-" + updates + ".npy");
        }
    }

    /** What an executor's end is brought about by. */
    private interface Death {
        void of(String executor) throws InterruptedException;
    }

    @BeforeAll
    static void start(@TempDir Path clusterFolder) throws IOException {
        cluster = LocalCluster.start(clusterFolder);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    /** Where every partition has its share already, the same examples are learnt again. */
    @Test
    void networkIsThatOfUndisturbedTrainingWithoutRecording() throws Exception {
        JavaRDD<DataSet> data = cluster.context().parallelize(AveragedNetworks.data(), 2);
        SparkDl4jMultiLayer undisturbed = training();
        undisturbed.fit(data);
        MultiLayerNetwork network = trainAndKill(data, cluster::killExecutor);
        assertEquals(undisturbed.getNetwork().params(), network.params());
    }

    /**
     * Three partitions are shuffled to two workers: a dead one takes files of the shuffle along.
     */
    @Test
    void whatCountedIsRecordedOnceAndNothingElse() throws Exception {
        JavaRDD<DataSet> data = cluster.context().parallelize(AveragedNetworks.data(), 3);
        trainAndKill(data, cluster::killWorkerOf);
    }

    private MultiLayerNetwork trainAndKill(JavaRDD<DataSet> data, Death death) throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        int failed = cluster.failedAttempts();
        try {
            Future<MultiLayerNetwork> job = thread.submit(() -> train(data));
            String[] marker = awaitMarker(job);
            death.of(marker[0]);
            MultiLayerNetwork network = job.get(120, TimeUnit.SECONDS);
            assertTrue(cluster.failedAttempts() > failed, "the killed attempt must have failed");
            requireRecorded(network, Long.parseLong(marker[1]));
            return network;
        } finally {
            thread.shutdownNow();
        }
    }

    private void requireRecorded(MultiLayerNetwork network, long killed) {
        Set<Long> counted = new HashSet<>();
        List<Long> first = requireWorker(0, counted);
        List<Long> second = requireWorker(1, counted);
        assertEquals(AveragedNetworks.WORKERS * AveragedNetworks.ROUNDS, counted.size());
        assertFalse(counted.contains(killed), "the dead attempt must not count");
        List<StepRow> steps = RunFileReader.open(file("run")).steps();
        assertEquals(List.of(0L, 3L, 6L), steps.stream().map(StepRow::iteration).toList());
        for (int round = 1; round <= AveragedNetworks.ROUNDS; round++) {
            INDArray mean =
                    replica(first.get(round - 1), AveragedNetworks.FREQUENCY)
                            .add(replica(second.get(round - 1), AveragedNetworks.FREQUENCY))
                            .div(2);
            double[] expected = AveragedNetworks.logProbs(AveragedNetworks.network(), mean);
            assertArrayEquals(expected, recorded(file("run"), round), 1e-12);
            if (round == AveragedNetworks.ROUNDS) {
                assertEquals(mean, network.params());
            }
        }
    }

    private static SparkDl4jMultiLayer training() {
        return new SparkDl4jMultiLayer(
                cluster.context(), AveragedNetworks.network(), AveragedNetworks.master());
    }

    private MultiLayerNetwork train(JavaRDD<DataSet> data) {
        SparkDl4jMultiLayer training = training();
        try (SparkDynamics dynamics =
                SparkDynamics.builder(training)
                        .probes(AveragedNetworks.probes())
                        .schedule(Schedule.every(1))
                        .listeners(new Victim(folder))
                        .recordTo(file("run"), RunHeader.builder("run", Instant.EPOCH).build())
                        .build()) {
            training.fit(data);
            assertEquals(0, dynamics.failures().total());
            assertEquals(AveragedNetworks.ROUNDS, dynamics.rounds());
        }
        return training.getNetwork();
    }

    private String[] awaitMarker(Future<?> job) throws Exception {
        while (!Files.exists(Victim.marker(folder))) {
            if (job.isDone()) {
                job.get();
            }
            Thread.sleep(20);
        }
        return Files.readString(Victim.marker(folder)).split(" ");
    }

    /** Every update once, each as the replica of the attempt that is named; these, by round. */
    private List<Long> requireWorker(int worker, Set<Long> counted) {
        RunFileReader reader = RunFileReader.open(file("run-worker-" + worker));
        List<Long> attempts =
                reader.events().stream()
                        .filter(event -> event.code().equals("worker_round"))
                        .map(KilledTrainingTest::task)
                        .toList();
        assertEquals(AveragedNetworks.ROUNDS, attempts.size());
        counted.addAll(attempts);
        List<Long> all = LongStream.rangeClosed(1, UPDATES).boxed().toList();
        assertEquals(
                LongStream.rangeClosed(0, UPDATES).boxed().toList(),
                reader.steps().stream().map(StepRow::iteration).toList());
        for (long update : all) {
            int round = (int) (update - 1) / AveragedNetworks.FREQUENCY;
            int inRound = (int) (update - 1) % AveragedNetworks.FREQUENCY + 1;
            INDArray replica = replica(attempts.get(round), inRound);
            double[] expected = AveragedNetworks.logProbs(AveragedNetworks.network(), replica);
            assertArrayEquals(expected, recorded(reader.path(), update), 1e-12);
        }
        return attempts;
    }

    private static long task(Event event) {
        Matcher matcher = TASK.matcher(event.message());
        if (!matcher.find()) {
            throw new AssertionError(event.message());
        }
        return Long.parseLong(matcher.group(1));
    }

    private INDArray replica(long attempt, int updates) {
        return Nd4j.createFromNpyFile(Victim.file(folder, attempt, updates).toFile());
    }

    private Path file(String name) {
        return folder.resolve(name + ".ldyn");
    }

    private static double[] recorded(Path file, long step) {
        return RunFileReader.open(file).likelihoods(RowFilter.ALL.steps(step, step)).stream()
                .mapToDouble(LikelihoodRow::logProb)
                .toArray();
    }
}
