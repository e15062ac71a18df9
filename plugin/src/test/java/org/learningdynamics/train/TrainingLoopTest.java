package org.learningdynamics.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.learningdynamics.listener.UpdateClipping;
import org.learningdynamics.listener.UpdateListener;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.BaseListener;
import org.nd4j.autodiff.listeners.Listener;
import org.nd4j.autodiff.listeners.ListenerResponse;
import org.nd4j.autodiff.listeners.ListenerVariables;
import org.nd4j.autodiff.listeners.Loss;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.listeners.records.History;
import org.nd4j.autodiff.listeners.records.LossCurve;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.autodiff.samediff.internal.Variable;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.dataset.adapter.SingletonMultiDataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;

class TrainingLoopTest {
    private static final int FEATURES = 5;
    private static final int CLASSES = 3;
    private static final int BATCH = 6;
    private static final int BATCHES = 3;

    private static INDArray random(DataType type, long seed, long... shape) {
        int length = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        double[] values = new Random(seed).doubles(length, -1, 1).toArray();
        return Nd4j.createFromArray(values).reshape(shape).castTo(type);
    }

    private static SameDiff graph(IUpdater updater, DataType type) {
        SameDiff sd = SameDiff.create();
        SDVariable x = sd.placeHolder("x", type, -1, FEATURES);
        SDVariable y = sd.placeHolder("y", type, -1, CLASSES);
        SDVariable w0 = sd.var("w0", random(type, 1, FEATURES, 6));
        SDVariable b0 = sd.var("b0", random(type, 2, 6));
        SDVariable gain = sd.var("gain", random(type, 4, 6));
        SDVariable w1 = sd.var("w1", random(type, 3, 6, CLASSES));
        SDVariable hidden = sd.math().tanh(x.mmul(w0).add(b0)).mul(gain);
        SDVariable logits = hidden.mmul(w1).rename("logits");
        logits.mul(logits).sum().rename("aside");
        sd.setLossVariables(sd.nn().logSoftmax(logits).mul(y).sum(1).neg().mean().rename("loss"));
        sd.setTrainingConfig(configuration(updater).build());
        return sd;
    }

    private static TrainingConfig.Builder configuration(IUpdater updater) {
        return TrainingConfig.builder()
                .updater(updater)
                .dataSetFeatureMapping("x")
                .dataSetLabelMapping("y");
    }

    private static MultiDataSetIterator batches(DataType type) {
        List<org.nd4j.linalg.dataset.api.MultiDataSet> all = new ArrayList<>();
        for (int i = 0; i < BATCHES; i++) {
            INDArray classes = Nd4j.create(type, BATCH, CLASSES);
            Random random = new Random(20 + i);
            for (int row = 0; row < BATCH; row++) {
                classes.putScalar(row, random.nextInt(CLASSES), 1);
            }
            all.add(new MultiDataSet(random(type, 10 + i, BATCH, FEATURES), classes));
        }
        return new ListBatches(all);
    }

    private static Map<String, double[]> state(SameDiff graph) {
        Map<String, double[]> all = new HashMap<>();
        for (String name : List.of("w0", "b0", "gain", "w1")) {
            all.put(name, values(graph.getVariable(name).getArr()));
            ParameterSteps.updaters(graph)
                    .get(name)
                    .getState()
                    .forEach((key, array) -> all.put(name + key, values(array)));
        }
        return all;
    }

    private static double[] values(INDArray array) {
        return array.dup('c').data().asDouble();
    }

    private static void assertSame(Map<String, double[]> expected, Map<String, double[]> actual) {
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((name, values) -> assertArrayEquals(values, actual.get(name), name));
    }

    static Stream<IUpdater> updaters() {
        return Stream.of(new Sgd(0.1), new Adam(0.05), new RmsProp(0.01), new Nesterovs(0.05, 0.9));
    }

