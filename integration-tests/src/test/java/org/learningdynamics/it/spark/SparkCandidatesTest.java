package org.learningdynamics.it.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkEnv;
import org.deeplearning4j.arbiter.DL4JConfiguration;
import org.deeplearning4j.arbiter.MultiLayerSpace;
import org.deeplearning4j.arbiter.conf.updater.SgdSpace;
import org.deeplearning4j.arbiter.layers.DenseLayerSpace;
import org.deeplearning4j.arbiter.layers.OutputLayerSpace;
import org.deeplearning4j.arbiter.optimize.parameter.continuous.ContinuousParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.integer.IntegerParameterSpace;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.listener.ClassProbes;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.spark.SparkCandidates;
import org.learningdynamics.spark.TrainerOpener;
import org.learningdynamics.sweep.CandidateRunner;
import org.learningdynamics.sweep.GridSearch;
import org.learningdynamics.sweep.Limits;
import org.learningdynamics.sweep.NetworkTrainer;
import org.learningdynamics.sweep.Resources;
import org.learningdynamics.sweep.RunnerException;
import org.learningdynamics.sweep.Sweep;
import org.learningdynamics.sweep.TrainingChoice;
import org.learningdynamics.sweep.record.CandidateState;
import org.learningdynamics.sweep.record.SweepFile;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Candidates as tasks: what comes back, and whose fault it is if nothing does. */
@NeedsSpark
@Timeout(120)
class SparkCandidatesTest {
    private static final String MAX_RESULT = "spark.driver.maxResultSize";
    private static final MoodyTrainer TRAINER = new MoodyTrainer("moody");

    @TempDir private Path folder;

    private static <T> SparkCandidates<T> on(TrainerOpener<T> opener) {
        return SparkCandidates.on(LocalSpark.context(), opener);
    }

    private Sweep.Builder<TrainingChoice> sweep(String name, String... methods) {
        return Sweep.builder(MoodyTrainer.space(methods), TRAINER, folder.resolve(name))
                .search(new GridSearch(2, GridSearch.Order.SEQUENTIAL))
                .resources(new Resources(2, Long.MAX_VALUE));
    }

    private RunnerException refused(CandidateRunner<TrainingChoice> runner) {
        Sweep<TrainingChoice> sweep = sweep("refused", MoodyTrainer.FINE).runner(runner).build();
        return assertThrows(RunnerException.class, sweep::run);
    }

    private static void assertMentions(String words, Exception thrown) {
        assertTrue(String.valueOf(thrown.getMessage()).contains(words), thrown.toString());
    }

    @Test
    void whatTrainingThrowsFailsTheCandidateAsWithoutSpark() throws Exception {
        String[] methods = {
            MoodyTrainer.FINE,
            MoodyTrainer.THROWS,
            MoodyTrainer.OUT_OF_MEMORY,
            MoodyTrainer.NOT_A_NUMBER
        };
        SweepFile spark =
                sweep("spark", methods)
                        .runner(on(place -> new MoodyTrainer("moody")))
                        .build()
                        .run();
        SweepFile here = sweep("here", methods).build().run();
        assertEquals(8, here.results().size());
        long failed =
                here.results().stream().filter(row -> row.state() == CandidateState.FAILED).count();
        assertEquals(6, failed);
        assertEquals(
                SparkSweep.found(here, folder.resolve("here")),
                SparkSweep.found(spark, folder.resolve("spark")));
    }

    @Test
    void plainNetworksAreTrainedByTheirOwnTrainer() throws Exception {
        SweepFile here = networks("here").build().run();
        SweepFile spark = networks("spark").runner(on(place -> networks())).build().run();
        assertEquals(CandidateState.DONE, here.results().get(0).state());
        assertEquals(
                SparkSweep.found(here, folder.resolve("here")),
                SparkSweep.found(spark, folder.resolve("spark")));
    }

