package org.learningdynamics.update;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.learningdynamics.influence.ParameterUpdate;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

class NetworkUpdateWatchTest {
    private static final int UPDATES = 5;
    private static final List<DataType> TYPES = List.of(DataType.DOUBLE, DataType.FLOAT);
    private static final Set<String> LAYERS =
            Set.of("0_W", "0_b", "1_gamma", "1_beta", "2_W", "2_b");

    private static List<WatchingNetworkListener.Followed> train(
            Model model, IntFunction<DataSet> batches) {
        try (var watch = NetworkTask.watch(model)) {
            var listener = new WatchingNetworkListener(watch);
            model.addListeners(listener);
            for (int i = 0; i < UPDATES; i++) {
                NetworkTask.fit(model, batches.apply(i));
            }
            return listener.followed;
        }
    }

    private static List<WatchingNetworkListener.Followed> assertAddsUp(
            String what, Model model, IntFunction<DataSet> batches) {
        List<WatchingNetworkListener.Followed> followed = train(model, batches);
        assertEquals(UPDATES, followed.size());
        for (var one : followed) {
            one.updates()
                    .forEach(
                            (name, update) ->
                                    SplitAssertions.assertAddsUp(
                                            what + " " + name, update, one.before().get(name)));
        }
        return followed;
    }

    private static IntFunction<DataSet> rows(DataType type) {
        return i -> NetworkTask.batch(type, i, 3);
    }

    private static DynamicTest both(
            String name,
            DataType type,
            Function<NeuralNetConfiguration.Builder, NeuralNetConfiguration.Builder> added,
            IUpdater updater) {
        return DynamicTest.dynamicTest(
                name + " " + type,
                () -> {
                    var settings = added.apply(NetworkTask.settings(type, updater));
                    var followed = assertAddsUp(name, NetworkTask.network(settings), rows(type));
                    assertEquals(LAYERS, followed.get(0).updates().keySet());
                    assertAddsUp(
                            name,
                            NetworkTask.graph(added.apply(NetworkTask.settings(type, updater))),
                            rows(type));
                });
    }

    @TestFactory
    Stream<DynamicTest> partsOfEveryUpdaterAddUpToTheStep() {
        return TYPES.stream()
                .flatMap(
                        type ->
                                Updaters.all().entrySet().stream()
                                        .map(e -> both(e.getKey(), type, s -> s, e.getValue())));
    }

    @TestFactory
    Stream<DynamicTest> ratesAreThoseOfTheSchedule() {
        return Updaters.scheduled().entrySet().stream()
                .map(e -> both(e.getKey(), DataType.DOUBLE, s -> s, e.getValue()));
    }

    @TestFactory
    Stream<DynamicTest> clippingIsAFactor() {
        return Arrays.stream(GradientNormalization.values())
                .flatMap(
                        kind ->
                                Stream.of(.02, 50.)
                                        .filter(t -> t < 1 || kind.name().startsWith("Clip"))
                                        .map(
                                                threshold ->
                                                        both(
                                                                kind + " " + threshold,
                                                                DataType.DOUBLE,
                                                                s -> clipped(s, kind, threshold),
                                                                new Adam(.03, .8, .9, 1e-3))));
    }

    private static NeuralNetConfiguration.Builder clipped(
            NeuralNetConfiguration.Builder settings, GradientNormalization kind, double threshold) {
        return settings.gradientNormalization(kind).gradientNormalizationThreshold(threshold);
    }

    @TestFactory
    Stream<DynamicTest> regularisationIsDecay() {
        return Stream.of(new Sgd(.05), new Adam(.03, .8, .9, 1e-3))
                .flatMap(
                        updater ->
                                TYPES.stream()
                                        .map(
                                                type ->
                                                        both(
                                                                updater.getClass().getSimpleName(),
                                                                type,
                                                                NetworkUpdateWatchTest::decayed,
                                                                updater)));
    }

    private static NeuralNetConfiguration.Builder decayed(NeuralNetConfiguration.Builder settings) {
        return settings.l1(.02).l2(.1).l2Bias(.05).weightDecayBias(.03, false);
    }