    @ParameterizedTest
    @MethodSource("updaters")
    void leavesTheParametersAndUpdaterStatesOfFitBitByBit(IUpdater updater) {
        for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
            SameDiff fitted = graph(updater, type);
            fitted.fit(batches(type), 3);
            SameDiff looped = graph(updater, type);
            try (TrainingLoop loop = TrainingLoop.builder(looped).build()) {
                loop.fit(batches(type), 2);
                loop.fit(batches(type), 1);
            }
            assertSame(state(fitted), state(looped));
            assertEquals(9, looped.getTrainingConfig().getIterationCount());
            assertEquals(3, looped.getTrainingConfig().getEpochCount());
        }
    }

    @Test
    void regularisesAsFitDoes() {
        for (var kind : List.of(new L2Regularization(0.1), new WeightDecay(0.1, true))) {
            List<Map<String, double[]>> states = new ArrayList<>();
            for (boolean ours : List.of(false, true)) {
                SameDiff graph = graph(new Adam(0.05), DataType.DOUBLE);
                graph.setTrainingConfig(configuration(new Adam(0.05)).regularization(kind).build());
                if (ours) {
                    fit(TrainingLoop.builder(graph), DataType.DOUBLE, 2);
                } else {
                    graph.fit(batches(DataType.DOUBLE), 2);
                }
                states.add(state(graph));
            }
            assertSame(states.get(0), states.get(1));
        }
    }

    private static History fit(
            TrainingLoop.Builder builder, DataType type, int epochs, Listener... listeners) {
        try (TrainingLoop loop = builder.build()) {
            return loop.fit(batches(type), epochs, listeners);
        }
    }

    @Test
    void goesOnWhereFitStopped() {
        SameDiff fitted = graph(new Adam(0.05), DataType.DOUBLE);
        fitted.fit(batches(DataType.DOUBLE), 2);
        SameDiff mixed = graph(new Adam(0.05), DataType.DOUBLE);
        mixed.fit(batches(DataType.DOUBLE), 1);
        fit(TrainingLoop.builder(mixed), DataType.DOUBLE, 1);
        assertSame(state(fitted), state(mixed));
    }

    @ParameterizedTest
    @MethodSource("updaters")
    void microBatchesMakeTheUpdateOfTheWholeBatch(IUpdater updater) {
        SameDiff whole = graph(updater, DataType.DOUBLE);
        fit(TrainingLoop.builder(whole), DataType.DOUBLE, 2);
        for (int parts : List.of(2, 4, 6, 9)) {
            SameDiff split = graph(updater, DataType.DOUBLE);
            fit(
                    TrainingLoop.builder(split).split(BatchSplit.byExamples(parts)),
                    DataType.DOUBLE,
                    2);
            Map<String, double[]> expected = state(whole);
            state(split)
                    .forEach(
                            (name, values) ->
                                    assertArrayEquals(expected.get(name), values, 1e-12, name));
        }
    }

    @Test
    void clippingScalesAllGradientsByTheirCommonNorm() {
        DataType type = DataType.DOUBLE;
        SameDiff graph = graph(new Sgd(1), type);
        MultiDataSetIterator data = batches(type);
        var batch = data.next();
        Map<String, INDArray> given = Map.of("x", batch.getFeatures(0), "y", batch.getLabels(0));
        Map<String, INDArray> gradients =
                graph(new Sgd(1), type).calculateGradients(given, "w0", "b0", "gain", "w1");
        double squares =
                gradients.values().stream()
                        .mapToDouble(g -> Math.pow(g.norm2Number().doubleValue(), 2))
                        .sum();
        double factor = 0.01 / (Math.sqrt(squares) + 1e-6);
        assertTrue(factor < 1);
        Map<String, INDArray> expected = new HashMap<>();
        gradients.forEach(
                (name, g) ->
                        expected.put(name, graph.getVariable(name).getArr().sub(g.mul(factor))));
        try (TrainingLoop loop = TrainingLoop.builder(graph).maxGradientNorm(0.01).build()) {
            loop.fit(new SingletonMultiDataSetIterator(batch), 1);
        }
        expected.forEach(
                (name, array) ->
                        assertArrayEquals(
                                values(array),
                                values(graph.getVariable(name).getArr()),
                                1e-14,
                                name));
    }

    @Test
    void aNormThatIsNotReachedChangesNothing() {
        SameDiff free = graph(new Adam(0.05), DataType.FLOAT);
        fit(TrainingLoop.builder(free), DataType.FLOAT, 2);
        SameDiff bounded = graph(new Adam(0.05), DataType.FLOAT);
        fit(TrainingLoop.builder(bounded).maxGradientNorm(1e6), DataType.FLOAT, 2);
        assertSame(state(free), state(bounded));
    }

    @Test
    void aGradientThatIsNotFiniteIsNotSkipped() {
        SameDiff graph = graph(new Sgd(1), DataType.DOUBLE);
        graph.getVariable("w1").getArr().putScalar(0, Double.NaN);
        Followed followed = new Followed();
        fit(TrainingLoop.builder(graph).maxGradientNorm(1), DataType.DOUBLE, 1, followed);
        assertTrue(Double.isNaN(followed.clippings.get(0).norm()));
        assertTrue(Double.isNaN(graph.getVariable("b0").getArr().getDouble(0)));
    }

    @Test
    void callsListenersInTheOrderOfFit() {
        List<String> fitted = new ArrayList<>();
        SameDiff one = graph(new Adam(0.05), DataType.DOUBLE);
        one.setListeners(new Recorded("own", one, fitted));
        withLoss(one).fit(batches(DataType.DOUBLE), 2, new Recorded("given", one, fitted));
        List<String> looped = new ArrayList<>();
        SameDiff other = graph(new Adam(0.05), DataType.DOUBLE);
        other.setListeners(new Recorded("own", other, looped));
        fit(
                TrainingLoop.builder(withLoss(other)),
                DataType.DOUBLE,
                2,
                new Recorded("given", other, looped));
        assertTrue(looped.size() > 100);
        assertEquals(fitted, looped);
    }

    /** Lets fit compute the loss, which is off the gradients' path. */
    private static SameDiff withLoss(SameDiff graph) {
        graph.getTrainingConfig().setTrainEvaluations(new HashMap<>(Map.of("loss", List.of())));
        graph.getTrainingConfig().setTrainEvaluationLabels(new HashMap<>(Map.of("loss", 0)));
        return graph;
    }

    @Test
    void stopsAtTheEndOfAnEpochWhenAListenerSaysSo() {
        for (boolean ours : List.of(false, true)) {
            SameDiff graph = graph(new Adam(0.05), DataType.DOUBLE);
            List<String> calls = new ArrayList<>();
            Recorded recorded =
                    new Recorded("stop", graph, calls) {
                        @Override
                        public ListenerResponse epochEnd(
                                SameDiff sd, At at, LossCurve losses, long millis) {
                            super.epochEnd(sd, at, losses, millis);
                            return at.epoch() == 1
                                    ? ListenerResponse.STOP
                                    : ListenerResponse.CONTINUE;
                        }
                    };
            if (ours) {
                fit(TrainingLoop.builder(graph), DataType.DOUBLE, 5, recorded);
            } else {
                graph.fit(batches(DataType.DOUBLE), 5, recorded);
            }
            assertEquals(2 * BATCHES, graph.getTrainingConfig().getIterationCount());
            assertEquals(2, graph.getTrainingConfig().getEpochCount());
            assertEquals("stop operationEnd outer", calls.get(calls.size() - 1));
        }
    }

    @Test
    void reportsTrueLossesAndEvaluations() {
        SameDiff graph = graph(new Adam(0.05), DataType.DOUBLE);
        var config = configuration(new Adam(0.05)).trainEvaluation("logits", 0, new Evaluation());
        graph.setTrainingConfig(config.build());
        List<Double> losses = new ArrayList<>();
        History history =
                fit(
                        TrainingLoop.builder(graph),
                        DataType.DOUBLE,
                        2,
                        new BaseListener() {
                            @Override
                            public boolean isActive(Operation operation) {
                                return true;
                            }

                            @Override
                            public void iterationDone(
                                    SameDiff sd,
                                    At at,
                                    org.nd4j.linalg.dataset.api.MultiDataSet batch,
                                    Loss loss) {
                                losses.add(loss.totalLoss());
                            }
                        });
        SameDiff untrained = graph(new Adam(0.05), DataType.DOUBLE);
        var batch = batches(DataType.DOUBLE).next();
        double first =
                untrained
                        .output(Map.of("x", batch.getFeatures(0), "y", batch.getLabels(0)), "loss")
                        .get("loss")
                        .getDouble(0);
        assertEquals(first, losses.get(0), 1e-14);
        double mean = losses.subList(3, 6).stream().mapToDouble(l -> l).average().orElseThrow();
        assertEquals(mean, history.lossCurve().lastMeanLoss().totalLoss(), 1e-6);
        assertTrue(history.trainingEval(Evaluation.Metric.ACCURACY).get(1) > 0);
    }

    @Test
    void computesWhatAListenerRequires() {
        SameDiff graph = graph(new Adam(0.05), DataType.DOUBLE);
        List<Double> values = new ArrayList<>();
        Listener reader =
                new BaseListener() {
                    @Override
                    public boolean isActive(Operation operation) {
                        return true;
                    }

                    @Override
                    public ListenerVariables requiredVariables(SameDiff sd) {
                        return ListenerVariables.builder().trainingVariables("aside").build();
                    }

                    @Override
                    public void activationAvailable(
                            SameDiff sd,
                            At at,
                            org.nd4j.linalg.dataset.api.MultiDataSet batch,
                            SameDiffOp op,
                            String name,
                            INDArray activation) {
                        if (name.equals("aside")) {
                            values.add(activation.getDouble(0));
                        }
                    }
                };
        fit(TrainingLoop.builder(graph), DataType.DOUBLE, 1, reader);
        assertEquals(BATCHES, values.size());
        assertTrue(values.stream().allMatch(v -> v > 0));
    }

    @Test
    void anUpdateThatFailedLeavesNothingForTheNext() {
        SameDiff graph = graph(new Sgd(0.1), DataType.DOUBLE);
        SameDiff other = graph(new Sgd(0.1), DataType.DOUBLE);
        fit(TrainingLoop.builder(other).maxGradientNorm(1), DataType.DOUBLE, 1);
        Listener failing =
                new BaseListener() {
                    @Override
                    public boolean isActive(Operation operation) {
                        return true;
                    }

                    @Override
                    public void preUpdate(SameDiff sd, At at, Variable v, INDArray update) {
                        throw new IllegalStateException("before the first step");
                    }
                };
        try (TrainingLoop loop = TrainingLoop.builder(graph).maxGradientNorm(1).build()) {
            assertThrows(
                    IllegalStateException.class,
                    () -> loop.fit(batches(DataType.DOUBLE), 1, failing));
            loop.fit(batches(DataType.DOUBLE), 1);
        }
        assertSame(state(other), state(graph));
    }

    @Test
    void tellsFollowersOfMicroBatchesAndClipping() {
        SameDiff graph = graph(new Sgd(0.1), DataType.DOUBLE);
        Followed followed = new Followed();
        fit(
                TrainingLoop.builder(graph).split(BatchSplit.byExamples(4)).maxGradientNorm(0.01),
                DataType.DOUBLE,
                1,
                followed);
        assertEquals(4 * BATCHES, followed.parts.size());
        assertArrayEquals(new int[] {1, 2}, followed.parts.get(1).rows());
        assertEquals(2 / 6., followed.parts.get(1).weight());
        assertEquals(BATCHES, followed.clippings.size());
        UpdateClipping clipping = followed.clippings.get(0);
        assertEquals(0.01 / (clipping.norm() + 1e-6), clipping.factor(), 1e-15);
    }

    @Test
    void plainUpdatesHaveNoFollowers() {
        SameDiff graph = graph(new Sgd(0.1), DataType.DOUBLE);
        Followed followed = new Followed();
        fit(TrainingLoop.builder(graph), DataType.DOUBLE, 1, followed);
        assertTrue(followed.parts.isEmpty());
        assertTrue(followed.clippings.isEmpty());
    }

    @Test
    void aParameterThatIsStillToBeReadIsUpdatedLater() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, -1, 2);
        SDVariable y = graph.placeHolder("y", DataType.DOUBLE, -1, 1);
        SDVariable w = graph.var("w", random(DataType.DOUBLE, 1, 2, 1));
        SDVariable before = graph.var("before", random(DataType.DOUBLE, 2, 2, 2));
        SDVariable out = x.mmul(before).mmul(w);
        SDVariable off = out.sub(y);
        graph.setLossVariables(off.mul(off).mean().add(w.mul(w).sum()).rename("loss"));
        graph.setTrainingConfig(configuration(new Sgd(0.5)).build());
        MultiDataSet batch =
                new MultiDataSet(
                        random(DataType.DOUBLE, 5, 4, 2), random(DataType.DOUBLE, 6, 4, 1));
        Map<String, INDArray> gradients =
                graph.dup()
                        .calculateGradients(
                                Map.of("x", batch.getFeatures(0), "y", batch.getLabels(0)),
                                "w",
                                "before");
        INDArray expected = before.getArr().sub(gradients.get("before").mul(0.5));
        try (TrainingLoop loop = TrainingLoop.builder(graph).build()) {
            loop.fit(new SingletonMultiDataSetIterator(batch), 1);
        }
        assertArrayEquals(values(expected), values(before.getArr()), 1e-14);
    }

    @Test
    void refusesWhatItCannotTrain() {
        SameDiff graph = graph(new Sgd(0.1), DataType.DOUBLE);
        TrainingLoop.Builder builder = TrainingLoop.builder(graph);
        assertMessage("maxGradientNorm must be > 0, got 0.0", () -> builder.maxGradientNorm(0));
        assertMessage("parts must be >= 1, got 0", () -> BatchSplit.byExamples(0));
        assertMessage("epochs must be >= 1, got 0", () -> fit(builder, DataType.DOUBLE, 0));
        assertMessage(
                "graph must have a training configuration, got none",
                () -> TrainingLoop.builder(SameDiff.create()).build());
        graph.getTrainingConfig().setDataSetLabelMapping(List.of());
        assertFalse(graph.isInitializedTraining());
        Exception none =
                assertThrows(IllegalStateException.class, () -> fit(builder, DataType.DOUBLE, 1));
        assertEquals(
                "a batch must have the 0 label arrays of the training configuration, got 1",
                none.getMessage());
    }

    private static void assertMessage(String message, Runnable task) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, task::run).getMessage());
    }

    /** Remembers what an update is made of. */
    private static final class Followed extends BaseListener implements UpdateListener {
        private final List<MicroBatch> parts = new ArrayList<>();
        private final List<UpdateClipping> clippings = new ArrayList<>();

        @Override
        public boolean isActive(Operation operation) {
            return true;
        }

        @Override
        public void microBatchStart(SameDiff gradients, At at, MicroBatch part) {
            parts.add(part);
        }

        @Override
        public void gradientsAvailable(
                SameDiff gradients,
                At at,
                Map<String, INDArray> byParameter,
                UpdateClipping clipping) {
            assertEquals(4, byParameter.size());
            clippings.add(clipping);
        }
    }

    /** Writes every call down with all that can be compared. */
    private static class Recorded extends BaseListener {
        private final String name;
        private final SameDiff graph;
        private final List<String> calls;

        Recorded(String name, SameDiff graph, List<String> calls) {
            this.name = name;
            this.graph = graph;
            this.calls = calls;
        }

        @SuppressWarnings("ReferenceEquality") // equals compares whole graphs
        private void add(String call, SameDiff caller, Object... arguments) {
            String of = caller == graph ? " outer " : " grad ";
            calls.add((name + " " + call + of + Arrays.deepToString(arguments)).replace(" []", ""));
        }

        private static String words(At at) {
            return at.epoch() + "/" + at.iteration() + "/" + at.operation();
        }

        @Override
        public boolean isActive(Operation operation) {
            return true;
        }

        @Override
        public void operationStart(SameDiff sd, Operation op) {
            add("operationStart", sd);
        }

        @Override
        public void operationEnd(SameDiff sd, Operation op) {
            add("operationEnd", sd);
        }

        @Override
        public void epochStart(SameDiff sd, At at) {
            add("epochStart", sd, words(at));
        }

        @Override
        public ListenerResponse epochEnd(SameDiff sd, At at, LossCurve losses, long millis) {
            add("epochEnd", sd, words(at), losses.lastMeanLoss().lossValues());
            return ListenerResponse.CONTINUE;
        }

        @Override
        public void iterationStart(
                SameDiff sd, At at, org.nd4j.linalg.dataset.api.MultiDataSet data, long millis) {
            add("iterationStart", sd, words(at), values(data.getFeatures(0)));
        }

        @Override
        public void iterationDone(
                SameDiff sd, At at, org.nd4j.linalg.dataset.api.MultiDataSet data, Loss loss) {
            add("iterationDone", sd, words(at), values(data.getLabels(0)), loss.lossValues());
        }

        @Override
        public void preOpExecution(SameDiff sd, At at, SameDiffOp op, OpContext context) {
            add("preOpExecution", sd, words(at), op.getName());
        }

        @Override
        public void opExecution(
                SameDiff sd,
                At at,
                org.nd4j.linalg.dataset.api.MultiDataSet batch,
                SameDiffOp op,
                OpContext context,
                INDArray[] outputs) {
            add("opExecution", sd, words(at), op.getName(), outputs.length);
        }

        @Override
        public void activationAvailable(
                SameDiff sd,
                At at,
                org.nd4j.linalg.dataset.api.MultiDataSet batch,
                SameDiffOp op,
                String variable,
                INDArray activation) {
            add("activationAvailable", sd, words(at), variable, values(activation));
        }

        @Override
        public void preUpdate(SameDiff sd, At at, Variable v, INDArray update) {
            add("preUpdate", sd, words(at), v.getName(), values(update));
        }
    }
}
