package org.learningdynamics.series;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.recording.AttributionBlock;
import org.learningdynamics.recording.AttributionRow;
import org.learningdynamics.recording.ExampleRow;
import org.learningdynamics.recording.InfluenceForm;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.ScoredBlock;
import org.learningdynamics.recording.SelfInfluenceRow;

/** What a job over checkpoints left, as an attribution. */
class StoredSumsTest {
    @TempDir private Path directory;
    private Path path;

    @BeforeEach
    void record() {
        path = directory.resolve("job.ldyn");
        RunHeader header =
                RunHeader.builder("dpo", Instant.EPOCH)
                        .configuration(
                                Map.of(
                                        "influence.form",
                                        "dot",
                                        "influence.checkpoints",
                                        "0@0.1 10@0.2"))
                        .build();
        try (RunFileRecorder recorder =
                RunFileRecorder.builder(path, header)
                        .probes(
                                List.of(
                                        new ProbeRow(1, "a", "set", "p"),
                                        new ProbeRow(2, "b", "set", "q")))
                        .responses(
                                List.of(
                                        new ResponseRow(1, "chosen", "yes", 1),
                                        new ResponseRow(1, "rejected", "no", 1),
                                        new ResponseRow(2, "chosen", "yes", 1)))
                        .build()) {
            for (long example = 11; example <= 13; example++) {
                recorder.record(new ExampleRow(example, "d", "prompt"));
            }
            recorder.record(block(0, 0, 11, 1));
            recorder.record(block(0, 1, 12, -4));
            recorder.record(block(10, 0, 11, 2));
        }
    }

    /** Adds x and 3·x to the chosen responses, and −100 to the rejected one. */
    private static AttributionBlock block(long checkpoint, long block, long example, double x) {
        return new AttributionBlock(
                new ScoredBlock(checkpoint, block),
                List.of(
                        new AttributionRow(example, 1, "chosen", x, 1),
                        new AttributionRow(example, 1, "rejected", -100, 1),
                        new AttributionRow(example, 2, "chosen", 3 * x, 1)),
                List.of(new SelfInfluenceRow(example, x * x, 1)));
    }

    private Attribution stored(AttributionQuery query) {
        return Attribution.stored(RunFileReader.open(path), query);
    }

    @Test
    void isTheMeanOverResponsesOfTheSumsOverCheckpoints() {
        Attribution attribution = stored(AttributionQuery.ofKind("chosen"));
        assertEquals(
                List.of(new AttributedExample(11, 6, 2, 5), new AttributedExample(12, -8, 1, 16)),
                attribution.examples());
        assertEquals(Optional.of(InfluenceForm.DOT), attribution.form());
        assertEquals(2, attribution.responses().size());
    }

    @Test
    void looksAtOneProbe() {
        List<AttributedExample> examples =
                stored(AttributionQuery.ofKind("chosen").probe(2)).examples();
        assertEquals(9, examples.get(0).total());
        assertEquals(-12, examples.get(1).total());
    }

    @Test
    void tellsHowManyCheckpointsAndExamplesAreScored() {
        Coverage coverage = stored(AttributionQuery.ofKind("chosen")).coverage();
        assertEquals(new Coverage(2, 2, 2, 3), coverage);
        assertEquals(1, coverage.ofUpdates());
    }

    @Test
    void knowsFilesThatHoldSuchSums() {
        assertTrue(Attribution.isStored(RunFileReader.open(path)));
        Path other = directory.resolve("run.ldyn");
        InfluenceRun.write(other, 1, 3);
        assertFalse(Attribution.isStored(RunFileReader.open(other)));
    }

    @Test
    void refusesWhatTheSumsDoNotTell() {
        List<AttributionQuery> refused = new ArrayList<>();
        refused.add(AttributionQuery.ofKind("chosen").layer("head"));
        refused.add(AttributionQuery.ofKind("chosen").part("rejected"));
        for (AttributionQuery query : refused) {
            assertEquals(
                    "sums over checkpoints are of whole examples and the job's layers, got "
                            + query,
                    assertThrows(IllegalArgumentException.class, () -> stored(query)).getMessage());
        }
        AttributionQuery unknown = AttributionQuery.ofKind("other");
        assertEquals(
                "query must choose a response of the run, got kind other",
                assertThrows(IllegalArgumentException.class, () -> stored(unknown)).getMessage());
    }

    @Test
    void eachResponseHasSumsOfItsOwn() {
        RunFileReader run = RunFileReader.open(path);
        List<Attribution> each = Attribution.storedOfEach(run, run.responses());
        assertEquals(
                List.of("1 chosen", "1 rejected", "2 chosen"),
                each.stream()
                        .map(one -> one.responses().get(0))
                        .map(row -> row.probe() + " " + row.kind())
                        .toList());
        for (Attribution one : each) {
            ResponseRow row = one.responses().get(0);
            AttributionQuery query = AttributionQuery.ofKind(row.kind()).probe(row.probe());
            assertEquals(Attribution.stored(run, query), one);
        }
        assertEquals(9, each.get(2).examples().get(0).total());
    }
}