    @Test
    void weightDecayFollowsTheRateWhereItShould() {
        for (boolean byRate : List.of(true, false)) {
            var settings = NetworkTask.settings(DataType.DOUBLE, new Sgd(.5));
            MultiLayerNetwork network = NetworkTask.network(settings.weightDecay(.2, byRate));
            // DL4J enters a setting for the whole network into each layer's list twice
            int times = network.getLayer(0).getConfig().getRegularizationByParam("W").size();
            assertEquals(2, times);
            for (var one : assertAddsUp("weight decay", network, rows(DataType.DOUBLE))) {
                INDArray expected = one.before().get("0_W").mul(times * (byRate ? .1 : .2));
                INDArray decay = one.updates().get("0_W").decay().orElseThrow();
                assertEquals(0, SplitAssertions.largest(decay.sub(expected)), 1e-15);
                assertTrue(one.updates().get("0_b").decay().isEmpty());
            }
        }
    }

    @Test
    void sumsOverTheBatchStaySumsWhereTheHostKeepsThem() {
        var means =
                train(
                        NetworkTask.graph(NetworkTask.settings(DataType.DOUBLE, new Sgd(.05))),
                        rows(DataType.DOUBLE));
        var sums =
                assertAddsUp(
                        "sums",
                        NetworkTask.graph(
                                NetworkTask.settings(DataType.DOUBLE, new Sgd(.05))
                                        .miniBatch(false)),
                        rows(DataType.DOUBLE));
        INDArray mean = means.get(0).updates().get("left_W").gradient();
        INDArray sum = sums.get(0).updates().get("left_W").gradient();
        assertEquals(0, SplitAssertions.largest(sum.sub(mean.mul(NetworkTask.ROWS))), 1e-12);
    }

    @Test
    void everyOrderOfWeightsAndFrozenLayersAreSeen() {
        for (DataType type : TYPES) {
            var settings = NetworkTask.settings(type, new Adam(.03, .8, .9, 1e-3));
            var followed =
                    assertAddsUp(
                            "images",
                            NetworkTask.images(settings),
                            i -> NetworkTask.batch(type, i, 2, 4, 5));
            assertEquals(Set.of("1_W", "1_b", "2_W", "2_b"), followed.get(0).updates().keySet());
        }
    }

    @Test
    void recurrentWeightsAreSeen() {
        var settings = NetworkTask.settings(DataType.DOUBLE, new Adam(.03, .8, .9, 1e-3)).l2(.1);
        clipped(settings, GradientNormalization.ClipL2PerLayer, .05);
        var followed =
                assertAddsUp(
                        "sequences",
                        NetworkTask.sequences(settings),
                        i -> NetworkTask.sequenceBatch(DataType.DOUBLE, i, 4));
        assertEquals(
                Set.of("0_W", "0_RW", "0_b", "1_W", "1_b"), followed.get(0).updates().keySet());
    }

    @Test
    void runningStatisticsHaveShiftsOfTheirOwn() {
        MultiLayerNetwork network =
                NetworkTask.network(NetworkTask.settings(DataType.DOUBLE, new Adam(.05)));
        INDArray before = network.getParam("1_mean").dup();
        var followed = train(network, rows(DataType.DOUBLE));
        INDArray sum = before.like();
        for (var one : followed) {
            assertEquals(2, one.shifts().size());
            assertTrue(SplitAssertions.largest(one.shifts().get("1_mean")) > 1e-3);
            sum.addi(one.shifts().get("1_mean"));
        }
        INDArray moved = network.getParam("1_mean").sub(before);
        assertEquals(0, SplitAssertions.largest(moved.sub(sum)), 1e-14);
    }

    @Test
    void gradientIsTheSlopeOfTheMeanLoss() {
        ComputationGraph graph =
                NetworkTask.graph(
                        clipped(
                                NetworkTask.settings(DataType.DOUBLE, new Adam(.1)).l2(.3),
                                GradientNormalization.ClipL2PerLayer,
                                .01));
        ComputationGraph plain =
                NetworkTask.graph(NetworkTask.settings(DataType.DOUBLE, new Adam(.1)));
        var last = train(graph, rows(DataType.DOUBLE)).get(UPDATES - 1);
        DataSet batch = rows(DataType.DOUBLE).apply(UPDATES - 1);
        last.before().forEach((name, theta) -> plain.getParam(name).assign(theta));
        last.updates()
                .forEach(
                        (name, update) -> {
                            INDArray theta = plain.getParam(name);
                            for (int i = 0; i < theta.columns(); i++) {
                                double value = theta.getDouble(0, i);
                                theta.putScalar(0, i, value + 1e-5);
                                double up = plain.score(batch, true);
                                theta.putScalar(0, i, value - 1e-5);
                                double down = plain.score(batch, true);
                                theta.putScalar(0, i, value);
                                assertEquals(
                                        (up - down) / 2e-5,
                                        update.gradient().getDouble(0, i),
                                        1e-8,
                                        name);
                            }
                        });
    }

