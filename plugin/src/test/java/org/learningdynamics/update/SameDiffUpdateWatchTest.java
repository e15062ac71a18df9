package org.learningdynamics.update;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.learningdynamics.influence.ParameterUpdate;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class SameDiffUpdateWatchTest {
    private static final int UPDATES = 5;
    private static final List<DataType> TYPES = List.of(DataType.DOUBLE, DataType.FLOAT);

    private static List<WatchingListener.Followed> train(SameDiff graph, DataType type) {
        try (var watch = SameDiffUpdateWatch.of(graph)) {
            var listener = new WatchingListener(watch);
            graph.setListeners(listener);
            for (int i = 0; i < UPDATES; i++) {
                graph.fit(SameDiffTask.batch(type, i));
            }
            return listener.followed;
        }
    }

    private static void assertAddsUp(String what, DataType type, SameDiff graph) {
        List<WatchingListener.Followed> followed = train(graph, type);
        assertEquals(UPDATES, followed.size());
        for (var one : followed) {
            assertEquals(Set.of("w0", "b0", "w1"), one.updates().keySet());
            one.updates()
                    .forEach(
                            (name, update) ->
                                    SplitAssertions.assertAddsUp(
                                            what + " " + name, update, one.before().get(name)));
        }
    }

    private static Stream<DynamicTest> each(
            Map<String, IUpdater> updaters, List<Regularization> kinds) {
        return TYPES.stream()
                .flatMap(
                        type ->
                                updaters.keySet().stream()
                                        .map(
                                                name ->
                                                        test(
                                                                name + " " + type,
                                                                type,
                                                                updaters.get(name),
                                                                kinds)));
    }

    private static DynamicTest test(
            String name, DataType type, IUpdater updater, List<Regularization> kinds) {
        return DynamicTest.dynamicTest(
                name, () -> assertAddsUp(name, type, SameDiffTask.graph(type, updater, kinds)));
    }

    @TestFactory
    Stream<DynamicTest> partsOfEveryUpdaterAddUpToTheStep() {
        return each(Updaters.all(), List.of());
    }

    @TestFactory
    Stream<DynamicTest> ratesAreThoseOfTheSchedule() {
        return each(Updaters.scheduled(), List.of());
    }

    @TestFactory
    Stream<DynamicTest> regularisationIsDecay() {
        return each(
                Updaters.scheduled(),
                List.of(
                        new L1Regularization(.02),
                        new L2Regularization(fading()),
                        new WeightDecay(.03, true),
                        new WeightDecay(.01, false)));
    }

    private static ISchedule fading() {
        return new ExponentialSchedule(ScheduleType.ITERATION, .1, .9);
    }

    @Test
    void decayIsWhatRegularisationAloneTakesAway() {
        SameDiff graph =
                SameDiffTask.graph(
                        DataType.DOUBLE,
                        new Sgd(.5),
                        List.of(new L2Regularization(.2), new WeightDecay(.1, true)));
        for (var one : train(graph, DataType.DOUBLE)) {
            INDArray expected = one.before().get("w0").mul(.5 * .2 + .5 * .1);
            INDArray decay = one.updates().get("w0").decay().orElseThrow();
            assertEquals(0, SplitAssertions.largest(decay.sub(expected)), 1e-15);
        }
    }

    @Test
    void onlyOptimisersThatRememberDirectionsHaveHistory() {
        Map<String, Boolean> found = new HashMap<>();
        Updaters.all()
                .forEach(
                        (name, updater) -> {
                            SameDiff graph =
                                    SameDiffTask.graph(DataType.DOUBLE, updater, List.of());
                            ParameterUpdate last =
                                    train(graph, DataType.DOUBLE)
                                            .get(UPDATES - 1)
                                            .updates()
                                            .get("w1");
                            found.put(
                                    name,
                                    last.history().map(SplitAssertions::largest).orElse(0.) > 1e-3);
                            assertTrue(last.decay().isEmpty(), name);
                        });
        Set<String> without = Set.of("Sgd", "NoOp", "RmsProp", "AdaGrad", "AdaDelta");
        found.forEach((name, has) -> assertEquals(!without.contains(name), has, name));
    }

    @Test
    void gradientIsTheSlopeOfTheBatchsLoss() {
        SameDiff graph =
                SameDiffTask.graph(
                        DataType.DOUBLE, new Adam(.1), List.of(new L2Regularization(.5)));
        DataSet batch = SameDiffTask.batch(DataType.DOUBLE, UPDATES - 1);
        Map<String, INDArray> features = Map.of("x", batch.getFeatures(), "y", batch.getLabels());
        var last = train(graph, DataType.DOUBLE).get(UPDATES - 1);
        last.before().forEach((name, theta) -> graph.getVariable(name).getArr().assign(theta));
        last.before()
                .forEach(
                        (name, theta) -> {
                            INDArray values = graph.getVariable(name).getArr();
                            INDArray gradient = last.updates().get(name).gradient();
                            for (int i = 0; i < values.length(); i++) {
                                long[] at = Shape.ind2subC(values.shape(), i);
                                double value = values.getDouble(at);
                                double up = lossAt(graph, features, values, at, value + 1e-5);
                                double down = lossAt(graph, features, values, at, value - 1e-5);
                                values.putScalar(at, value);
                                assertEquals(
                                        (up - down) / 2e-5, gradient.getDouble(at), 1e-8, name);
                            }
                        });
    }

    private static double lossAt(
            SameDiff graph,
            Map<String, INDArray> inputs,
            INDArray values,
            long[] at,
            double value) {
        values.putScalar(at, value);
        return graph.outputSingle(inputs, "loss").getDouble(0);
    }

    @Test
    void ascentTurnsEverySign() {
        SameDiff graph =
                SameDiffTask.graph(
                        DataType.DOUBLE, new Adam(.02), List.of(new L2Regularization(.1)));
        TrainingConfig descent = graph.getTrainingConfig();
        graph.setTrainingConfig(
                TrainingConfig.builder()
                        .updater(descent.getUpdater())
                        .regularization(descent.getRegularization())
                        .minimize(false)
                        .dataSetFeatureMapping("x")
                        .dataSetLabelMapping("y")
                        .build());
        assertAddsUp("ascent", DataType.DOUBLE, graph);
    }

    @Test
    void trainingIsTheSameToTheLastBit() {
        for (DataType type : TYPES) {
            SameDiff watched = SameDiffTask.graph(type, new Adam(.1), List.of(fadingL2()));
            SameDiff plain = SameDiffTask.graph(type, new Adam(.1), List.of(fadingL2()));
            train(watched, type);
            for (int i = 0; i < UPDATES; i++) {
                plain.fit(SameDiffTask.batch(type, i));
            }
            for (String name : List.of("w0", "b0", "w1", "unused")) {
                assertEquals(
                        plain.getVariable(name).getArr(), watched.getVariable(name).getArr(), name);
            }
        }
    }

    private static Regularization fadingL2() {
        return new L2Regularization(fading());
    }

    @Test
    void freesTheCopiesOfTheUpdateBefore() {
        SameDiff graph = SameDiffTask.graph(DataType.DOUBLE, new Adam(.1), List.of());
        var watch = SameDiffUpdateWatch.of(graph);
        var listener = new WatchingListener(watch);
        graph.setListeners(listener);
        graph.fit(SameDiffTask.batch(DataType.DOUBLE, 0));
        List<INDArray> first = List.copyOf(watch.parametersBefore().values());
        first.forEach(array -> assertFalse(array.wasClosed()));
        graph.fit(SameDiffTask.batch(DataType.DOUBLE, 1));
        first.forEach(array -> assertTrue(array.wasClosed()));
        List<INDArray> second = List.copyOf(watch.parametersBefore().values());
        watch.close();
        second.forEach(array -> assertTrue(array.wasClosed()));
        ParameterUpdate update = listener.followed.get(0).updates().get("w0");
        assertFalse(update.gradient().wasClosed(), "what was handed over stays");
        update.close();
        assertTrue(update.step().wasClosed());
        assertTrue(update.history().orElseThrow().wasClosed());
    }

    @Test
    void refusesAnUpdaterThatNobodyKnows() {
        SameDiff graph = SameDiffTask.graph(DataType.DOUBLE, new UnknownUpdater(), List.of());
        var error =
                assertThrows(IllegalArgumentException.class, () -> SameDiffUpdateWatch.of(graph));
        assertEquals(
                "updater must be one of [AMSGrad, AdaBelief, AdaDelta, AdaGrad, AdaMax, Adam,"
                        + " Nadam, Nesterovs, NoOp, RmsProp, Sgd] or implement"
                        + " org.learningdynamics.update.SplittableUpdater, got "
                        + UnknownUpdater.class.getName(),
                error.getMessage());
    }

    @Test
    void saysWhatIsMissing() {
        SameDiff bare = SameDiff.create();
        assertMessage(
                IllegalArgumentException.class,
                "graph must have a training configuration, got none",
                () -> SameDiffUpdateWatch.of(bare));
        SameDiff graph = SameDiffTask.graph(DataType.DOUBLE, new Adam(.1), List.of());
        try (var watch = SameDiffUpdateWatch.of(graph)) {
            assertMessage(
                    IllegalStateException.class,
                    "parameters must be taken while the graph trains, got no gradient graph",
                    watch::before);
            graph.fit(SameDiffTask.batch(DataType.DOUBLE, 0));
            assertMessage(
                    IllegalStateException.class,
                    "parameters before the update must be taken first, once an update",
                    () -> watch.after(0, 0));
            watch.before();
            INDArray raw = graph.getVariable("w0").getArr();
            assertMessage(
                    IllegalArgumentException.class,
                    "parameter must be one of [b0, w0, w1], got x",
                    () -> watch.gradient("x", raw));
            watch.gradient("w0", raw);
            assertMessage(
                    IllegalStateException.class,
                    "gradient of w0 must be taken once an update, got a second",
                    () -> watch.gradient("w0", raw));
            assertMessage(
                    IllegalStateException.class,
                    "gradient of b0 must be taken before the update is split",
                    () -> watch.after(0, 0));
        }
    }

    private static void assertMessage(
            Class<? extends RuntimeException> type, String message, Runnable action) {
        assertEquals(message, assertThrows(type, action::run).getMessage());
    }
}
