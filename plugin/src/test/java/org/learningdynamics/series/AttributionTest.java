package org.learningdynamics.series;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.recording.FloatMatrix;
import org.learningdynamics.recording.InfluenceBlock;
import org.learningdynamics.recording.InfluenceForm;
import org.learningdynamics.recording.Interactions;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RunFileException;
import org.learningdynamics.recording.RunFileReader;

class AttributionTest {
    /** More recordings than are read at once. */
    private static final int STEPS = 300;

    private static final int EXAMPLES = 7;

    @TempDir private Path directory;
    private Path path;

    @BeforeEach
    void namePath() throws IOException {
        path = directory.toRealPath().resolve("run.ldyn");
    }

    private Attribution attribution(AttributionQuery query) {
        return Attribution.of(RunFileReader.open(path), query);
    }

    /** The definition, one term after the other. */
    private static double total(long example, double scale, int... columns) {
        double total = 0;
        for (long step = 1; step <= STEPS; step++) {
            for (int position = 0; position < InfluenceRun.BATCH; position++) {
                if (InfluenceRun.example(step, position, EXAMPLES) == example) {
                    for (int column : columns) {
                        total +=
                                (double) InfluenceRun.influence(step, example, column, scale)
                                        / columns.length;
                    }
                }
            }
        }
        return total;
    }

    private static void assertTotals(Attribution attribution, double scale, int... columns) {
        assertEquals(EXAMPLES, attribution.examples().size());
        for (AttributedExample example : attribution.examples()) {
            assertEquals(total(example.example(), scale, columns), example.total(), 1e-9);
        }
    }

    @Test
    void addsUpTheInfluencesOfEachExample() {
        InfluenceRun.write(path, STEPS, EXAMPLES);
        assertTotals(attribution(AttributionQuery.ofKind("chosen").probe(1)), 1, 2);
        assertTotals(attribution(AttributionQuery.ofKind("rejected").probe(0).probe(2)), 1, 1, 5);
        assertTotals(attribution(AttributionQuery.ofKind("chosen")), 1, 0, 2, 4);
        assertTotals(attribution(AttributionQuery.ofKind("chosen").part("chosen")), 3, 0, 2, 4);
        assertTotals(attribution(AttributionQuery.ofKind("rejected").layer("head")), -2, 1, 3, 5);
    }

    @Test
    void addsUpSeveralResponsesInOnePass() {
        InfluenceRun.write(path, STEPS, EXAMPLES);
        RunFileReader run = RunFileReader.open(path);
        List<ResponseRow> axis = run.interactions().responseAxis();
        List<Attribution> each =
                Attribution.ofEach(run, List.of(axis.get(5), axis.get(2)), "", "chosen");
        assertEquals(2, each.size());
        assertTotals(each.get(0), 3, 2);
        assertTotals(each.get(1), 3, 5);
        assertEquals(List.of(axis.get(2)), each.get(0).responses());
        assertEquals(
                AttributionQuery.ofKind("chosen").probe(1).part("chosen"), each.get(0).query());
        assertEquals(STEPS, run.interactions().influenceSteps("", InfluenceBlock.WHOLE).size());
        assertEquals(List.of(), run.interactions().influenceSteps("tail", InfluenceBlock.WHOLE));
    }

    @Test
    void countsOccurrencesAndSelfInfluence() {
        InfluenceRun.write(path, STEPS, EXAMPLES);
        Attribution attribution = attribution(AttributionQuery.ofKind("chosen"));
        long occurrences = 0;
        for (AttributedExample example : attribution.examples()) {
            occurrences += example.occurrences();
            assertEquals(0.75 * example.occurrences(), example.selfInfluence(), 1e-12);
            assertEquals(example.total() / example.occurrences(), example.perOccurrence(), 0);
        }
        assertEquals(STEPS * InfluenceRun.BATCH, occurrences);
        assertEquals(Optional.of(InfluenceForm.UPDATE), attribution.form());
        assertEquals(3, attribution.responses().size());
    }

    @Test
    void tellsHowMuchOfTrainingIsCovered() {
        InfluenceRun.write(path, STEPS, EXAMPLES);
        Coverage coverage = attribution(AttributionQuery.ofKind("chosen")).coverage();
        assertEquals(new Coverage(STEPS, 10 * STEPS, EXAMPLES, EXAMPLES + 1), coverage);
        assertEquals(0.1, coverage.ofUpdates(), 1e-15);
        assertEquals(7 / 8.0, coverage.ofExamples(), 1e-15);
    }

