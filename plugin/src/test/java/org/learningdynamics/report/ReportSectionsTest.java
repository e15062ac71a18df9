package org.learningdynamics.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.StepRow;
import org.learningdynamics.series.LikelihoodTable;
import org.learningdynamics.series.RecordedRun;
import org.learningdynamics.series.SyntheticRun;

/** The numbers behind the paper's figures, against their formulas written out. */
class ReportSectionsTest {
    private static final int PROBES = 9;
    private static final double CLOSE = 1e-4; // the page holds six digits

    private static double chosen(int run, int t, int i) {
        return -40 - i + run * 0.3 * t + 0.2 * SyntheticRun.noise(t + run, i);
    }

    private static SyntheticRun run(String name, int number) {
        return SyntheticRun.of(name, 6, PROBES)
                .kind("chosen", (t, i) -> chosen(number, t, i))
                .kind("rejected", (t, i) -> -60 - t * number)
                .argmax((t, i) -> -20 + 0.1 * t * t + 0.01 * i)
                .header("stage", "dpo");
    }

    private static ReportPage page(RecordedRun... runs) {
        return new ReportPage(Report.html(List.of(runs), ReportOptions.DEFAULT));
    }

    private static double at(ReportPage page, Object... path) {
        return page.at(path).getAsDouble();
    }

    @Test
    void differencesArePairedMeans() {
        ReportPage page = page(run("a", 1).build(), run("b", 2).build());
        double level = 0;
        double change = 0;
        for (int i = 0; i < PROBES; i++) {
            double end = chosen(2, 4, i) - chosen(1, 4, i);
            level += end / PROBES;
            change += (end - chosen(2, 0, i) + chosen(1, 0, i)) / PROBES;
        }
        Object[] curve = {"differences", 0, "kinds", "chosen", "log_prob", "level", "mean", 4};
        assertEquals(level, at(page, curve), CLOSE);
        curve[5] = "change";
        assertEquals(change, at(page, curve), CLOSE);
        assertEquals(0, page.at("differences", 0, "base").getAsInt());
        assertEquals(1, page.at("differences", 0, "other").getAsInt());
        assertEquals("[0,100,200,300,400,500]", page.at("differences", 0, "x").toString());
        assertEquals(PROBES, page.at("differences", 0, "kinds", "chosen", "probes").getAsInt());
    }

    @Test
    void endsOfLinesAreComparedFirstThenWhatStandsBefore() {
        List<RecordedRun> runs =
                List.of(
                        run("sft", 1).header("continues", "").build(),
                        run("sft-ext", 2).header("continues", "").build(),
                        run("dpo", 3).header("continues", "sft").build(),
                        run("dpo-ext", 4).header("continues", "sft-ext").build());
        List<String> pairs =
                DifferenceSection.pairs(new ReportModel(runs, Map.of())).stream()
                        .map(pair -> pair.other().name() + " minus " + pair.base().name())
                        .toList();
        assertEquals(List.of("dpo-ext minus dpo", "sft-ext minus sft"), pairs);
    }

    @Test
    void runsThatShareNothingAreNotSubtracted() {
        RecordedRun foreign = run("b", 2).otherProbes().build();
        assertEquals("[]", page(run("a", 1).build(), foreign).at("differences").toString());
        assertEquals("[]", page(run("a", 1).build()).at("differences").toString());
    }

