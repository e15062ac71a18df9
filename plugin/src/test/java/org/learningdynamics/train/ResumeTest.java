package org.learningdynamics.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.learningdynamics.data.DataException;
import org.learningdynamics.listener.DistributionOptions;
import org.learningdynamics.listener.InfluenceOptions;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.StepRow;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.BaseListener;
import org.nd4j.autodiff.listeners.Loss;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Runs of eight updates in epochs of three that stop somewhere and go on. */
class ResumeTest {
    private static final int UPDATES = 8;

    @TempDir Path directory;
    private Path states;

    @BeforeEach
    void makeDirectory() throws IOException {
        states = Files.createDirectory(directory.resolve("states"));
    }

    /** The end of a process, as far as a test can have it. */
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final class StopAfter extends BaseListener {
        private final int updates;
        private int done;

        StopAfter(int updates) {
            this.updates = updates;
        }

        @Override
        public boolean isActive(Operation operation) {
            return true;
        }

        @Override
        public void iterationStart(SameDiff sd, At at, MultiDataSet data, long millis) {
            if (done++ == updates) {
                throw new Stopped();
            }
        }

        @Override
        public void iterationDone(SameDiff sd, At at, MultiDataSet batch, Loss loss) {
            // counted at the start
        }
    }

    private static TrainingOptions.Builder options(String method) {
        return TrainingOptions.builder(method)
                .updates(UPDATES)
                .batchSize(4)
                .learningRate(0.01)
                .warmupUpdates(2)
                .decay(LearningRateDecay.COSINE)
                .optimizer(Optimizer.ADAMW)
                .weightDecay(0.1);
    }

    private TrainingRun.Builder run(DecoderModel model, TrainingOptions options, String file) {
        RunRecording recording =
                RunRecording.of(
                                directory.resolve(file),
                                TinyTask.probes(),
                                Schedule.every(4).and(Schedule.perEpoch()))
                        .withDistributions(DistributionOptions.defaults().withCount(2));
        return TrainingRun.builder(model, TinyTask.data(options.method()), options)
                .name("tiny")
                .recording(
                        options.update().maxGradientNorm().isPresent()
                                ? recording.withInfluence(InfluenceOptions.defaults())
                                : recording);
    }

    private record Ended(TrainingResult result, Map<String, double[]> parameters) {
        static Ended by(DecoderModel model, TrainingRun.Builder run) {
            TrainingResult result = run.build().run();
            Map<String, double[]> parameters = new TreeMap<>();
            model.parameters()
                    .forEach((name, array) -> parameters.put(name, array.ravel().toDoubleVector()));
            return new Ended(result, parameters);
        }
    }

    private static DecoderModel model() {
        return TinyTask.model(DataType.FLOAT);
    }

    private void assertGoesOn(
            TrainingOptions options,
            Function<TrainingRun.Builder, TrainingRun.Builder> more,
            int at)
            throws IOException {
        DecoderModel whole = model();
        Ended expected = Ended.by(whole, more.apply(run(whole, options, "whole.ldyn")));
        TrainingRun stopped =
                more.apply(run(model(), options, "parts.ldyn"))
                        .states(states, 1, 2)
                        .listener(new StopAfter(at))
                        .build();
        assertThrows(Stopped.class, stopped::run);
        DecoderModel next = model();
        Ended ended =
                Ended.by(
                        next,
                        more.apply(run(next, options, "parts.ldyn"))
                                .states(states, 1, 2)
                                .resume(states));
        assertArrayEquals(expected.result().losses(), ended.result().losses());
        assertEquals(expected.parameters().keySet(), ended.parameters().keySet());
        expected.parameters()
                .forEach(
                        (name, values) ->
                                assertArrayEquals(values, ended.parameters().get(name), name));
        List<String> recorded = contents("whole.ldyn");
        List<String> resumed = contents("parts.ldyn");
        for (int i = 0; i < recorded.size(); i++) {
            assertEquals(recorded.get(i), resumed.get(i));
        }
        assertEquals(recorded.size(), resumed.size());
        try (Stream<Path> kept = Files.list(states)) {
            assertEquals(
                    List.of("tiny-update000006", "tiny-update000007"),
                    kept.map(p -> p.getFileName().toString()).sorted().toList());
        }
    }

    /** All that a run file says, but for times and how often it was opened. */
    private List<String> contents(String file) {
        RunFileReader run = RunFileReader.open(directory.resolve(file));
        List<String> all = new ArrayList<>();
        for (StepRow step : run.steps()) {
            all.add(
                    List.of(
                                    step.step(),
                                    step.iteration(),
                                    step.epoch(),
                                    step.loss(),
                                    step.learningRate(),
                                    step.gradNorm())
                            .toString());
        }
        run.metricNames().forEach(name -> all.add(run.metrics(name).toString()));
        run.likelihoods(RowFilter.ALL).forEach(row -> all.add(row.toString()));
        run.forEachDistribution(RowFilter.ALL, row -> all.add(row.toString()));
        run.interactions().shifts(RowFilter.ALL).forEach(row -> all.add(row.toString()));
        run.forEachExample(row -> all.add(row.toString()));
        run.events().stream()
                .filter(event -> !event.code().equals("resumed"))
                .forEach(event -> all.add(event.toString()));
        return all;
    }