    private static NetworkTrainer<DL4JConfiguration> networks() {
        INDArray features = Nd4j.linspace(-1, 1, 24).reshape(8, 3).castTo(Nd4j.dataType());
        INDArray oneHot = Nd4j.eye(2).repeat(0, 4);
        int[] labels = {0, 0, 0, 0, 1, 1, 1, 1};
        return NetworkTrainer.layers(
                () -> new ListDataSetIterator<>(new DataSet(features, oneHot).asList(), 4),
                "line",
                ClassProbes.builder(features).labels(labels).build(),
                Schedule.every(2));
    }

    private Sweep.Builder<DL4JConfiguration> networks(String name) {
        MultiLayerSpace space =
                new MultiLayerSpace.Builder()
                        .seed(3)
                        .updater(new SgdSpace(new ContinuousParameterSpace(0.05, 0.5)))
                        .addLayer(
                                new DenseLayerSpace.Builder()
                                        .nOut(new IntegerParameterSpace(2, 5))
                                        .build())
                        .addLayer(new OutputLayerSpace.Builder().nOut(2).build())
                        .setInputType(InputType.feedForward(3))
                        .numEpochs(3)
                        .build();
        return Sweep.builder(space, networks(), folder.resolve(name)).limits(Limits.candidates(2));
    }

    @Test
    void aTrainerThatIsNotTheSweepsEndsTheSweepWithoutResults() throws Exception {
        assertMentions(
                "must have the identity of the sweep's, moody, got other",
                refused(on(place -> new MoodyTrainer("other"))));
        String notThere = folder.resolve("none").toString();
        assertMentions(
                "NoSuchFileException",
                refused(on(place -> new MoodyTrainer(Files.readString(Path.of(notThere))))));
        assertEquals(List.of(), SweepFile.read(folder.resolve("refused")).results());
        sweep("refused", MoodyTrainer.FINE).build().run();
        assertEquals(2, SweepFile.read(folder.resolve("refused")).results().size());
    }

    @Test
    void whatCannotBeSentIsNamed() {
        ByteArrayInputStream stream = new ByteArrayInputStream(new byte[1]);
        TrainerOpener<TrainingChoice> opener = place -> new MoodyTrainer("" + stream.read());
        assertMentions(
                "must be serializable, java.io.ByteArrayInputStream is not",
                assertThrows(RunnerException.class, () -> on(opener)));
    }

    @Test
    void moreThanATaskMayGiveBackEndsTheSweepWithTheSettingsName() throws Exception {
        CandidateRunner<TrainingChoice> runner = on(place -> new MoodyTrainer("moody"));
        SparkEnv.get().conf().set(MAX_RESULT, "65k");
        try {
            assertMentions("must fit into " + MAX_RESULT + " (0 MiB)", refused(runner));
        } finally {
            SparkEnv.get().conf().remove(MAX_RESULT);
        }
        assertEquals(List.of(), SweepFile.read(folder.resolve("refused")).results());
    }

    @Test
    void interruptingTheSweepInterruptsItsTasks() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Sweep<TrainingChoice> sweep =
                sweep("endless", MoodyTrainer.ENDLESS)
                        .runner(on(place -> new MoodyTrainer("moody")))
                        .progress(at -> begun.countDown())
                        .build();
        ExecutorService driver = Executors.newSingleThreadExecutor();
        Future<SweepFile> running = driver.submit(sweep::run);
        begun.await();
        while (LocalSpark.context().statusTracker().getActiveJobIds().length == 0) {
            Thread.sleep(10);
        }
        driver.shutdownNow();
        assertTrue(driver.awaitTermination(30, TimeUnit.SECONDS));
        assertTrue(running.isDone());
        assertEquals(List.of(), SweepFile.read(folder.resolve("endless")).results());
        while (LocalSpark.context().statusTracker().getActiveJobIds().length > 0) {
            Thread.sleep(10);
        }
    }
}
