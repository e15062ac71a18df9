package org.learningdynamics.it.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.samples.lessons.Lesson6Digits;
import org.learningdynamics.series.MeanPrediction;
import org.learningdynamics.series.RecordedRun;
import org.learningdynamics.series.RunLoader;

/** Runs the lesson on digits, and holds its page of the documents to its code. */
class DigitsLessonTest {
    private static final Pattern SNIPPET =
            Pattern.compile("(?s) *// docs/digits.md [^\n]*\n(.*?) *// end\n");

    @TempDir Path folder;

    @Test
    void thePerceptronLearnsDigitsAndDrawsWhatItPredicts() throws IOException {
        Lesson6Digits.main(new String[] {folder.toString(), "400", "20"});
        RecordedRun run = RunLoader.load(folder.resolve("digits.ldyn"));
        int recordings = run.steps().size();
        assertEquals(500, run.steps().get(recordings - 1).iteration());
        double first = MeanPrediction.of(run, 0).accuracy();
        double last = MeanPrediction.of(run, recordings - 1).accuracy();
        assertTrue(last > first + .2, () -> "accuracy from " + first + " to " + last);
        assertTrue(Files.readString(folder.resolve("digits.html")).contains("mean prediction"));
    }

    @Test
    void theDocumentShowsTheLessonsCode() throws IOException {
        Path root = Path.of("..");
        Path lessons = root.resolve("samples/src/main/java/org/learningdynamics/samples/lessons");
        Matcher snippet = SNIPPET.matcher(Files.readString(lessons.resolve("Lesson6Digits.java")));
        assertTrue(snippet.find());
        String shown = snippet.group(1).stripTrailing().stripIndent();
        String document = Files.readString(root.resolve("docs/digits.md"));
        assertTrue(document.contains(shown), "docs/digits.md must show:\n" + shown);
    }
}
