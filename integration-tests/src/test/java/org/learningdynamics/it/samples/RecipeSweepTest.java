package org.learningdynamics.it.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.samples.sweeps.RecipeSweep;
import org.learningdynamics.sweep.SweepConfig;
import org.learningdynamics.sweep.record.CandidateState;
import org.learningdynamics.sweep.record.ResultRow;
import org.learningdynamics.sweep.record.SweepFile;

class RecipeSweepTest {
    @TempDir private Path folder;

    @Test
    void trainsScoresAndAnswers() throws Exception {
        SweepFile sweep = RecipeSweep.run(folder, RecipeSweep.Size.TINY, 2, at -> {});
        assertEquals(2, sweep.results().size());
        Set<Object> extended = new HashSet<>();
        for (ResultRow row : sweep.results()) {
            assertEquals(CandidateState.DONE, row.state(), row.cause());
            double wins = row.score("oracle_win_rate");
            assertTrue(wins >= 0 && wins <= 1, "win rate " + wins);
            assertEquals(2, row.runs().size());
            extended.add(sweep.parameters(row.index()).get("extended"));
        }
        assertEquals(Set.of(true, false), extended);
        List<String> lines = RecipeSweep.answer(sweep);
        assertTrue(lines.get(0).startsWith("best without squeezing: {extended="), lines.get(0));
        assertTrue(Files.readString(folder.resolve("report.html")).contains("oracle_win_rate"));
    }

    @Test
    void isAConfigurationThatCanBeWritten() {
        SweepConfig config = RecipeSweep.config(RecipeSweep.Size.MEDIUM, 2);
        assertEquals(config.toJson(), SweepConfig.fromJson(config.toJson()).toJson());
        assertEquals(List.of("beta", "extended", "sft_epochs"), config.space().names());
    }
}
