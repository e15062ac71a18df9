package org.learningdynamics.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.sweep.record.CandidateState;
import org.learningdynamics.sweep.record.ResultRow;
import org.learningdynamics.sweep.record.SweepFile;

class SweepTest {
    private static final List<Score> SCORES =
            List.of(Score.PREFERENCE_MARGIN, Score.FINAL_LOG_PROB, Score.SQUEEZING_INDEX, Score.ARGMAX_SHARE);

    @TempDir private Path folder;

    private Sweep.Builder<TrainingChoice> sweep(String name) {
        return Sweep.builder(SweepTask.space(), SweepTask.trainer().build(), folder.resolve(name))
                .scores(SCORES)
                .limits(Limits.candidates(4));
    }

    /** Everything but times. */
    private static Map<Integer, List<Object>> results(SweepFile file) {
        Map<Integer, List<Object>> results = new TreeMap<>();
        for (ResultRow row : file.results()) {
            results.put(
                    row.index(),
                    List.of(file.parameters(row.index()), row.state(), row.cause(), row.runs(), row.scores()));
        }
        return results;
    }

    @Test
    void sameSeedsGiveSameCandidatesAndScoresWithAnyNumberOfWorkers() throws Exception {
        SweepFile one = sweep("one").build().run();
        SweepFile two = sweep("two").resources(new Resources(2, Long.MAX_VALUE)).build().run();
        assertEquals(4, one.results().size());
        assertTrue(one.results().stream().allMatch(r -> r.state() == CandidateState.DONE), one.results().toString());
        assertEquals(results(one), results(two));
        for (ResultRow row : one.results()) {
            for (String run : row.runs()) {
                assertTrue(Files.exists(folder.resolve("one").resolve(run)), run);
            }
        }
    }
}
