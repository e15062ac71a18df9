package org.learningdynamics.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.recording.FloatMatrix;
import org.learningdynamics.recording.ResidualRow;
import org.learningdynamics.series.Interval;
import org.learningdynamics.series.MeanInterval;
import org.learningdynamics.series.Trust;

/** The numbers of the influence section against those that were recorded. */
class InfluenceSectionTest {
    private static final double DIGITS = 1e-5;

    @TempDir Path folder;

    private ReportPage page(InfluenceRun run, int recordings, TextUse texts) throws Exception {
        Path out = folder.resolve("report.html");
        Path file = run.write(folder.resolve("run.ldyn"), recordings);
        Report.write(List.of(file), out, ReportOptions.DEFAULT.texts(texts));
        return new ReportPage(Files.readString(out));
    }

    private static FloatMatrix matrix(InfluenceRun run, int recording, String key) {
        return Objects.requireNonNull(run.matrices.get(recording).get(key));
    }

    @Test
    void partsAreTheRecordedMatrices() throws Exception {
        InfluenceRun run = new InfluenceRun(3);
        ReportPage page = page(run, 4, TextUse.SHOWN);
        assertEquals("[\"\",\"chosen\",\"rejected\"]", page.at("influence", 0, "parts").toString());
        for (int t = 0; t < 4; t++) {
            for (String part : List.of("", "chosen", "rejected")) {
                JsonElement shown = page.at("influence", 0, "recordings", t, "parts", part);
                for (int e = 0; e < 3; e++) {
                    for (int o = 0; o < InfluenceRun.RESPONSES; o++) {
                        double value = matrix(run, t, "/" + part).get(e, o);
                        assertEquals(value, number(shown, e, o), DIGITS * Math.abs(value));
                    }
                }
            }
        }
    }

    private static double number(JsonElement matrix, int row, int column) {
        return matrix.getAsJsonArray().get(row).getAsJsonArray().get(column).getAsDouble();
    }

    @Test
    void layersAreSumsOverTheWholeBatchAlsoOfExamplesThatAreNotDrawn() throws Exception {
        InfluenceRun run = new InfluenceRun(BatchSection.MAX_EXAMPLES + 20);
        ReportPage page = page(run, 2, TextUse.SHOWN);
        assertEquals("[\"block\",\"head\"]", page.at("influence", 0, "layers").toString());
        JsonElement shown = page.at("influence", 0, "recordings", 1, "layers");
        for (int layer = 0; layer < 2; layer++) {
            FloatMatrix values = matrix(run, 1, InfluenceRun.LAYERS.get(layer) + "/");
            for (int o = 0; o < InfluenceRun.RESPONSES; o++) {
                double sum = 0;
                for (int e = 0; e < values.rows(); e++) {
                    sum += values.get(e, o);
                }
                assertEquals(sum, number(shown, layer, o), 1e-4);
            }
        }
    }

    @Test
    void ofALargeBatchTheStrongestExamplesAreDrawn() throws Exception {
        int batch = BatchSection.MAX_EXAMPLES + 20;
        InfluenceRun run = new InfluenceRun(batch);
        JsonObject shown =
                page(run, 1, TextUse.SHOWN).at("influence", 0, "recordings", 0).getAsJsonObject();
        FloatMatrix values = matrix(run, 0, "/");
        double[] size = new double[batch];
        for (int e = 0; e < batch; e++) {
            for (int o = 0; o < InfluenceRun.RESPONSES; o++) {
                size[e] += Math.abs(values.get(e, o));
            }
        }
        double least = IntStream.range(0, batch).mapToDouble(e -> size[e]).sorted().toArray()[20];
        List<Long> expected =
                IntStream.range(0, batch)
                        .filter(e -> size[e] >= least)
                        .mapToObj(e -> run.example(1, e))
                        .toList();
        assertEquals(expected.toString().replace(" ", ""), shown.get("examples").toString());
        assertEquals(batch, shown.get("batch").getAsInt());
    }

    @Test
    void residualsStandByExampleAndAsMeansOverTheBatch() throws Exception {
        InfluenceRun run = new InfluenceRun(3);
        ReportPage page = page(run, 4, TextUse.SHOWN);
        ResidualRow second = residual(run, 2, 1, "rejected");
        JsonArray shown =
                page.at("influence", 0, "recordings", 1, "residuals", "rejected", 1)
                        .getAsJsonArray();
        assertEquals(second.coefficient(), shown.get(0).getAsDouble(), DIGITS);
        assertEquals(second.aNorm(), shown.get(1).getAsDouble(), 1e-4);
        assertEquals(second.gNorm(), shown.get(2).getAsDouble(), 1e-4);
        assertEquals(0.5, shown.get(4).getAsDouble());
        assertEquals(4, shown.get(5).getAsInt());
        double[] norms =
                IntStream.range(0, 3)
                        .mapToDouble(e -> residual(run, 3, e, "chosen").gNorm())
                        .toArray();
        Interval mean = MeanInterval.studentT(norms);
        JsonArray curve = page.at("influence", 0, "residuals", "chosen", "g", 2).getAsJsonArray();
        assertEquals((norms[0] + norms[1] + norms[2]) / 3, curve.get(0).getAsDouble(), 1e-4);
        assertEquals(mean.low(), curve.get(1).getAsDouble(), 1e-4);
        assertEquals(
                "[10,20,30,40]", page.at("influence", 0, "residuals", "chosen", "x").toString());
    }

