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
import org.learningdynamics.listener.ClassProbes;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.Metric;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.samples.lessons.IrisTable;
import org.learningdynamics.samples.lessons.Lesson1Classifier;
import org.learningdynamics.samples.lessons.Lesson2LanguageModel;
import org.learningdynamics.samples.lessons.Lesson3SameDiff;
import org.learningdynamics.samples.lessons.Lesson4CharacterLstm;
import org.learningdynamics.samples.lessons.Lesson5Iris;
import org.learningdynamics.samples.lessons.Lesson7Graph;
import org.learningdynamics.samples.lessons.Lesson8Influence;
import org.learningdynamics.series.AttributedExample;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

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
    void theGraphLearnsItsLabels() {
        Path run = folder.resolve("7.ldyn");
        Lesson7Graph.main(new String[] {run.toString()});
        assertLabelsRise(run, 7);
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
    void theCharacterModelLearnsAnswersAndThenPreferences() {
        Lesson4CharacterLstm.main(new String[] {folder.toString(), "4", "10"});
        RunFileReader sft = RunFileReader.open(folder.resolve("sft.ldyn"));
        assertEquals(3, sft.steps().size());
        assertTrue(mean(chosenAt(sft, 2)) > mean(chosenAt(sft, 0)) + 20);
        RunFileReader dpo = RunFileReader.open(folder.resolve("dpo.ldyn"));
        assertEquals(3, dpo.steps().size());
        assertEquals(sft.likelihoods(RowFilter.ALL.steps(2, 2)).size(), dpo.responses().size());
        assertEquals(mean(chosenAt(sft, 2)), mean(chosenAt(dpo, 0)), 1e-9);
        List<Metric> margins = dpo.metrics("rewards/margins");
        assertEquals(10, margins.size());
        assertEquals(0, margins.get(0).value());
        assertTrue(margins.get(9).value() > 0.05, margins::toString);
    }

    private static List<LikelihoodRow> chosenAt(RunFileReader run, int step) {
        return run.likelihoods(RowFilter.ALL.steps(step, step)).stream()
                .filter(row -> row.kind().equals("chosen"))
                .toList();
    }

    @Test
    void theWrongExampleIsFound() {
        AttributedExample culprit = Lesson8Influence.culprit(folder.resolve("8.ldyn"));
        assertEquals(100, culprit.example());
        assertTrue(culprit.total() < 0, culprit::toString);
    }

    @Test
    void theIrisClassifierTellsTheSpeciesApart() {
        Path run = folder.resolve("5.ldyn");
        Lesson5Iris.main(new String[] {run.toString(), "60"});
        RunFileReader reader = RunFileReader.open(run);
        assertEquals(7, reader.steps().size());
        List<LikelihoodRow> rows =
                reader.likelihoods(RowFilter.ALL.steps(6, 6)).stream()
                        .filter(row -> !row.kind().equals(ClassProbes.LABEL))
                        .toList();
        assertEquals(45, rows.size());

        for (LikelihoodRow row : rows) {
            boolean own = row.probe() / 5 == IrisTable.SPECIES.indexOf(row.kind());
            assertEquals(own, row.logProb() > Math.log(0.5), row::toString);
        }
    }

    @Test
    void everyLessonFitsOnAPage() throws IOException {
        Path lessons = Path.of("../samples/src/main/java/org/learningdynamics/samples/lessons");
        int found = 0;
        try (var files = Files.newDirectoryStream(lessons, "Lesson*.java")) {
            for (Path file : files) {
                int lines = Files.readAllLines(file).size();
                assertTrue(lines <= 80, () -> file + " has " + lines + " lines");
                found++;
            }
        }
        assertEquals(8, found);
    }

    /** Table II of Fisher's paper. */
    @Test
    void theIrisTableHasFishersMeans() {
        double[][] means = {
            {5.006, 3.428, 1.462, 0.246}, {5.936, 2.770, 4.260, 1.326}, {6.588, 2.974, 5.552, 2.026}
        };
        DataSet flowers = IrisTable.read();
        INDArray sums = flowers.getLabels().transpose().mmul(flowers.getFeatures());
        for (int species = 0; species < 3; species++) {
            assertEquals(50, flowers.getLabels().getColumn(species).sumNumber().doubleValue());
            for (int column = 0; column < 4; column++) {
                assertEquals(means[species][column], sums.getDouble(species, column) / 50, 1e-5);
            }
        }
    }

    @Test
    void readmeShowsTheLessonsCode() throws IOException {
        Path root = Path.of("..");
        String readme = Files.readString(root.resolve("README.md"));
        int found = 0;
        Path lessons = root.resolve("samples/src/main/java/org/learningdynamics/samples/lessons");
        try (var files = Files.newDirectoryStream(lessons, "Lesson*.java")) {
            for (Path file : files) {
                String lesson = file.getFileName().toString().replace(".java", "");
                assertTrue(readme.contains(lesson), "README.md must name " + lesson);
                Matcher snippet = SNIPPET.matcher(Files.readString(file));
                if (!snippet.find()) {
                    continue;
                }
                String shown = snippet.group(1).stripTrailing().stripIndent();
                assertTrue(
                        readme.contains(shown), "README.md must show, of " + file + ":\n" + shown);
                found++;
            }
        }
        assertEquals(6, found);
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