    /** At an epoch's end, and before the last update. */
    @ParameterizedTest
    @ValueSource(ints = {3, 7})
    void anInterruptedRunEndsAsIfItHadNotBeen(int at) throws IOException {
        TrainingOptions options = options("dpo").microBatches(2).maxGradientNorm(0.5).build();
        assertGoesOn(options, run -> run, at);
    }

    static Stream<Arguments> kinds() {
        Function<TrainingRun.Builder, TrainingRun.Builder> plain = run -> run;
        Function<TrainingRun.Builder, TrainingRun.Builder> moving =
                run ->
                        run.referenceMode(ReferenceMode.LIVE)
                                .referenceSync(new ReferenceSync(0.6, 3));
        return Stream.of(
                Arguments.of("a running mean reward", options("bco").build(), plain),
                Arguments.of("a reference that moves", options("dpo").build(), moving),
                Arguments.of(
                        "no updater state",
                        options("sft").optimizer(Optimizer.SGD).weightDecay(0).build(),
                        plain));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void soDoesOneWith(
            String what,
            TrainingOptions options,
            Function<TrainingRun.Builder, TrainingRun.Builder> more)
            throws IOException {
        assertGoesOn(options, more, 5);
    }

    private void stop(TrainingOptions options, int at) {
        TrainingRun stopped =
                run(model(), options, "parts.ldyn")
                        .states(states, 2, 9)
                        .listener(new StopAfter(at))
                        .build();
        assertThrows(Stopped.class, stopped::run);
    }

    private String refusal(TrainingOptions options, TrainingData data, DecoderModel model) {
        TrainingRun run =
                TrainingRun.builder(model, data, options).name("tiny").resume(states).build();
        return assertThrows(IllegalArgumentException.class, run::run).getMessage();
    }

    @Test
    void anotherRunIsRefusedByTheNameOfWhatDiffers() {
        TrainingOptions options = options("dpo").build();
        stop(options, 5);
        String rest = " to resume " + states.resolve("tiny-update000004") + ", got ";
        TrainingData data = TinyTask.data(TrainingMethod.DPO);
        assertEquals(
                "learning_rate must be 0.01" + rest + "0.02",
                refusal(options("dpo").learningRate(0.02).build(), data, model()));
        assertEquals(
                "max_gradient_norm must be none" + rest + "1.0",
                refusal(options("dpo").maxGradientNorm(1).build(), data, model()));
        assertEquals(
                "model.data_type must be float" + rest + "double",
                refusal(options, data, TinyTask.model(DataType.DOUBLE)));
        TrainingData fewer =
                TrainingData.preferences(TinyTask.preferences().subList(0, 9), TinyTask.encoder());
        String message = refusal(options, fewer, model());
        assertTrue(message.startsWith("data_sha256 must be "), message);
        DecoderModel trained = model();
        trained.parameters().values().iterator().next().addi(0.1);
        message = refusal(options, data, trained);
        assertTrue(message.startsWith("reference must be "), message);
    }

    @Test
    void whatIsNoStateIsRefused() throws IOException {
        TrainingOptions options = options("sft").build();
        TrainingRun none =
                TrainingRun.builder(model(), TinyTask.data(TrainingMethod.SFT), options)
                        .name("tiny")
                        .resume(states)
                        .build();
        assertEquals(
                states + ": must hold a state of run tiny to resume, has none",
                assertThrows(DataException.class, none::run).getMessage());
        stop(options, 5);
        Path state = states.resolve("tiny-update000004").resolve("state.json");
        Files.writeString(state, "{\"format\": 2, \"losses\": [], \"identity\": {}}");
        assertEquals(
                state + ": format must be 1, got 2",
                assertThrows(DataException.class, none::run).getMessage());
        Files.writeString(state, "{");
        assertTrue(
                assertThrows(DataException.class, none::run)
                        .getMessage()
                        .startsWith(state + ": state is damaged"));
    }

    @Test
    void theRecordingGoesOnInItsFile() {
        TrainingOptions options = options("sft").build();
        stop(options, 5);
        assertEquals(
                "recording must go on in the run's file, got "
                        + directory.resolve("other.ldyn")
                        + ", which is not there",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> run(model(), options, "other.ldyn").resume(states).build())
                        .getMessage());
    }

    @Test
    void leftoversOfAKilledProcessAreRemovedAndOtherFoldersStay() throws IOException {
        Path half = Files.createDirectory(states.resolve(".tiny-update000002.x.tmp"));
        Files.writeString(half.resolve("model.safetensors"), "half");
        Path other = Files.createDirectory(states.resolve("other-update000002"));
        stop(options("sft").build(), 5);
        assertTrue(Files.notExists(half));
        assertTrue(Files.exists(other));
    }

    @Test
    void settingsAreChecked() {
        TrainingRun.Builder run = run(model(), options("sft").build(), "a.ldyn");
        assertMessage("every must be >= 1, got 0", () -> run.states(states, 0, 1));
        assertMessage("keep must be >= 1, got 0", () -> run.states(states, 1, 0));
        Path absent = directory.resolve("absent");
        assertMessage(
                "states must go to an existing directory, got " + absent,
                () -> run.states(absent, 1, 1).build());
    }

    private static void assertMessage(String message, Runnable task) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, task::run).getMessage());
    }
}