    @Test
    void signDeltaIsTheMeanChangeOverPeakinessAndGapSmoothed() {
        ReportPage page = page(run("a", 2).build());
        double smooth = 0;
        double sum = 0;
        List<Double> all = new ArrayList<>();
        for (int t = 0; t < 5; t++) {
            double delta = 0;
            double peakiness = 0;
            double gap = 0;
            for (int i = 0; i < PROBES; i++) {
                delta += (chosen(2, t + 1, i) - chosen(2, t, i)) / PROBES;
                peakiness += (10 + 0.1 * (t + 1) + 0.01 * i) / PROBES;
                gap += (0.8 - 0.01 * (t + 1) + 0.001 * i) / PROBES;
            }
            double value = delta / Math.sqrt(peakiness) / gap;
            smooth = t == 0 ? value : 0.9 * smooth + 0.1 * value;
            sum += smooth;
            all.add(smooth);
        }
        double mean = sum / 5;
        double variance = all.stream().mapToDouble(s -> (s - mean) * (s - mean) / 5).sum();
        Object[] path = {"accumulated", 0, "kinds", "chosen", "sign", "sum"};
        assertEquals(sum, at(page, path), CLOSE);
        path[5] = "variance";
        assertEquals(variance, at(page, path), 1e-6);
        assertEquals(smooth, at(page, "accumulated", 0, "kinds", "chosen", "sign", "y", 4), CLOSE);
        assertEquals("chosen", page.at("accumulated", 0, "gapKind").getAsString());
        assertEquals("[100,200,300,400,500]", page.at("accumulated", 0, "x").toString());
    }

    @Test
    void lowerBoundIsTheNormOfTheChanges() {
        ReportPage page = page(run("a", 2).build());
        double squares = 0;
        for (int i = 0; i < PROBES; i++) {
            squares += Math.pow(chosen(2, 1, i) - chosen(2, 0, i), 2);
        }
        double peakiness = 10 + 0.1 + 0.01 * (PROBES - 1) / 2;
        double gap = 0.8 - 0.01 + 0.001 * (PROBES - 1) / 2;
        assertEquals(
                Math.sqrt(squares) / Math.sqrt(peakiness) / gap,
                at(page, "accumulated", 0, "kinds", "chosen", "lbk", "y", 0),
                CLOSE);
    }

    @Test
    void oneRecordingHasNothingToAddUp() {
        ReportPage page = page(SyntheticRun.of("one", 1, 3).kind("chosen", (t, i) -> -5).build());
        assertEquals("[]", page.at("accumulated", 0, "x").toString());
        assertTrue(page.at("accumulated", 0, "kinds", "chosen", "sign", "sum").isJsonNull());
    }

    @Test
    void restIsFittedAgainstArgmaxRunByRun() {
        ReportPage page = page(run("a", 1).build());
        double[] x = new double[6];
        double[] y = new double[6];
        for (int t = 0; t < 6; t++) {
            x[t] = -20 + 0.1 * t * t + 0.01 * (PROBES - 1) / 2;
            y[t] = -30 - 0.5 * t - 0.1 * (PROBES - 1) / 2;
        }
        double[] line = leastSquares(x, y);
        Object[] path = {"panels", 0, "kinds", "chosen", "fits", 0, "against", "slope"};
        assertEquals(line[0], at(page, path), CLOSE);
        path[7] = "r2";
        assertEquals(line[1], at(page, path), CLOSE);
    }

    /** Slope and R² by sums of raw products. */
    private static double[] leastSquares(double[] x, double[] y) {
        double n = x.length;
        double sx = 0;
        double sy = 0;
        double sxx = 0;
        double sxy = 0;
        double syy = 0;
        for (int i = 0; i < x.length; i++) {
            sx += x[i];
            sy += y[i];
            sxx += x[i] * x[i];
            sxy += x[i] * y[i];
            syy += y[i] * y[i];
        }
        double slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
        double r = (n * sxy - sx * sy) / Math.sqrt((n * sxx - sx * sx) * (n * syy - sy * sy));
        return new double[] {slope, r * r};
    }

    @Test
    void whatDiffersIsToldFromWhatIsEachRunsOwn() {
        ReportPage page =
                page(
                        run("a", 1).header("config.rate", "1").header("os", "x").build(),
                        run("b", 2).header("config.rate", "2").header("os", "x").build());
        List<String> told = new ArrayList<>();
        for (JsonElement entry : page.at("provenance").getAsJsonArray()) {
            told.add(
                    entry.getAsJsonObject().get("key").getAsString()
                            + (entry.getAsJsonObject().get("differs").getAsBoolean()
                                    ? " differs"
                                    : "")
                            + (entry.getAsJsonObject().get("own").getAsBoolean() ? " own" : ""));
        }
        assertEquals(List.of("config.rate differs", "os", "stage own"), told);
    }