    @Test
    void ranksHelpersAndHarmers() {
        Attribution attribution =
                new Attribution(
                        AttributionQuery.ofKind("chosen"),
                        List.of(),
                        List.of(
                                new AttributedExample(1, 3, 3, 0),
                                new AttributedExample(2, 2, 1, 0),
                                new AttributedExample(3, -4, 8, 0),
                                new AttributedExample(4, Double.NaN, 1, 0),
                                new AttributedExample(5, -1, 1, 0),
                                new AttributedExample(6, 2, 1, 0),
                                new AttributedExample(7, 0, 1, 0)),
                        Optional.of(InfluenceForm.UPDATE),
                        new Coverage(1, 1, 7, 7));
        assertEquals(List.of(1L, 2L), ids(attribution.helpers(2, AttributionOrder.TOTAL)));
        assertEquals(List.of(2L, 6L, 1L), ids(attribution.helpers(9, AttributionOrder.OCCURRENCE)));
        assertEquals(List.of(3L, 5L), ids(attribution.harmers(9, AttributionOrder.TOTAL)));
        assertEquals(List.of(5L), ids(attribution.harmers(1, AttributionOrder.OCCURRENCE)));
    }

    private static List<Long> ids(List<AttributedExample> examples) {
        return examples.stream().map(AttributedExample::example).toList();
    }

    @Test
    void isEmptyWithoutInfluences() {
        InfluenceRun.write(path, 0, EXAMPLES);
        Attribution attribution = attribution(AttributionQuery.ofKind("chosen"));
        assertEquals(List.of(), attribution.examples());
        assertEquals(Optional.empty(), attribution.form());
        assertEquals(new Coverage(0, 0, 0, EXAMPLES + 1), attribution.coverage());
        assertTrue(Double.isNaN(attribution.coverage().ofUpdates()));
    }

    @Test
    void keepsANanWhereAnInfluenceWasNone() {
        Interactions good = InfluenceRun.interactions(1, EXAMPLES, InfluenceForm.UPDATE);
        FloatMatrix holes =
                FloatMatrix.of(2, 6, Float.NaN, 1, 1, 1, 1, 1, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f);
        record(1, good, new InfluenceBlock(1, "", "", InfluenceForm.UPDATE, holes));
        List<AttributedExample> examples =
                attribution(AttributionQuery.ofKind("chosen")).examples();
        assertTrue(Double.isNaN(examples.get(0).total()));
        assertEquals(0.5, examples.get(1).total());
        assertEquals(1, attribution(AttributionQuery.ofKind("rejected")).examples().get(0).total());
    }

    private void record(long step, Interactions like, InfluenceBlock block) {
        try (var recorder = InfluenceRun.recorder(path)) {
            recorder.record(
                    InfluenceRun.recording(
                            step,
                            new Interactions(
                                    like.residuals(),
                                    List.of(block),
                                    List.of(),
                                    List.of(),
                                    List.of(),
                                    List.of())));
        }
    }

    @Test
    void refusesWhatDoesNotFitTogether() {
        Interactions good = InfluenceRun.interactions(1, EXAMPLES, InfluenceForm.UPDATE);
        record(1, good, block(1, InfluenceForm.UPDATE, 2, 6));
        Interactions next = InfluenceRun.interactions(2, EXAMPLES, InfluenceForm.UPDATE);
        record(2, next, block(2, InfluenceForm.DOT, 2, 6));
        assertProblem(
                "influence of recording 2 must have the form update of those before, got dot");
        path = directory.resolve("other.ldyn").toAbsolutePath();
        record(1, good, block(1, InfluenceForm.UPDATE, 2, 5));
        assertProblem("influence of recording 1 must have one column a response, 6, got 5");
        path = directory.resolve("third.ldyn").toAbsolutePath();
        record(1, good, block(1, InfluenceForm.UPDATE, 3, 6));
        assertProblem(
                "influence of recording 1 must have a residual for every example, got none for 2");
    }

    private static InfluenceBlock block(long step, InfluenceForm form, int rows, int columns) {
        FloatMatrix values = FloatMatrix.of(rows, columns, new float[rows * columns]);
        return new InfluenceBlock(step, "", "", form, values);
    }

    private void assertProblem(String problem) {
        Executable action = () -> attribution(AttributionQuery.ofKind("chosen"));
        RunFileException error = assertThrows(RunFileException.class, action);
        assertTrue(error.getMessage().endsWith(": " + problem), error.getMessage());
    }

    @Test
    void refusesResponsesThatTheRunHasNot() {
        InfluenceRun.write(path, 1, EXAMPLES);
        assertEquals(
                "a response of the run that influence was measured on must be chosen, got none"
                        + " of 6 responses",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> attribution(AttributionQuery.ofKind("chosen").probe(9)))
                        .getMessage());
    }
}
