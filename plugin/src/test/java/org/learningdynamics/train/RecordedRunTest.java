package org.learningdynamics.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.data.PreferenceExample;
import org.learningdynamics.listener.DistributionOptions;
import org.learningdynamics.listener.ResponseSelection;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.listener.TokenDetail;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.lm.ResponseScorer;
import org.learningdynamics.probe.Probe;
import org.learningdynamics.probe.ProbeSet;
import org.learningdynamics.recording.DistributionRow;
import org.learningdynamics.recording.ExampleRow;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.Metric;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileException;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.StepRow;
import org.learningdynamics.recording.TokenRow;
import org.learningdynamics.series.Alarm;
import org.learningdynamics.series.AlarmStop;
import org.nd4j.linalg.api.buffer.DataType;

class RecordedRunTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir Path directory;

    @Test
    void recordsEveryStepLikelihoodAndMetric() {
        RunFileReader file = train(TrainingMethod.DPO, 9, TinyTask.model(DataType.FLOAT));
        assertEquals(
                List.of(0L, 3L, 6L, 9L), file.steps().stream().map(StepRow::iteration).toList());
        assertEquals(4 * 3 * 2, file.likelihoods(RowFilter.ALL).size());
        assertEquals(9, file.metrics("loss").size());
        assertEquals(Math.log(2), file.metrics("loss").get(0).value(), 1e-6);
        List<Metric> margins = file.metrics("rewards/margins");
        assertEquals(9, margins.size());
        assertEquals(0, margins.get(0).value());
        assertTrue(margins.get(8).value() > 0, margins.toString());
        assertTrue(file.closed());
        assertEquals(List.of(), file.events());
    }

    @Test
    void likelihoodsAreThoseOfTheModel() {
        DecoderModel model = TinyTask.model(DataType.DOUBLE);
        DecoderModel untrained = model.copy();
        RunFileReader file = train(TrainingMethod.SFT, 6, model);
        assertLikelihoods(untrained, file, 0);
        assertLikelihoods(model, file, 2);
    }

    private static void assertLikelihoods(DecoderModel model, RunFileReader file, long step) {
        for (LikelihoodRow row : file.likelihoods(RowFilter.ALL)) {
            Probe probe = TinyTask.probes().probes().get(row.probe() - 1);
            EncodedResponse encoded =
                    TinyTask.encoder().encode(probe.prompt(), probe.responses().get(row.kind()));
            double expected = new ResponseScorer(model).logProbs(List.of(encoded))[0];
            if (row.step() == step) {
                assertEquals(expected, row.logProb(), 1e-9, row.toString());
            }
        }
    }

    @Test
    void endsOnAnAlarmAndSaysWhy() {
        DecoderModel model = TinyTask.model(DataType.DOUBLE);
        TrainingOptions slow =
                TrainingOptions.builder(TrainingMethod.DPO)
                        .updates(40)
                        .batchSize(4)
                        .learningRate(1e-30)
                        .build();
        Path file = directory.resolve("stuck.ldyn");
        TrainingResult result =
                TrainingRun.builder(model, TinyTask.data(TrainingMethod.DPO), slow)
                        .recording(RunRecording.of(file, TinyTask.probes(), Schedule.every(3)))
                        .stopOn(AlarmStop.on(Alarm.SQUEEZING, Alarm.REWARDS_STUCK))
                        .build()
                        .run();
        assertEquals(11, result.updates());
        assertEquals(Alarm.REWARDS_STUCK, result.stoppedBy().orElseThrow().code());
        RunFileReader read = RunFileReader.open(file);
        assertTrue(read.closed());
        assertEquals(11, read.metrics("loss").size());
        assertEquals("start", read.header().configuration().get("reference"));
        assertEquals(
                "training was asked to stop: " + result.stoppedBy().orElseThrow().message(),
                read.events().get(0).message());
    }

    @Test
    void aReferenceThatIsMeantDoesNotStopARunThatRecordsTokensToo() {
        DecoderModel model = TinyTask.model(DataType.DOUBLE);
        DecoderModel other = model.copy();
        TrainingRun.builder(
                        other, TinyTask.data(TrainingMethod.SFT), options(TrainingMethod.SFT, 5))
                .build()
                .run();
        TrainingResult result =
                TrainingRun.builder(
                                model,
                                TinyTask.data(TrainingMethod.DPO),
                                options(TrainingMethod.DPO, 4))
                        .reference(other)
                        .recording(
                                RunRecording.of(
                                                directory.resolve("given.ldyn"),
                                                TinyTask.probes(),
                                                Schedule.every(2))
                                        .withTokens(TokenDetail.ALL))
                        .stopOn(AlarmStop.on(Alarm.STALE_REFERENCE, Alarm.FIRST_LOSS))
                        .build()
                        .run();
        assertEquals(4, result.updates());
        assertTrue(
                Math.abs(result.firstLoss() - Math.log(2)) > 0.005, () -> "" + result.firstLoss());
    }

    @Test
    void aRunThatIsNotRecordedCannotStopOnAlarms() {
        TrainingRun.Builder run =
                TrainingRun.builder(
                                TinyTask.model(DataType.FLOAT),
                                TinyTask.data(TrainingMethod.DPO),
                                options(TrainingMethod.DPO, 9))
                        .stopOn(AlarmStop.on(Alarm.NAN));
        assertEquals(
                "a run that stops on alarms must be recorded, got no recording",
                assertThrows(IllegalArgumentException.class, run::build).getMessage());
    }

    @Test
    void recordingDoesNotChangeTraining() {
        DecoderModel recorded = TinyTask.model(DataType.FLOAT);
        train(TrainingMethod.DPO, 9, recorded);
        DecoderModel plain = TinyTask.model(DataType.FLOAT);
        TrainingRun.builder(
                        plain, TinyTask.data(TrainingMethod.DPO), options(TrainingMethod.DPO, 9))
                .build()
                .run();
        assertEquals(plain.parameters(), recorded.parameters());
    }

    @Test
    void headerTellsWhereTheRunComesFrom() {
        RunHeader header = train(TrainingMethod.CDPO, 3, TinyTask.model(DataType.FLOAT)).header();
        assertEquals("my run", header.run());
        assertEquals("cdpo", header.stage());
        assertEquals("1.0.0-M2.1", header.dl4jVersion());
        assertEquals(NOW, header.createdAt());
        assertEquals(TinyTask.data(TrainingMethod.CDPO).digest(), header.dataSha256());
        assertEquals("0.1", header.configuration().get("label_smoothing"));
        assertEquals("16", header.configuration().get("model.width"));
        assertEquals(
                TinyTask.encoder().tokenizer().digest(), header.entries().get("tokenizer_sha256"));
    }

    @Test
    void keepsTheExamples() {
        List<ExampleRow> examples = new ArrayList<>();
        train(TrainingMethod.DPO, 3, TinyTask.model(DataType.FLOAT)).forEachExample(examples::add);
        List<PreferenceExample> expected = TinyTask.preferences();
        assertEquals(expected.size(), examples.size());
        assertEquals(expected.get(0).digest(), examples.get(0).digest());
        assertEquals(expected.get(0).prompt(), examples.get(0).prompt());
    }

    @Test
    void recordsSingleTokensIfAsked() {
        Path path = directory.resolve("tokens.ldyn");
        RunRecording recording =
                RunRecording.of(path, TinyTask.probes(), Schedule.at(0))
                        .withTokens(TokenDetail.ALL);
        builder(TrainingMethod.SFT, 2, TinyTask.model(DataType.FLOAT))
                .recording(recording)
                .build()
                .run();
        List<TokenRow> tokens = new ArrayList<>();
        RunFileReader.open(path).forEachToken(RowFilter.ALL, tokens::add);
        int expected =
                RunFileReader.open(path).responses().stream().mapToInt(r -> r.tokens()).sum();
        assertEquals(expected, tokens.size());
        Set<Integer> named = new HashSet<>();
        RunFileReader.open(path).wording().forEachTokenText(row -> named.add(row.token()));
        tokens.forEach(row -> assertTrue(named.contains(row.argmax()), row::toString));
        List<Integer> lengths = new ArrayList<>();
        RunFileReader.open(path).wording().forEachResponse(row -> lengths.add(row.tokens().size()));
        assertEquals(expected, lengths.stream().mapToInt(Integer::intValue).sum());
    }

    @Test
    void recordsDistributionsIfAsked() {
        Path path = directory.resolve("distributions.ldyn");
        int classes = TinyTask.encoder().tokenizer().vocabularySize();
        DistributionOptions whole =
                new DistributionOptions(classes, 2, new ResponseSelection(2, List.of("rejected")));
        DecoderModel plain = TinyTask.model(DataType.DOUBLE);
        DecoderModel recorded = plain.copy();
        builder(TrainingMethod.DPO, 4, plain).build().run();
        TrainingRun.Builder run =
                builder(TrainingMethod.DPO, 4, recorded)
                        .recording(
                                RunRecording.of(path, TinyTask.probes(), Schedule.every(2))
                                        .withDistributions(whole));
        assertEquals(0, run.build().run().failures().orElseThrow().total());
        assertEquals(plain.parameters(), recorded.parameters());
        RunFileReader file = RunFileReader.open(path);
        Map<List<Long>, List<DistributionRow>> byPosition = new HashMap<>();
        file.forEachDistribution(
                RowFilter.ALL,
                row ->
                        byPosition
                                .computeIfAbsent(
                                        List.of(
                                                row.step(),
                                                (long) row.probe(),
                                                (long) row.position()),
                                        key -> new ArrayList<>())
                                .add(row));
        assertEquals(3 * 2 * 2, byPosition.size());
        Map<List<Long>, TokenRow> tokens = new HashMap<>();
        file.forEachToken(
                RowFilter.ALL.kind("rejected"),
                row ->
                        tokens.put(
                                List.of(row.step(), (long) row.probe(), (long) row.position()),
                                row));
        byPosition.forEach((place, rows) -> assertWhole(classes, rows, tokens.get(place)));
        Set<Integer> named = new HashSet<>();
        file.wording().forEachTokenText(row -> named.add(row.token()));
        assertEquals(classes, named.size());
    }

    private static void assertWhole(int classes, List<DistributionRow> rows, TokenRow own) {
        assertEquals(classes, rows.size());
        assertEquals(1, rows.stream().mapToDouble(row -> Math.exp(row.logProb())).sum(), 1e-12);
        DistributionRow likeliest =
                rows.stream()
                        .max(Comparator.comparingDouble(DistributionRow::logProb))
                        .orElseThrow();
        assertEquals(own.argmax(), likeliest.token());
        assertTrue(rows.stream().anyMatch(row -> row.logProb() == own.logProb()));
    }

    @Test
    void distributionsOfUnknownKindsAreRefused() {
        TrainingRun run =
                builder(TrainingMethod.SFT, 2, TinyTask.model(DataType.FLOAT))
                        .recording(
                                RunRecording.of(
                                                directory.resolve("x.ldyn"),
                                                TinyTask.probes(),
                                                Schedule.every(1))
                                        .withDistributions(
                                                DistributionOptions.defaults()
                                                        .withResponses(
                                                                new ResponseSelection(
                                                                        1, List.of("good")))))
                        .build();
        assertEquals(
                "kinds of distributions must be among those of the probes [chosen, rejected], got"
                        + " good",
                assertThrows(IllegalArgumentException.class, run::run).getMessage());
    }

    @Test
    void startFindingsAreInTheFileToo() {
        DecoderModel model = TinyTask.model(DataType.FLOAT);
        DecoderModel reference = model.copy();
        reference.parameters().get("tok_embedding").muli(1.5);
        Path path = directory.resolve("run.ldyn");
        TrainingResult result =
                builder(TrainingMethod.DPO, 2, model)
                        .reference(reference)
                        .recording(RunRecording.of(path, TinyTask.probes(), Schedule.every(1)))
                        .build()
                        .run();
        assertTrue(result.events().size() >= 2, result.events().toString());
        assertEquals(result.events(), RunFileReader.open(path).events());
        assertEquals(0, result.failures().orElseThrow().total());
    }

    @Test
    void failsBeforeTheFirstUpdateIfTheFileCannotBe() {
        DecoderModel model = TinyTask.model(DataType.FLOAT);
        DecoderModel before = model.copy();
        Path path = directory.resolve("none").resolve("run.ldyn");
        TrainingRun run =
                builder(TrainingMethod.SFT, 2, model)
                        .recording(RunRecording.of(path, TinyTask.probes(), Schedule.every(1)))
                        .build();
        assertThrows(RunFileException.class, run::run);
        assertEquals(before.parameters(), model.parameters());
    }

    @Test
    void closesTheFileWhenTrainingFails() {
        Path path = directory.resolve("run.ldyn");
        TrainingRun run =
                builder(TrainingMethod.SFT, 5, TinyTask.model(DataType.FLOAT))
                        .recording(RunRecording.of(path, TinyTask.probes(), Schedule.every(1)))
                        .progress(
                                at -> {
                                    if (at.updatesDone() == 2) {
                                        throw new IllegalStateException("stopped by the user");
                                    }
                                })
                        .build();
        Exception error = assertThrows(IllegalStateException.class, run::run);
        assertEquals("stopped by the user", error.getMessage());
        RunFileReader file = RunFileReader.open(path);
        assertTrue(file.closed());
        assertArrayEquals(
                new long[] {0, 1},
                file.steps().stream().mapToLong(StepRow::iteration).limit(2).toArray());
    }

    @Test
    void runsOnceIfItIsRecorded() {
        Path path = directory.resolve("once.ldyn");
        TrainingRun run =
                builder(TrainingMethod.SFT, 2, TinyTask.model(DataType.FLOAT))
                        .recording(RunRecording.of(path, TinyTask.probes(), Schedule.every(1)))
                        .build();
        run.run();
        Exception error = assertThrows(IllegalArgumentException.class, run::run);
        assertEquals(
                "recording must go to a new file, got " + path + ", which exists",
                error.getMessage());
    }

    @Test
    void rejectsAFileThatExists() throws IOException {
        Path path = Files.createFile(directory.resolve("old.ldyn"));
        TrainingRun.Builder builder =
                builder(TrainingMethod.SFT, 2, TinyTask.model(DataType.FLOAT))
                        .recording(RunRecording.of(path, TinyTask.probes(), Schedule.every(1)));
        Exception error = assertThrows(IllegalArgumentException.class, builder::build);
        assertEquals(
                "recording must go to a new file, got " + path + ", which exists",
                error.getMessage());
    }

    @Test
    void rejectsProbesThatAreTooLong() {
        ProbeSet probes =
                new ProbeSet(
                        "long",
                        List.of(Probe.of(1, "what", java.util.Map.of("chosen", "it ".repeat(99)))));
        DecoderModel model =
                DecoderModel.create(
                        org.learningdynamics.lm.DecoderConfig.builder(
                                        TinyTask.encoder().tokenizer().vocabularySize())
                                .width(8)
                                .maxLength(16)
                                .build());
        TrainingRun.Builder builder =
                builder(TrainingMethod.SFT, 2, model)
                        .recording(
                                RunRecording.of(
                                        directory.resolve("x.ldyn"), probes, Schedule.every(1)));
        Exception error = assertThrows(IllegalArgumentException.class, builder::build);
        assertEquals("probes must have at most 17 tokens a sequence, got 32", error.getMessage());
    }

    private RunFileReader train(TrainingMethod method, int updates, DecoderModel model) {
        Path path = directory.resolve(method.label() + ".ldyn");
        TrainingResult result =
                builder(method, updates, model)
                        .name("my run")
                        .clock(InstantSource.fixed(NOW))
                        .recording(RunRecording.of(path, TinyTask.probes(), Schedule.every(3)))
                        .build()
                        .run();
        assertEquals(0, result.failures().orElseThrow().total());
        return RunFileReader.open(path);
    }

    private static TrainingRun.Builder builder(
            TrainingMethod method, int updates, DecoderModel model) {
        return TrainingRun.builder(model, TinyTask.data(method), options(method, updates));
    }

    private static TrainingOptions options(TrainingMethod method, int updates) {
        return TrainingOptions.builder(method)
                .updates(updates)
                .batchSize(4)
                .learningRate(0.005)
                .build();
    }
}