    /** Two recordings of four images of three classes, the second sharper. */
    private static RecordedRun classifier() {
        String[] classes = {"cat", "dog", "eel"};
        int[] truth = {0, 0, 1, 2};
        List<ResponseRow> responses = new ArrayList<>();
        List<ProbeRow> probes = new ArrayList<>();
        for (int i = 0; i < truth.length; i++) {
            probes.add(new ProbeRow(i, "d" + i, "images", "image " + i));
            responses.add(new ResponseRow(i, "label", classes[truth[i]], 1));
            for (String name : classes) {
                responses.add(new ResponseRow(i, name, name, 1));
            }
        }
        LikelihoodTable.Builder table = LikelihoodTable.builder(List.of(0L, 1L), responses);
        for (int t = 0; t < 2; t++) {
            for (ResponseRow response : responses) {
                table.add(row(t, response, truth[response.probe()], List.of(classes)));
            }
        }
        List<StepRow> steps =
                List.of(
                        new StepRow(0, 0, 0, 0, 1, .1, 1, 1, 1),
                        new StepRow(1, 50, 0, 9, 1, .1, 1, 1, 1));
        return new RecordedRun(
                "net", Map.of(), probes, responses, steps, List.of(), List.of(), table.build());
    }

    /** Cats look a little like dogs; at first every class has a third. */
    private static double[] distribution(int t, int label) {
        double[][] sharp = {{.7, .2, .1}, {.4, .5, .1}, {.05, .05, .9}};
        return t == 0 ? new double[] {1 / 3.0, 1 / 3.0, 1 / 3.0} : sharp[label];
    }

    private static LikelihoodRow row(int t, ResponseRow response, int label, List<String> classes) {
        double[] p = distribution(t, label);
        int kind = response.kind().equals("label") ? label : classes.indexOf(response.kind());
        double best = Math.max(p[0], Math.max(p[1], p[2]));
        return new LikelihoodRow(
                t,
                response.probe(),
                response.kind(),
                Math.log(p[kind]),
                Math.log(best),
                Math.log(1 - best),
                1,
                1,
                1,
                1,
                1);
    }

    @Test
    void classifiersShowTheMeanPredictionOfEachClass() {
        ReportPage page = page(classifier());
        assertEquals("[\"cat\",\"dog\",\"eel\"]", page.at("classes", 0, "classes").toString());
        assertEquals("[0,50]", page.at("classes", 0, "x").toString());
        assertEquals("[1,1]", page.at("classes", 0, "accuracy").toString());
        assertEquals(
                "[[0.7,0.2,0.1],[0.4,0.5,0.1],[0.05,0.05,0.9]]",
                page.at("classes", 0, "matrices", 1).toString());
        assertEquals(
                "0.333333",
                page.at("classes", 0, "matrices", 0)
                        .getAsJsonArray()
                        .get(2)
                        .getAsJsonArray()
                        .get(0)
                        .toString());
    }

    @Test
    void classifiersAreToldByAccuracyAndPull() {
        ReportPage page = page(classifier());
        assertEquals(
                "No alarm. At the end net gets 100.0 % of the probes right.",
                page.at("first", "headline", "text").getAsString());
        assertEquals(
                "cat and dog are taken for each other most: mean probability 0.300 on the other,"
                        + " 0.150 for any two classes.",
                page.at("first", "stories", 0, "sentences", 2, "text").getAsString());
    }

    @Test
    void answersAreNoClasses() {
        assertEquals("[]", page(run("a", 1).build()).at("classes").toString());
    }
}
