package org.learningdynamics.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.learningdynamics.listener.InfluenceDetail;
import org.learningdynamics.listener.InfluenceOptions;
import org.learningdynamics.listener.KernelOptions;
import org.learningdynamics.listener.ResponseSelection;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.recording.InfluenceBlock;
import org.learningdynamics.recording.KernelRow;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.ResidualRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.ShiftRow;
import org.learningdynamics.series.Attribution;
import org.learningdynamics.series.AttributionQuery;
import org.nd4j.linalg.api.buffer.DataType;

/** What is recorded of who moved whom, in whole trainings of the small language model. */
class InfluenceRecordingTest {
    private static final int UPDATES = 5;

    @TempDir Path directory;

    @ParameterizedTest
    @EnumSource(
            value = TrainingMethod.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"PRETRAIN"})
    void influencesAndThePartsOfTheUpdateAddUpToThePrediction(TrainingMethod method) {
        RunFileReader file = train(method, Optimizer.ADAM, DataType.DOUBLE, InfluenceDetail.SUMS);
        assertSumsHold(file, 1e-10);
    }

    @ParameterizedTest
    @EnumSource(Optimizer.class)
    void identityHoldsForEveryOptimiser(Optimizer optimizer) {
        RunFileReader file =
                train(TrainingMethod.DPO, optimizer, DataType.DOUBLE, InfluenceDetail.SUMS);
        assertSumsHold(file, 1e-10);
    }

    @Test
    void singlePrecisionHoldsTheIdentityToItsRounding() {
        RunFileReader file =
                train(TrainingMethod.DPO, Optimizer.SGD, DataType.FLOAT, InfluenceDetail.SUMS);
        assertSumsHold(file, 1e-4);
    }

    private static void assertSumsHold(RunFileReader file, double tolerance) {
        List<ShiftRow> shifts = file.interactions().shifts(RowFilter.ALL);
        assertEquals(UPDATES * 3 * 2, shifts.size(), file.events().toString());
        double size = shifts.stream().mapToDouble(s -> Math.abs(s.predicted())).max().orElse(0);
        assertTrue(size > 1e-6, "something must move: " + size);
        for (ShiftRow shift : shifts) {
            double parts = shift.fromBatch() + shift.fromHistory() + shift.fromDecay();
            assertEquals(shift.predicted(), parts, tolerance * size, shift.toString());
            assertEquals(0, shift.unattributed(), tolerance * size, shift.toString());
        }
        assertEquals(
                List.of(),
                file.events().stream()
                        .filter(event -> !event.code().equals("influence_coupled"))
                        .toList());
    }

    @Test
    void lossesThatSortABatchAreAttributedWithAWarning() {
        RunFileReader file =
                train(TrainingMethod.AOT, Optimizer.SGD, DataType.DOUBLE, InfluenceDetail.SUMS);
        assertEquals("influence_coupled", file.events().get(0).code());
        assertTrue(
                file.events().get(0).message().startsWith("loss aot sorts the pairs of a batch"),
                file.events().toString());
    }

    @Test
    void actualShiftIsTheDifferenceOfTheRecordedLikelihoods() {
        RunFileReader file =
                train(TrainingMethod.DPO, Optimizer.SGD, DataType.DOUBLE, InfluenceDetail.SUMS);
        List<LikelihoodRow> rows = file.likelihoods(RowFilter.ALL);
        for (ShiftRow shift : file.interactions().shifts(RowFilter.ALL)) {
            double now = logProb(rows, shift, shift.step());
            double before = logProb(rows, shift, shift.step() - 1);
            assertEquals(now - before, shift.actual(), 1e-12);
        }
    }

    private static double logProb(List<LikelihoodRow> rows, ShiftRow shift, long step) {
        return rows.stream()
                .filter(row -> row.step() == step && row.probe() == shift.probe())
                .filter(row -> row.kind().equals(shift.kind()))
                .mapToDouble(LikelihoodRow::logProb)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void predictionsComeTrueForSmallSteps() {
        RunFileReader file =
                train(TrainingMethod.DPO, Optimizer.SGD, DataType.DOUBLE, InfluenceDetail.SUMS);
        for (ShiftRow shift : file.interactions().shifts(RowFilter.ALL)) {
            double error = Math.abs(shift.actual() - shift.predicted());
            assertTrue(error < 0.05 * Math.abs(shift.predicted()) + 1e-4, shift.toString());
        }
    }

    @Test
    void learningAnExampleRaisesItsOwnAnswer() {
        RunFileReader file =
                train(TrainingMethod.SFT, Optimizer.SGD, DataType.DOUBLE, InfluenceDetail.SUMS);
        List<ResponseRow> axis = file.interactions().responseAxis();
        List<ResidualRow> residuals = file.interactions().residuals(RowFilter.ALL);
        List<Double> own = new ArrayList<>();
        file.interactions()
                .forEachInfluence(
                        RowFilter.ALL,
                        block -> {
                            for (ResidualRow row : residuals) {
                                for (int column = 0; column < axis.size(); column++) {
                                    ResponseRow response = axis.get(column);
                                    if (row.step() == block.step()
                                            && row.example() == response.probe()
                                            && response.kind().equals("chosen")) {
                                        own.add(
                                                (double)
                                                        block.values().get(row.position(), column));
                                    }
                                }
                            }
                        });
        assertTrue(!own.isEmpty() && own.stream().allMatch(value -> value > 0), own.toString());
    }

    @Test
    void partsOfPairsAndLayersAddUpToTheWhole() {
        RunFileReader file =
                train(TrainingMethod.DPO, Optimizer.ADAM, DataType.DOUBLE, InfluenceDetail.LAYERS);
        assertEquals(List.of("", "chosen", "rejected"), file.interactions().parts());
        List<String> layers = file.interactions().layers();
        assertTrue(layers.contains("block0/attention"), layers.toString());
        List<InfluenceBlock> blocks = new ArrayList<>();
        file.interactions().forEachInfluence(RowFilter.ALL, blocks::add);
        for (InfluenceBlock whole : blocks) {
            if (whole.part().isEmpty() && whole.layer().isEmpty()) {
                assertEquals(value(whole), sum(blocks, whole, false), 1e-4 * norm(whole));
                assertEquals(value(whole), sum(blocks, whole, true), 1e-4 * norm(whole));
            }
        }
    }

    private static double sum(List<InfluenceBlock> blocks, InfluenceBlock whole, boolean layers) {
        return blocks.stream()
                .filter(b -> b.step() == whole.step())
                .filter(
                        b ->
                                layers
                                        ? b.part().isEmpty() && !b.layer().isEmpty()
                                        : b.layer().isEmpty() && !b.part().isEmpty())
                .mapToDouble(InfluenceRecordingTest::value)
                .sum();
    }

    private static double value(InfluenceBlock block) {
        return block.values().get(0, 0);
    }

    private static double norm(InfluenceBlock block) {
        double norm = 0;
        for (int i = 0; i < block.examples(); i++) {
            for (int j = 0; j < block.responses(); j++) {
                norm = Math.max(norm, Math.abs(block.values().get(i, j)));
            }
        }
        return norm;
    }

    @Test
    void influencesOnTokensAddUpToThoseOnResponses() {
        RunFileReader file =
                train(TrainingMethod.DPO, Optimizer.ADAM, DataType.DOUBLE, InfluenceDetail.TOKENS);
        List<InfluenceBlock> blocks = new ArrayList<>();
        file.interactions().forEachInfluence(RowFilter.ALL, blocks::add);
        List<ResponseRow> axis = file.interactions().responseAxis();
        double[][] sums = new double[UPDATES + 1][axis.size()];
        int[] tokens = new int[axis.size()];
        file.interactions()
                .forEachTokenInfluence(
                        RowFilter.ALL,
                        row -> {
                            int column = column(axis, row.probe(), row.kind());
                            sums[(int) row.step()][column] += row.values().get(0, 1);
                            tokens[column] += row.step() == 1 ? 1 : 0;
                        });
        for (InfluenceBlock block : blocks) {
            if (block.part().isEmpty()) {
                for (int column = 0; column < axis.size(); column++) {
                    assertEquals(axis.get(column).tokens(), tokens[column]);
                    assertEquals(
                            block.values().get(1, column),
                            sums[(int) block.step()][column],
                            1e-5 * norm(block));
                }
            }
        }
    }

    private static int column(List<ResponseRow> axis, int probe, String kind) {
        for (int i = 0; i < axis.size(); i++) {
            if (axis.get(i).probe() == probe && axis.get(i).kind().equals(kind)) {
                return i;
            }
        }
        throw new AssertionError(probe + " " + kind);
    }

    @Test
    void chosenResponsesAreObservedAndNoOthers() {
        Path path = directory.resolve("some.ldyn");
        InfluenceOptions options =
                InfluenceOptions.defaults()
                        .withResponses(new ResponseSelection(2, List.of("rejected")));
        train(path, TrainingMethod.DPO, options);
        RunFileReader file = RunFileReader.open(path);
        assertEquals(
                List.of("1 rejected", "2 rejected"),
                file.interactions().shifts(RowFilter.ALL).stream()
                        .map(shift -> shift.probe() + " " + shift.kind())
                        .distinct()
                        .toList());
        assertEquals((UPDATES + 1) * 3 * 2, file.likelihoods(RowFilter.ALL).size());
        assertEquals(2, file.interactions().measuredResponses().size());
        Attribution moved = Attribution.of(file, AttributionQuery.ofKind("rejected"));
        assertEquals(2, moved.responses().size());
        assertTrue(moved.examples().stream().allMatch(e -> Double.isFinite(e.total())));
        List<InfluenceBlock> blocks = new ArrayList<>();
        file.interactions().forEachInfluence(RowFilter.ALL, blocks::add);
        for (InfluenceBlock block : blocks) {
            for (int column = 0; column < 6; column++) {
                boolean observed = column == 1 || column == 3;
                assertEquals(!observed, Float.isNaN(block.values().get(0, column)));
            }
        }
    }

    @Test
    void unknownKindIsRefused() {
        InfluenceOptions options =
                InfluenceOptions.defaults()
                        .withResponses(new ResponseSelection(2, List.of("worst")));
        IllegalArgumentException e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> train(directory.resolve("none.ldyn"), TrainingMethod.DPO, options));
        assertEquals(
                "kinds of influence must be among those of the probes [chosen, rejected], got"
                        + " worst",
                e.getMessage());
    }

    @Test
    void kernelIsEstimatedAndItsDriftBeginsAtOne() {
        Path path = directory.resolve("kernel.ldyn");
        train(
                path,
                TrainingMethod.SFT,
                InfluenceOptions.defaults().withKernel(new KernelOptions(4, 2, 1)));
        List<KernelRow> rows = new ArrayList<>();
        RunFileReader.open(path).interactions().forEachKernel(RowFilter.ALL, rows::add);
        List<KernelRow> drift =
                rows.stream().filter(row -> row.name().equals("alignment")).toList();
        assertEquals(List.of(1L, 3L, 5L), drift.stream().map(KernelRow::step).toList());
        assertEquals(1, drift.get(0).value(), 1e-12);
        assertTrue(drift.get(2).value() < 1 && drift.get(2).value() > 0.5, drift.toString());
        assertTrue(rows.stream().anyMatch(row -> row.name().equals("frobenius")), rows.toString());
    }

    private void train(Path path, TrainingMethod method, InfluenceOptions influence) {
        TrainingRun.builder(
                        TinyTask.model(DataType.DOUBLE),
                        TinyTask.data(method),
                        options(method, Optimizer.ADAM))
                .recording(
                        RunRecording.of(path, TinyTask.probes(), Schedule.every(1))
                                .withInfluence(influence))
                .build()
                .run();
    }

    @Test
    void residualsTellTheCoefficientsOfTheLoss() {
        RunFileReader file =
                train(TrainingMethod.DPO, Optimizer.SGD, DataType.DOUBLE, InfluenceDetail.SUMS);
        for (ResidualRow row : file.interactions().residuals(RowFilter.ALL)) {
            double sign = row.part().equals(ResidualRow.CHOSEN) ? -1 : 1;
            if (row.step() == 1) { // margins are 0: beta / 2, over the pairs of the batch
                assertEquals(
                        sign * 0.1 * 0.5 / pairs(file, 1), row.coefficient(), 1e-9, row.toString());
            }
            assertEquals(sign, Math.signum(row.coefficient()));
            assertTrue(row.gNorm() > 0 && row.aNorm() > 0 && row.gradNorm() > 0, row.toString());
        }
    }

    private static long pairs(RunFileReader file, long step) {
        return file.interactions().residuals(RowFilter.ALL).stream()
                .filter(row -> row.step() == step && row.part().equals(ResidualRow.CHOSEN))
                .count();
    }

    @ParameterizedTest
    @MethodSource("recordedTrainings")
    void measuringDoesNotChangeTraining(TrainingMethod method, DataType type) {
        DecoderModel recorded = TinyTask.model(type);
        train(method, Optimizer.ADAM, recorded, InfluenceDetail.LAYERS_AND_TOKENS);
        DecoderModel plain = TinyTask.model(type);
        TrainingRun.builder(plain, TinyTask.data(method), options(method, Optimizer.ADAM))
                .build()
                .run();
        assertEquals(plain.parameters(), recorded.parameters());
    }

    static Stream<org.junit.jupiter.params.provider.Arguments> recordedTrainings() {
        return Stream.of(
                org.junit.jupiter.params.provider.Arguments.of(TrainingMethod.SFT, DataType.FLOAT),
                org.junit.jupiter.params.provider.Arguments.of(TrainingMethod.KTO, DataType.DOUBLE),
                org.junit.jupiter.params.provider.Arguments.of(TrainingMethod.DPO, DataType.FLOAT));
    }

    private RunFileReader train(
            TrainingMethod method, Optimizer optimizer, DataType type, InfluenceDetail detail) {
        return train(method, optimizer, TinyTask.model(type), detail);
    }

    private RunFileReader train(
            TrainingMethod method,
            Optimizer optimizer,
            DecoderModel model,
            InfluenceDetail detail) {
        Path path = directory.resolve("influence.ldyn");
        RunRecording recording =
                RunRecording.of(path, TinyTask.probes(), Schedule.every(1))
                        .withInfluence(InfluenceOptions.defaults().withDetail(detail));
        TrainingRun.builder(model, TinyTask.data(method), options(method, optimizer))
                .recording(recording)
                .build()
                .run();
        return RunFileReader.open(path);
    }

    private static TrainingOptions options(TrainingMethod method, Optimizer optimizer) {
        return TrainingOptions.builder(method)
                .optimizer(optimizer)
                .learningRate(1e-3)
                .batchSize(4)
                .updates(UPDATES)
                .build();
    }
}
