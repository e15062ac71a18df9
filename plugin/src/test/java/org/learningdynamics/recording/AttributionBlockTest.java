package org.learningdynamics.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttributionBlockTest {
    @TempDir private Path directory;
    private Path path;

    @BeforeEach
    void namePath() {
        path = directory.resolve("attribution.ldyn");
    }

    private static AttributionBlock block(long checkpoint, long block, double value) {
        return new AttributionBlock(
                new ScoredBlock(checkpoint, block),
                List.of(
                        new AttributionRow(block, 0, "chosen", value, 1),
                        new AttributionRow(block, 7, "chosen", -value, 1)),
                List.of(new SelfInfluenceRow(block, 2 * value, 1)));
    }

    private long record(AttributionBlock... blocks) {
        RunFileRecorder recorder = SampleRun.builder(path).build();
        try (recorder) {
            for (AttributionBlock block : blocks) {
                recorder.record(block);
            }
            recorder.flush();
            return recorder.stats().lost();
        }
    }

    private List<AttributionRow> attributions() {
        List<AttributionRow> rows = new ArrayList<>();
        RunFileReader.open(path).interactions().forEachAttribution(rows::add);
        return rows;
    }

    private List<SelfInfluenceRow> selfInfluences() {
        List<SelfInfluenceRow> rows = new ArrayList<>();
        RunFileReader.open(path).interactions().forEachSelfInfluence(rows::add);
        return rows;
    }

    @Test
    void addUpOverCheckpointsAndSurviveReopening() {
        assertEquals(0, record(block(0, 1, 0.5), block(0, 2, 3)));
        assertEquals(0, record(block(10, 1, 0.25)));
        assertEquals(
                List.of(
                        new AttributionRow(1, 0, "chosen", 0.75, 2),
                        new AttributionRow(1, 7, "chosen", -0.75, 2),
                        new AttributionRow(2, 0, "chosen", 3, 1),
                        new AttributionRow(2, 7, "chosen", -3, 1)),
                attributions());
        assertEquals(
                List.of(new SelfInfluenceRow(1, 1.5, 2), new SelfInfluenceRow(2, 6, 1)),
                selfInfluences());
        assertEquals(
                List.of(new ScoredBlock(0, 1), new ScoredBlock(0, 2), new ScoredBlock(10, 1)),
                RunFileReader.open(path).interactions().scoredBlocks());
    }

    @Test
    void addNothingASecondTime() {
        assertEquals(1, record(block(0, 1, 0.5), block(0, 1, 9)));
        assertEquals(new AttributionRow(1, 0, "chosen", 0.5, 1), attributions().get(0));
        assertEquals(List.of(new SelfInfluenceRow(1, 1, 1)), selfInfluences());
    }

    @Test
    void stayNotANumberOnceTheyAre() {
        record(block(0, 1, Double.NaN), block(10, 1, 1));
        assertTrue(Double.isNaN(attributions().get(0).total()));
        assertTrue(Double.isNaN(selfInfluences().get(0).total()));
        assertEquals(
                List.of("nan"),
                RunFileReader.open(path).events().stream().map(Event::code).toList());
    }

    @Test
    void goBackWithTheRecordingsTheyMayRestOn() {
        try (RunFileRecorder recorder = SampleRun.builder(path).build()) {
            recorder.record(SampleRun.recording(0, 10));
            recorder.record(block(0, 1, 1));
        }
        SampleRun.builder(path).continueFrom(5).build().close();
        assertEquals(List.of(), attributions());
        assertEquals(List.of(), selfInfluences());
        assertEquals(List.of(), RunFileReader.open(path).interactions().scoredBlocks());
    }

    @Test
    void rejectWhatCannotBe() {
        assertRejected("checkpoint must be >= 0, got -1", () -> new ScoredBlock(-1, 0));
        assertRejected("block must be >= 0, got -2", () -> new ScoredBlock(0, -2));
        assertRejected("recordings must be >= 0, got -1", () -> new SelfInfluenceRow(1, 0, -1));
    }

    private static void assertRejected(
            String message, org.junit.jupiter.api.function.Executable action) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, action).getMessage());
    }
}