    @Test
    void trainingIsTheSameToTheLastBit() {
        for (DataType type : TYPES) {
            List<Function<NeuralNetConfiguration.Builder, Model>> kinds =
                    List.of(NetworkTask::network, NetworkTask::graph);
            for (var kind : kinds) {
                Model watched = kind.apply(decayed(NetworkTask.settings(type, new Adam(.1))));
                Model plain = kind.apply(decayed(NetworkTask.settings(type, new Adam(.1))));
                train(watched, rows(type));
                for (int i = 0; i < UPDATES; i++) {
                    NetworkTask.fit(plain, rows(type).apply(i));
                }
                assertEquals(plain.params(), watched.params());
            }
        }
    }

    @Test
    void freesTheCopiesOfTheUpdateBefore() {
        MultiLayerNetwork network =
                NetworkTask.network(NetworkTask.settings(DataType.DOUBLE, new Adam(.1)));
        var watch = NetworkUpdateWatch.of(network);
        var listener = new WatchingNetworkListener(watch);
        network.addListeners(listener);
        List<INDArray> copies = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            network.fit(rows(DataType.DOUBLE).apply(i));
            copies.addAll(watch.parametersBefore().values());
            int alive = (int) copies.stream().filter(array -> !array.wasClosed()).count();
            assertEquals(LAYERS.size(), alive);
        }
        watch.close();
        copies.forEach(array -> assertTrue(array.wasClosed()));
        ParameterUpdate update = listener.followed.get(0).updates().get("0_W");
        assertFalse(update.gradient().isAttached());
        assertFalse(update.step().isAttached());
        update.close();
        assertTrue(update.history().orElseThrow().wasClosed());
    }

    @Test
    void saysWhatIsMissing() {
        var settings = NetworkTask.settings(DataType.DOUBLE, new Adam(.1));
        MultiLayerNetwork network = NetworkTask.network(settings);
        var bare = new MultiLayerNetwork(network.getLayerWiseConfigurations().clone());
        assertMessage(
                IllegalArgumentException.class,
                "network must be initialised, call init() first",
                () -> NetworkUpdateWatch.of(bare));
        assertMessage(
                IllegalArgumentException.class,
                "optimisation algorithm must be STOCHASTIC_GRADIENT_DESCENT, got LBFGS",
                () ->
                        NetworkUpdateWatch.of(
                                NetworkTask.network(
                                        NetworkTask.settings(DataType.DOUBLE, new Adam(.1))
                                                .optimizationAlgo(OptimizationAlgorithm.LBFGS))));
        try (var watch = NetworkUpdateWatch.of(network)) {
            String first = "parameters before the update must be taken first, once an update";
            assertMessage(IllegalStateException.class, first, watch::gradients);
            assertMessage(IllegalStateException.class, first, () -> watch.after(0, 0));
            assertMessage(
                    IllegalStateException.class,
                    "parameters before the update must be taken first",
                    watch::statisticsShift);
            network.fit(rows(DataType.DOUBLE).apply(0));
            watch.before();
            assertMessage(
                    IllegalStateException.class,
                    "gradients must be taken before the update is split, got none",
                    () -> watch.after(0, 0));
            watch.gradients();
            assertMessage(
                    IllegalStateException.class,
                    "gradients must be taken once an update, got a second time",
                    watch::gradients);
        }
    }

    @Test
    void refusesAnUpdaterThatNobodyKnows() {
        MultiLayerNetwork network =
                NetworkTask.network(NetworkTask.settings(DataType.DOUBLE, new UnknownUpdater()));
        var error =
                assertThrows(IllegalArgumentException.class, () -> NetworkUpdateWatch.of(network));
        assertTrue(error.getMessage().endsWith("got " + UnknownUpdater.class.getName()));
    }

    private static void assertMessage(
            Class<? extends RuntimeException> type, String message, Runnable action) {
        assertEquals(message, assertThrows(type, action::run).getMessage());
    }
}
