package org.learningdynamics.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.learningdynamics.listener.InfluenceOptions;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.listener.UpdateClipping;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.recording.Metric;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.ShiftRow;
import org.nd4j.linalg.api.buffer.DataType;

/** Runs whose updates are made of several passes, or clipped. */
class AccumulationTest {
    private static final Set<TrainingMethod> COUPLED =
            Set.of(
                    TrainingMethod.AOT,
                    TrainingMethod.AOT_UNPAIRED,
                    TrainingMethod.KTO,
                    TrainingMethod.CPO,
                    TrainingMethod.ORPO);

    @TempDir Path directory;

    private static TrainingOptions.Builder options(String method) {
        return TrainingOptions.builder(method)
                .updates(4)
                .batchSize(5)
                .learningRate(0.01)
                .optimizer(Optimizer.ADAMW)
                .weightDecay(0.1);
    }

    private record Trained(double[] losses, Map<String, double[]> parameters) {
        static Trained by(TrainingOptions options) {
            DecoderModel model = TinyTask.model(DataType.DOUBLE);
            TrainingResult result =
                    TrainingRun.builder(model, TinyTask.data(options.method()), options)
                            .build()
                            .run();
            assertEquals(List.of(), result.events());
            Map<String, double[]> parameters = new HashMap<>();
            model.parameters()
                    .forEach((name, array) -> parameters.put(name, array.ravel().toDoubleVector()));
            return new Trained(result.losses(), parameters);
        }
    }

    private static void assertSame(Trained expected, Trained actual, double tolerance) {
        assertArrayEquals(expected.losses(), actual.losses(), tolerance);
        expected.parameters()
                .forEach(
                        (name, values) ->
                                assertArrayEquals(
                                        values, actual.parameters().get(name), tolerance, name));
    }

    /** Ten pairs in batches of five, cut into parts of one and two pairs. */
    @ParameterizedTest
    @EnumSource(TrainingMethod.class)
    void microBatchesMakeTheUpdatesOfTheWholeBatchOrAreRefused(TrainingMethod method) {
        TrainingOptions.Builder cut = options(method.label()).microBatches(3);
        if (COUPLED.contains(method)) {
            String message = assertThrows(IllegalArgumentException.class, cut::build).getMessage();
            String start = "microBatches must be 1 with loss " + method.label() + ", which ";
            assertTrue(message.startsWith(start), message);
        } else {
            assertSame(Trained.by(options(method.label()).build()), Trained.by(cut.build()), 1e-9);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dpo+0.2*hinge", "dpo+0.5*sft-sum"})
    void soDoThoseOfSums(String composition) {
        assertSame(
                Trained.by(options(composition).build()),
                Trained.by(options(composition).microBatches(5).build()),
                1e-9);
    }

    @Test
    void aSumOfDifferentMeansIsRefused() {
        assertEquals(
                "microBatches must be 1 with loss dpo+0.2*sft, which adds a mean over tokens to one"
                        + " over examples",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> options("dpo+0.2*sft").microBatches(2).build())
                        .getMessage());
    }

    @Test
    void clippingActsOnTheWholeUpdate() {
        TrainingOptions whole = options("dpo").maxGradientNorm(0.05).build();
        TrainingOptions cut = options("dpo").maxGradientNorm(0.05).microBatches(2).build();
        Trained clipped = Trained.by(whole);
        assertSame(clipped, Trained.by(cut), 1e-9);
        double[] free = Trained.by(options("dpo").build()).losses();
        assertEquals(free[0], clipped.losses()[0]);
        assertTrue(Math.abs(free[3] - clipped.losses()[3]) > 1e-9);
    }

    private RunFileReader record(TrainingOptions options, String name) {
        Path file = directory.resolve(name + ".ldyn");
        TrainingRun.builder(
                        TinyTask.model(DataType.DOUBLE), TinyTask.data(options.method()), options)
                .recording(
                        RunRecording.of(file, TinyTask.probes(), Schedule.every(1))
                                .withInfluence(InfluenceOptions.defaults()))
                .build()
                .run();
        return RunFileReader.open(file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dpo", "sft", "bco"})
    void influencesAddUpToThePredictionUnderAccumulationAndClipping(String method) {
        TrainingOptions whole = options(method).maxGradientNorm(0.5).build();
        TrainingOptions cut = options(method).maxGradientNorm(0.5).microBatches(2).build();
        RunFileReader one = record(whole, "whole");
        RunFileReader parts = record(cut, "parts");
        assertEquals(List.of(), parts.events());
        List<ShiftRow> expected = one.interactions().shifts(RowFilter.ALL);
        List<ShiftRow> shifts = parts.interactions().shifts(RowFilter.ALL);
        double size = shifts.stream().mapToDouble(s -> Math.abs(s.predicted())).max().orElse(0);
        assertTrue(size > 1e-6, "something must move: " + size);
        assertEquals(expected.size(), shifts.size());
        for (int i = 0; i < shifts.size(); i++) {
            ShiftRow shift = shifts.get(i);
            double sum = shift.fromBatch() + shift.fromHistory() + shift.fromDecay();
            assertEquals(shift.predicted(), sum, 1e-10 * size, shift.toString());
            assertEquals(0, shift.unattributed(), 1e-10 * size, shift.toString());
            assertEquals(expected.get(i).fromBatch(), shift.fromBatch(), 1e-7 * size);
        }
    }

    @Test
    void theNormBeforeClippingIsRecordedForEveryUpdate() {
        RunFileReader file = record(options("dpo").maxGradientNorm(1e-3).build(), "clipped");
        List<Metric> norms = file.metrics(UpdateClipping.NORM_METRIC);
        assertEquals(4, norms.size());
        assertTrue(norms.get(0).value() > 1e-3);
        assertEquals(norms.get(0).value(), file.steps().get(1).gradNorm(), 1e-12);
    }

    @Test
    void provenanceTellsHowAnUpdateIsMade() {
        TrainingOptions options = options("dpo").maxGradientNorm(10).microBatches(2).build();
        Map<String, String> all = options.describe();
        assertEquals("2", all.get("micro_batches"));
        assertEquals("10.0", all.get("max_gradient_norm"));
        assertEquals("0.1", all.get("weight_decay"));
        assertEquals(
                "none", TrainingOptions.builder("dpo").build().describe().get("max_gradient_norm"));
    }

    @Test
    void refusesWhatCannotBe() {
        assertMessage("microBatches must be > 0, got 0", options("dpo").microBatches(0));
        assertMessage(
                "microBatches must be at most batchSize = 5, got 6",
                options("dpo").microBatches(6));
        assertMessage("maxGradientNorm must be > 0, got -1.0", options("dpo").maxGradientNorm(-1));
        assertMessage(
                "weightDecay must be 0 but with optimizer adamw, got 0.1",
                options("dpo").optimizer(Optimizer.TORCH_RMSPROP));
        assertMessage(
                "weightDecay must be finite and >= 0, got NaN",
                options("dpo").weightDecay(Double.NaN));
    }

    private static void assertMessage(String message, TrainingOptions.Builder builder) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, builder::build).getMessage());
    }
}
