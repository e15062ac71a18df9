package org.learningdynamics.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class InteractionsTest {
    private static final double NAN = Double.NaN;

    @TempDir private Path directory;
    private Path path;

    @BeforeEach
    void namePath() throws IOException {
        path = directory.toRealPath().resolve("run.ldyn");
    }

    private InteractionReader record(Measurement... measurements) {
        try (RunFileRecorder recorder = SampleRun.builder(path).build()) {
            for (Measurement measurement : measurements) {
                recorder.record(measurement);
            }
            recorder.flush();
            assertEquals(0, recorder.stats().lost(), recorder.stats().failure());
        }
        return RunFileReader.open(path).interactions();
    }

    private InteractionReader recordTwo() {
        return record(SampleInteractions.recording(0, 0), SampleInteractions.recording(1, 10));
    }

    private static StepRecording recording(Interactions interactions) {
        return new StepRecording(
                SampleRun.step(0, 5), List.of(), List.of(), List.of(), interactions);
    }

    @Test
    void returnsWhatWasRecorded() {
        InteractionReader reader = recordTwo();
        for (long step = 0; step < 2; step++) {
            RowFilter filter = RowFilter.ALL.steps(step, step);
            List<InfluenceBlock> influences = new ArrayList<>();
            reader.forEachInfluence(filter, influences::add);
            List<TokenInfluenceRow> tokens = new ArrayList<>();
            reader.forEachTokenInfluence(filter, tokens::add);
            List<KernelRow> kernels = new ArrayList<>();
            reader.forEachKernel(filter, kernels::add);
            List<KernelBlock> blocks = new ArrayList<>();
            reader.forEachKernelBlock(filter, blocks::add);
            assertEquals(
                    SampleInteractions.of(step),
                    new Interactions(
                            reader.residuals(filter),
                            influences,
                            tokens,
                            reader.shifts(filter),
                            kernels,
                            blocks));
        }
        assertEquals(List.of("", "head"), reader.layers());
        assertEquals(List.of("", "chosen"), reader.parts());
    }

    @Test
    void countsItsRows() throws IOException {
        try (RunFileRecorder recorder = SampleRun.builder(path).build()) {
            recorder.record(SampleInteractions.recording(0, 0));
            recorder.record(new AttributionRow(70, 7, "chosen", 1.5, 3));
            recorder.flush();
            assertEquals(1 + 6 + 12 + 17 + 1, recorder.stats().committedRows());
        }
        assertEquals(
                new InteractionCounts(4, 3, 1, 6, 2, 1, 1),
                RunFileReader.open(path).counts().interactions());
    }

    @Test
    void readsOnlyTheLayerAndPartAskedFor() {
        InteractionReader reader = recordTwo();
        List<InfluenceBlock> blocks = new ArrayList<>();
        reader.forEachInfluence(RowFilter.ALL, "head", InfluenceBlock.WHOLE, blocks::add);
        assertEquals(
                List.of(
                        SampleInteractions.of(0).influences().get(2),
                        SampleInteractions.of(1).influences().get(2)),
                blocks);
    }

    @Test
    void choosesShiftsByKindAndProbe() {
        List<ShiftRow> rows = recordTwo().shifts(RowFilter.ALL.kind("chosen").probe(7).steps(1, 1));
        assertEquals(1, rows.size());
        assertEquals(1.25 * (0.25 * 7 + 6 + 1), rows.get(0).actual());
    }

    @Test
    void refusesFiltersByWhatTheRowsHaveNot() {
        InteractionReader reader = recordTwo();
        assertRejected(
                "filter of residuals must not choose kinds, got [chosen]",
                () -> reader.residuals(RowFilter.ALL.kind("chosen")));
        assertRejected(
                "filter of influences must not choose probes, got [7]",
                () -> reader.forEachInfluence(RowFilter.ALL.probe(7), block -> {}));
    }

    @Test
    void storesInfluencesAsLittleEndianSinglePrecision() throws SQLException {
        recordTwo();
        assertEquals(
                "0000803E0000A03F",
                PlainSql.text(
                        path,
                        "SELECT substr(hex(value), 1, 16) FROM influence WHERE step = 1 AND layer ="
                                + " '' AND part = ''"));
    }

    @Test
    void ordersTheResponseAxisByProbeAndKind() {
        List<String> axis =
                recordTwo().responseAxis().stream().map(r -> r.probe() + r.kind()).toList();
        assertEquals(
                List.of("0chosen", "0irr_train", "0rejected", "7chosen", "7irr_train", "7rejected"),
                axis);
    }

    @Test
    void storesNanAsNullAndCountsTheNanOfMeasuredColumns() throws SQLException {
        float nan = Float.NaN;
        FloatMatrix holes = FloatMatrix.of(2, 3, 1, nan, nan, nan, 2, nan); // the last not measured
        InfluenceBlock block = new InfluenceBlock(0, "head", "rejected", InfluenceForm.DOT, holes);
        ShiftRow shift = new ShiftRow(0, 7, "chosen", NAN, 1, 0, 0, 0, 0, NAN);
        ResidualRow residual = new ResidualRow(0, 0, "response", 3, -1, 2, 3, NAN, NAN, 5);
        KernelRow kernel = new KernelRow(0, "trace", -1, "", -1, 1, NAN);
        InteractionReader reader =
                record(
                        recording(
                                new Interactions(
                                        List.of(residual),
                                        List.of(block),
                                        List.of(),
                                        List.of(shift),
                                        List.of(kernel),
                                        List.of())));
        List<InfluenceBlock> blocks = new ArrayList<>();
        reader.forEachInfluence(RowFilter.ALL, blocks::add);
        assertEquals(List.of(block), blocks);
        assertEquals(List.of(shift), reader.shifts(RowFilter.ALL));
        assertEquals(List.of(residual), reader.residuals(RowFilter.ALL));
        assertEquals("1", PlainSql.text(path, "SELECT standard_error IS NULL FROM kernel"));
        assertEquals(
                List.of(
                        "not a number: grad_norm of position 0 response, 2 values of influence of"
                                + " head rejected, predicted of probe 7 chosen, actual of probe 7"
                                + " chosen"),
                RunFileReader.open(path).events().stream().map(Event::message).toList());
    }

    @Test
    void commitsARecordingWithItsInteractionsOrNotAtAll() {
        ShiftRow shift = new ShiftRow(0, 7, "chosen", 1, 1, 0, 0, 0, 0, 1);
        Interactions twice =
                new Interactions(
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(shift, shift),
                        List.of(),
                        List.of());
        try (RunFileRecorder recorder = SampleRun.builder(path).build()) {
            recorder.record(recording(twice));
            recorder.record(SampleInteractions.recording(1, 10));
        }
        RunFileReader reader = RunFileReader.open(path);
        assertEquals(List.of(SampleRun.step(1, 10)), reader.steps());
        assertEquals(6, reader.counts().interactions().shifts());
    }

    @Test
    void goesBackWithItsRecording() {
        AttributionRow attribution = new AttributionRow(70, 7, "chosen", 1.5, 2);
        record(
                SampleInteractions.recording(0, 0),
                SampleInteractions.recording(1, 10),
                attribution);
        SampleRun.builder(path).continueFrom(10).build().close();
        RunFileReader reader = RunFileReader.open(path);
        assertEquals(new InteractionCounts(8, 6, 2, 12, 4, 2, 1), reader.counts().interactions());
        SampleRun.builder(path).continueFrom(5).build().close();
        assertEquals(new InteractionCounts(4, 3, 1, 6, 2, 1, 0), reader.counts().interactions());
        assertEquals(
                "continued after iteration 0, "
                        + (1 + 6 + 12 + 3 + 17 + 1 + 1)
                        + " later rows removed",
                reader.events().get(0).message());
    }

    @Test
    void keepsTheLaterAttributionOfAnExampleAndTellsTheFirstNan() {
        InteractionReader reader =
                record(
                        new AttributionRow(70, 7, "chosen", 1.5, 2),
                        new AttributionRow(70, 7, "chosen", -2.5, 3),
                        new AttributionRow(71, 7, "chosen", NAN, 1),
                        new AttributionRow(72, 7, "chosen", NAN, 1));
        List<AttributionRow> rows = new ArrayList<>();
        reader.forEachAttribution(rows::add);
        assertEquals(
                List.of(
                        new AttributionRow(70, 7, "chosen", -2.5, 3),
                        new AttributionRow(71, 7, "chosen", NAN, 1),
                        new AttributionRow(72, 7, "chosen", NAN, 1)),
                rows);
        assertEquals(
                List.of(
                        "not a number: attribution of example 71 to probe 7 chosen; further ones"
                                + " have no event"),
                RunFileReader.open(path).events().stream().map(Event::message).toList());
    }

    @Test
    void rejectsRowsThatBreakTheirRules() {
        FloatMatrix matrix = FloatMatrix.of(2, 3, 1, 2, 3, 4, 5, 6);
        assertRejected(
                "part must be one of [response, chosen, rejected], got \"\"",
                () -> new ResidualRow(0, 0, "", 1, 0, 0, 0, 0, 0, 1));
        assertRejected(
                "part must be one of [, chosen, rejected], got \"response\"",
                () -> new InfluenceBlock(0, "", "response", InfluenceForm.UPDATE, matrix));
        assertRejected(
                "layer must not be blank, got \" \"",
                () -> new InfluenceBlock(0, " ", "", InfluenceForm.UPDATE, matrix));
        assertRejected(
                "values must have 1 row, got 2", () -> new TokenInfluenceRow(0, 1, "k", 0, matrix));
        assertRejected(
                "values must be square, got FloatMatrix[2 x 3]",
                () -> new KernelBlock(0, 1, 0, matrix));
        assertRejected(
                "position must be >= -1, got -2", () -> new KernelRow(0, "n", 1, "", -2, 0, 0));
        assertRejected(
                "standardError must be >= 0, got -1.0",
                () -> new KernelRow(0, "n", 1, "", -1, 0, -1));
        assertRejected(
                "recordings must be >= 0, got -1", () -> new AttributionRow(0, 1, "k", 0, -1));
        assertRejected(
                "shifts of a recording must be of its step 0, got 1",
                () -> recording(SampleInteractions.onlyShifts(1)));
    }

    @Test
    void rejectsMatricesOfDifferentBatches() {
        assertRejected(
                "influences of a recording must have the same examples, got 2 and 3",
                () -> influences(matrix(2, 6), matrix(3, 6)));
        assertRejected(
                "influences of a recording must have the same responses, got 6 and 5",
                () -> influences(matrix(2, 6), matrix(2, 5)));
    }

    private static FloatMatrix matrix(int rows, int columns) {
        return SampleInteractions.matrix(0, rows, columns);
    }

    private static Interactions influences(FloatMatrix one, FloatMatrix other) {
        return new Interactions(
                List.of(),
                List.of(
                        new InfluenceBlock(0, "", "", InfluenceForm.UPDATE, one),
                        new InfluenceBlock(0, "head", "", InfluenceForm.UPDATE, other)),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    @Test
    void keepsMatricesFromBeingChanged() {
        float[] values = {1, 2};
        FloatMatrix matrix = FloatMatrix.of(1, 2, values);
        values[0] = 9;
        assertEquals(1, matrix.get(0, 0));
        assertEquals(FloatMatrix.ofRows(2, new double[] {1, 2}), matrix);
        assertRejected(
                "values must be rows x columns = 2 x 2 many, got 2",
                () -> FloatMatrix.of(2, 2, 1, 2));
        assertEquals(
                "indices must be inside 1 x 2, got 0, 2",
                assertThrows(IndexOutOfBoundsException.class, () -> matrix.get(0, 2)).getMessage());
    }

    private static void assertRejected(String message, Executable action) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, action).getMessage());
    }
}