    private static ResidualRow residual(InfluenceRun run, int step, int position, String part) {
        return run.residuals.stream()
                .filter(r -> r.step() == step && r.position() == position && r.part().equals(part))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void kernelIsAMeanOverPairsWithTheMeanOfTheirErrors() throws Exception {
        InfluenceRun run = new InfluenceRun(3);
        ReportPage page = page(run, 2, TextUse.SHOWN);
        double sum = 0;
        double errors = 0;
        for (var row : run.kernel) {
            if (row.step() == 2 && row.name().equals("trace") && row.kind().equals("chosen")) {
                sum += row.value();
                errors += row.standardError();
            }
        }
        JsonArray shown = page.at("influence", 0, "kernel", "trace", "chosen", 1).getAsJsonArray();
        assertEquals(20, shown.get(0).getAsLong());
        assertEquals(sum / 18, shown.get(1).getAsDouble(), DIGITS);
        assertEquals(errors / 18, shown.get(2).getAsDouble(), DIGITS);
        assertEquals(18, shown.get(3).getAsLong());
        assertEquals(
                "[[10,1,0,1],[20,0.9,0,1]]",
                page.at("influence", 0, "kernel", "alignment", "").toString());
    }

    /** Rows of a batch of pairs: first the chosen, then the rejected responses. */
    @Test
    void kernelMatricesTellChosenFromRejected() throws Exception {
        InfluenceRun run = new InfluenceRun(3);
        ReportPage page = page(run, 1, TextUse.SHOWN);
        JsonObject shown = page.at("influence", 0, "recordings", 0, "kernel").getAsJsonObject();
        for (var row : run.kernel) {
            if (row.name().equals("trace")) {
                String key = "trace " + (row.position() < 3 ? "chosen" : "rejected");
                int o = 2 * row.probe() + InfluenceRun.KINDS.indexOf(row.kind());
                int e = row.position() % 3;
                assertEquals(row.value(), number(shown.get(key), e, o), DIGITS);
                JsonElement errors = shown.get(key + " error");
                assertEquals(row.standardError(), number(errors, e, o), DIGITS);
            }
        }
    }

    @Test
    void trustIsToldForEveryStep() throws Exception {
        InfluenceRun run = new InfluenceRun(3);
        ReportPage page = page(run, 3, TextUse.SHOWN);
        double[] predicted =
                run.shifts.stream()
                        .filter(s -> s.step() == 2)
                        .mapToDouble(s -> s.predicted())
                        .toArray();
        double[] actual =
                run.shifts.stream()
                        .filter(s -> s.step() == 2)
                        .mapToDouble(s -> s.actual())
                        .toArray();
        Trust trust = Trust.of(predicted, actual);
        JsonArray shown = page.at("influence", 0, "trust", "steps", 1).getAsJsonArray();
        assertEquals(20, shown.get(0).getAsLong());
        assertEquals(trust.spearman(), shown.get(1).getAsDouble(), DIGITS);
        assertEquals(trust.slope(), shown.get(2).getAsDouble(), DIGITS);
        assertEquals(trust.rSquared(), shown.get(3).getAsDouble(), 1e-4);
        assertEquals(trust.remainder(), shown.get(4).getAsDouble(), 1e-4);
        assertEquals(6, shown.get(5).getAsInt());
        assertEquals(
                "[2,2,2,2,2,2]",
                page.at("influence", 0, "recordings", 0, "split", "history").toString());
    }

    @Test
    void textsStandBesideEachOtherUnlessLeftOut() throws Exception {
        ReportPage shown = page(new InfluenceRun(3), 2, TextUse.SHOWN);
        assertEquals(
                "question 1", shown.at("influence", 0, "responses", 2, "prompt").getAsString());
        assertEquals(
                "text of chosen", shown.at("influence", 0, "responses", 2, "text").getAsString());
        assertEquals(
                "{\"prompt\":\"learn 4\",\"chosen\":\"good 4\",\"rejected\":\"bad 4\"}",
                shown.at("influence", 0, "examples", "4").toString());
        Files.delete(folder.resolve("run.ldyn"));
        ReportPage left = page(new InfluenceRun(3), 2, TextUse.LEFT_OUT);
        assertFalse(left.html().contains("question 1"));
        assertFalse(left.html().contains("learn 4"));
        assertFalse(left.html().contains("good 4"));
        assertEquals("{}", left.at("influence", 0, "examples").toString());
        assertTrue(left.html().contains("\"influence\":[{\"run\":\"run\""));
    }
}
