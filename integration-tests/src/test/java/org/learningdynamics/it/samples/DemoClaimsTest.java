package org.learningdynamics.it.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.learningdynamics.samples.demo.Demo;
import org.learningdynamics.samples.demo.DemoResult;
import org.learningdynamics.samples.demo.DemoSettings;
import org.learningdynamics.samples.demo.FactsDemo;
import org.learningdynamics.samples.demo.Verdict;
import org.learningdynamics.series.RecordedRun;
import org.learningdynamics.train.Progress;

/** Runs the whole demo on the shipped seed and two others; three to six minutes each. */
@Tag("full")
class DemoClaimsTest {
    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(longs = {DemoSettings.DEFAULT_SEED, 2, 3})
    void squeezingShowsOnEverySeed(long seed) throws IOException {
        DemoSettings settings = DemoSettings.full(seed);
        Demo demo = new Demo(settings, FactsDemo.load(settings), folder, Progress.silent());
        DemoResult result = demo.run();
        for (RecordedRun run : result.runs()) {
            assertTrue(run.steps().size() >= 10, run.name() + ": " + run.steps().size());
        }
        assertEquals("abcde", letters(result));
        for (Verdict verdict : result.verdicts()) {
            if ("abe".indexOf(verdict.letter()) >= 0) {
                assertTrue(verdict.holds(), verdict.toString());
            }
        }
    }

    private static String letters(DemoResult result) {
        StringBuilder letters = new StringBuilder();
        result.verdicts().forEach(verdict -> letters.append(verdict.letter()));
        return letters.toString();
    }
}
