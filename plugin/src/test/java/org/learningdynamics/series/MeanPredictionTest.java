package org.learningdynamics.series;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.StepRow;

class MeanPredictionTest {
    private static final List<String> CLASSES = List.of("cat", "dog", "eel");
    private static final int[] TRUTH = {0, 0, 1, 1};

    /** Distributions by probe at two recordings; recording 1 is uniform. */
    private static final double[][] FIRST = {
        {.7, .2, .1}, {.3, .6, .1}, {.25, .5, .25}, {.15, .8, .05}
    };

    private static RecordedRun run(double[][] first, boolean everyClass) {
        List<ResponseRow> responses = new ArrayList<>();
        List<ProbeRow> probes = new ArrayList<>();
        for (int i = 0; i < TRUTH.length; i++) {
            probes.add(new ProbeRow(i, "digest", "set", "example " + i));
            responses.add(new ResponseRow(i, MeanPrediction.LABEL, CLASSES.get(TRUTH[i]), 1));
            for (String name : everyClass ? CLASSES : List.<String>of()) {
                responses.add(new ResponseRow(i, name, name, 1));
            }
        }
        LikelihoodTable.Builder table = LikelihoodTable.builder(List.of(0L, 1L), responses);
        for (ResponseRow response : responses) {
            int label = TRUTH[response.probe()];
            int kind =
                    response.kind().equals(MeanPrediction.LABEL)
                            ? label
                            : CLASSES.indexOf(response.kind());
            double[] uniform = {1 / 3.0, 1 / 3.0, 1 / 3.0};
            table.add(row(0, response, first[response.probe()], kind));
            table.add(row(1, response, uniform, kind));
        }
        List<StepRow> steps = List.of(step(0), step(1));
        return new RecordedRun(
                "run", Map.of(), probes, responses, steps, List.of(), List.of(), table.build());
    }

    private static StepRow step(long step) {
        return new StepRow(step, step, 0, 0, 1, .1, 1, 1, 1);
    }

    private static LikelihoodRow row(
            long step, ResponseRow response, double[] distribution, int kind) {
        double best = Arrays.stream(distribution).max().orElseThrow();
        return new LikelihoodRow(
                step,
                response.probe(),
                response.kind(),
                Math.log(distribution[kind]),
                Math.log(best),
                Math.log(1 - best),
                1,
                1,
                1,
                1,
                1);
    }

    @Test
    void averagesEachTrueClass() {
        MeanPrediction mean = MeanPrediction.of(run(FIRST, true), 0);
        assertEquals(CLASSES, mean.classes());
        double[][] p = mean.probabilities();
        assertEquals((.7 + .3) / 2, p[0][0], 1e-12);
        assertEquals((.2 + .6) / 2, p[0][1], 1e-12);
        assertEquals(.1, p[0][2], 1e-12);
        assertEquals((.25 + .15) / 2, p[1][0], 1e-12);
        assertTrue(Double.isNaN(p[2][0]), "no eel was watched");
        assertEquals(1 / 3.0, MeanPrediction.of(run(FIRST, true), 1).probabilities()[1][2], 1e-12);
    }

    @Test
    void countsTheProbesWhoseLabelIsLikeliest() {
        assertEquals(.75, MeanPrediction.of(run(FIRST, true), 0).accuracy());
        assertEquals(1, MeanPrediction.of(run(FIRST, true), 1).accuracy(), "all tie");
    }

    @Test
    void leavesOutWhatWasNotMeasured() {
        double[][] broken = FIRST.clone();
        broken[1] = new double[] {Double.NaN, Double.NaN, Double.NaN};
        MeanPrediction mean = MeanPrediction.of(run(broken, true), 0);
        assertEquals(.7, mean.probabilities()[0][0], 1e-12);
        assertEquals(1, mean.accuracy());
    }

    @Test
    void pullIsTheMeanOfBothDirections() {
        double[][] p = {{.6, .3, .1}, {.2, .7, .1}, {0, .05, .95}};
        MeanPrediction mean = new MeanPrediction(CLASSES, p, .9);
        assertEquals(.25, mean.pull(0, 1), 1e-15);
        assertEquals(.05, mean.pull(0, 2), 1e-15);
        assertEquals((.3 + .1 + .2 + .1 + 0 + .05) / 6, mean.meanPull(), 1e-15);
    }

    @Test
    void copiesItsTable() {
        double[][] p = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
        MeanPrediction mean = new MeanPrediction(CLASSES, p, 1);
        p[0][1] = 5;
        assertEquals(0, mean.probabilities()[0][1]);
    }

    @Test
    void tellsWhetherARunRecordsEveryClass() {
        assertTrue(MeanPrediction.isRecordedBy(run(FIRST, true)));
        assertFalse(MeanPrediction.isRecordedBy(run(FIRST, false)));
        RecordedRun answers =
                SyntheticRun.of("answers", 2, 3)
                        .kind("label", (t, i) -> -1)
                        .kind("chosen", (t, i) -> -2)
                        .kind("rejected", (t, i) -> -3)
                        .build();
        assertFalse(MeanPrediction.isRecordedBy(answers), "no label names a kind");
    }

    @Test
    void needsEveryClass() {
        var error =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> MeanPrediction.of(run(FIRST, false), 0));
        assertEquals(
                "run must record the kind \"label\" and every class as a kind, got [label]",
                error.getMessage());
        var shape =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> new MeanPrediction(CLASSES, new double[2][2], 1));
        assertEquals(
                "probabilities must be square with one row a class, got 2 rows for 3 classes",
                shape.getMessage());
    }
}
