package org.learningdynamics.it.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.samples.lessons.Lesson1Classifier;
import org.learningdynamics.samples.lessons.Lesson2LanguageModel;
import org.learningdynamics.samples.lessons.Lesson3SameDiff;

/** Runs every lesson, and holds the README to the lessons' code. */
class LessonsTest {
    private static final Pattern SNIPPET =
            Pattern.compile("(?s) *// README [^\n]*\n(.*?) *// end\n");

    @TempDir Path folder;

    @Test
    void theClassifierLearnsItsLabels() {
        Path run = folder.resolve("1.ldyn");
        Lesson1Classifier.main(new String[] {run.toString()});
        assertLabelsRise(run, 7);
    }

    @Test
    void theSameDiffModelLearnsItsLabels() {
        Path run = folder.resolve("3.ldyn");
        Lesson3SameDiff.main(new String[] {run.toString()});
        assertLabelsRise(run, 5);
    }

    @Test
    void theLanguageModelLeavesTwoRunsAndAReport() throws IOException {
        Lesson2LanguageModel.main(new String[] {folder.toString()});
        RunFileReader dpo = RunFileReader.open(folder.resolve("dpo.ldyn"));
        assertEquals(5, dpo.steps().size());
        assertEquals(20, dpo.metrics("rewards/margins").size());
        assertTrue(Files.readString(folder.resolve("report.html")).contains("sft"));
    }

    @Test
    void readmeShowsTheLessonsCode() throws IOException {
        Path root = Path.of("..");
        String readme = Files.readString(root.resolve("README.md"));
        int found = 0;
        Path lessons = root.resolve("samples/src/main/java/org/learningdynamics/samples/lessons");
        try (var files = Files.newDirectoryStream(lessons, "Lesson*.java")) {
            for (Path file : files) {
                Matcher snippet = SNIPPET.matcher(Files.readString(file));
                assertTrue(snippet.find(), file + " has no part for the README");
                String shown = snippet.group(1).stripTrailing().stripIndent();
                assertTrue(
                        readme.contains(shown), "README.md must show, of " + file + ":\n" + shown);
                found++;
            }
        }
        assertEquals(3, found);
    }

    private static void assertLabelsRise(Path run, int recordings) {
        RunFileReader reader = RunFileReader.open(run);
        assertEquals(recordings, reader.steps().size());
        double first = mean(reader.likelihoods(RowFilter.ALL.steps(0, 0)));
        double last = mean(reader.likelihoods(RowFilter.ALL.steps(recordings - 1, recordings - 1)));
        assertTrue(last > first + 0.2, () -> "from " + first + " to " + last + " nats");
    }

    private static double mean(List<LikelihoodRow> rows) {
        return rows.stream().mapToDouble(LikelihoodRow::logProb).average().orElseThrow();
    }
}
