package org.learningdynamics.sweep;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.recording.Interactions;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.StepRow;
import org.learningdynamics.series.RecordedRun;
import org.learningdynamics.series.RunLoader;
import org.learningdynamics.sweep.record.Goal;

/** Every score against its formula, evaluated naively on the same numbers. */
class ScoreTest {
    private static final int PROBES = 6;
    private static final int RECORDINGS = 8;
    private static final List<String> KINDS =
            List.of("chosen", "rejected", HeldOut.CHOSEN, HeldOut.REJECTED);

    @TempDir private Path folder;
    private final double[][][] logProb = new double[KINDS.size()][RECORDINGS][PROBES];
    private final double[][] argmax = new double[RECORDINGS][PROBES];

    private static int tokens(int probe) {
        return probe + 1;
    }

    private static boolean isOf(int kind, int probe) {
        return kind < 2 ? probe < 3 : probe >= 3;
    }

    private void fillAtRandom() {
        Random random = new Random(3);
        for (int t = 0; t < RECORDINGS; t++) {
            for (int i = 0; i < PROBES; i++) {
                for (int k = 0; k < KINDS.size(); k++) {
                    logProb[k][t][i] =
                            -5 - random.nextInt(8); // whole numbers, so that there are ties
                }
                argmax[t][i] = -2 * random.nextDouble();
            }
        }
    }

    /** Chosen and rejected fall and argmax rises, for all probes nearly alike. */
    private void fillWithSqueezing() {
        for (int t = 0; t < RECORDINGS; t++) {
            for (int i = 0; i < PROBES; i++) {
                for (int k = 0; k < KINDS.size(); k++) {
                    logProb[k][t][i] = -5 - t * (0.5 + 0.01 * i);
                }
                argmax[t][i] = -2 + t * (0.1 + 0.01 * i);
            }
        }
    }

    private StepRecording recording(int t) {
        List<LikelihoodRow> rows = new ArrayList<>();
        for (int k = 0; k < KINDS.size(); k++) {
            for (int i = 0; i < PROBES; i++) {
                if (isOf(k, i)) {
                    double own = logProb[k][t][i];
                    rows.add(
                            new LikelihoodRow(
                                    t,
                                    i,
                                    KINDS.get(k),
                                    own,
                                    argmax[t][i],
                                    -1,
                                    1,
                                    1,
                                    1,
                                    1,
                                    tokens(i)));
                }
            }
        }
        StepRow step = new StepRow(t, 10L * t, 0, 0, 0.7, 0.1, 1, 1, 1);
        return new StepRecording(step, rows, List.of(), List.of(), Interactions.NONE);
    }

    private Path file() {
        Path file = folder.resolve("run.ldyn");
        List<ProbeRow> probes = new ArrayList<>();
        List<ResponseRow> responses = new ArrayList<>();
        for (int i = 0; i < PROBES; i++) {
            probes.add(new ProbeRow(i, "digest" + i, "set", "prompt"));
            for (int k = 0; k < KINDS.size(); k++) {
                if (isOf(k, i)) {
                    responses.add(new ResponseRow(i, KINDS.get(k), "text", tokens(i)));
                }
            }
        }
        RunHeader header = RunHeader.builder("run", Instant.EPOCH).stage("dpo").build();
        try (RunFileRecorder recorder =
                RunFileRecorder.builder(file, header).probes(probes).responses(responses).build()) {
            for (int t = 0; t < RECORDINGS; t++) {
                recorder.record(recording(t));
            }
        }
        return file;
    }

    private double meanChosen(int t) {
        return (logProb[0][t][0] + logProb[0][t][1] + logProb[0][t][2]) / 3;
    }

    private int best(int last) {
        int best = 0;
        for (int t = 1; t <= last; t++) {
            best = meanChosen(t) > meanChosen(best) ? t : best;
        }
        return best;
    }

    private static double step(double difference) {
        return difference > 0 ? 1 : difference == 0 ? 0.5 : 0;
    }

    @Test
    void equalTheirFormulasAtEveryRecording() {
        fillAtRandom();
        RecordedRun run = RunLoader.load(file());
        for (int t = 0; t < RECORDINGS; t++) {
            double accuracy = 0;
            double margin = 0;
            double ranking = 0;
            double squeezing = 0;
            double share = 0;
            for (int j = 3; j < 6; j++) {
                double d =
                        (logProb[2][t][j] - logProb[2][0][j])
                                - (logProb[3][t][j] - logProb[3][0][j]);
                accuracy += step(d) / 3;
                margin += d / 3;
                ranking += step(logProb[2][t][j] - logProb[3][t][j]) / 3;
            }
            int best = best(t);
            for (int i = 0; i < 3; i++) {
                squeezing +=
                        ((argmax[t][i] - argmax[best][i])
                                        - (logProb[0][t][i] - logProb[0][best][i]))
                                / 3;
                share += Math.exp(argmax[t][i] / tokens(i)) / 3;
            }
            assertEquals(meanChosen(t), Score.FINAL_LOG_PROB.at(run, t, "chosen"), 1e-12);
            assertEquals(meanChosen(best), Score.BEST_LOG_PROB.at(run, t, "chosen"), 1e-12);
            assertEquals(accuracy, Score.PREFERENCE_ACCURACY.at(run, t, "chosen"), 1e-12);
            assertEquals(margin, Score.PREFERENCE_MARGIN.at(run, t, "chosen"), 1e-12);
            assertEquals(ranking, Score.RANKING_ACCURACY.at(run, t, "chosen"), 1e-12);
            assertEquals(squeezing, Score.SQUEEZING_INDEX.at(run, t, "chosen"), 1e-12);
            assertEquals(share, Score.ARGMAX_SHARE.at(run, t, "chosen"), 1e-12);
        }
        assertEquals(0, Score.SQUEEZING_INDEX.at(run, 0, "chosen"));
    }

    @Test
    void areReadFromTheFileOfTheLastStage() {
        fillWithSqueezing();
        CandidateScores scores = new CandidateScores(file(), "chosen");
        List<Score> wanted =
                List.of(
                        Score.FINAL_LOG_PROB,
                        Score.SQUEEZED_SHARE,
                        Score.ORACLE_WIN_RATE,
                        Score.WALL_TIME,
                        Score.TRUST);
        Map<String, Double> values = scores.of(wanted, Map.of(Score.ORACLE_WIN_RATE, 0.75), 12);
        assertEquals(meanChosen(RECORDINGS - 1), values.get("final_log_prob"), 1e-12);
        assertEquals(1.0, values.get("squeezed_share"));
        assertEquals(0.75, values.get("oracle_win_rate"));
        assertEquals(12.0, values.get("wall_time"));
        assertTrue(Double.isNaN(values.get("trust")));
        double[] curve = new double[RECORDINGS];
        java.util.Arrays.setAll(curve, this::meanChosen);
        assertArrayEquals(curve, scores.curve(Score.FINAL_LOG_PROB), 1e-12);
    }

    @Test
    void nothingSqueezedIsAShareOfNothing() {
        fillAtRandom();
        CandidateScores scores = new CandidateScores(file(), "chosen");
        assertEquals(
                Map.of("squeezed_share", 0.0),
                scores.of(List.of(Score.SQUEEZED_SHARE), Map.of(), 0));
    }

    @Test
    void kindsThatWereNotRecordedHaveNoScore() {
        fillAtRandom();
        RecordedRun run = RunLoader.load(file());
        assertTrue(Double.isNaN(Score.FINAL_LOG_PROB.at(run, 0, "label")));
        assertTrue(Double.isNaN(Score.ARGMAX_SHARE.at(run, 0, "label")));
    }

    @Test
    void aSqueezingAlarmStopsACandidateAtTheFirstRecordingThatShowsIt() {
        fillWithSqueezing();
        StoppingRules rules =
                new StoppingRules(Score.FINAL_LOG_PROB, true, Optional.empty(), Optional.empty());
        StageWatch watch = new StageWatch("dpo", "chosen", Optional.of(rules), List.of());
        for (int t = 0; t < 4; t++) {
            watch.accept(recording(t));
            watch.check(10L * t, 0.7);
        }
        watch.accept(recording(4)); // the fifth: as long as the alarm's window
        CandidateStopped stop = assertThrows(CandidateStopped.class, () -> watch.check(41, 0.7));
        assertTrue(
                stop.getMessage().startsWith("after update 40 of dpo: Squeezing"),
                stop.getMessage());
        StageWatch lenient =
                new StageWatch("dpo", "chosen", Optional.of(StoppingRules.NONE), List.of());
        for (int t = 0; t < RECORDINGS; t++) {
            lenient.accept(recording(t));
            lenient.check(10L * t, 0.7);
        }
    }

    @Test
    void aLossThatIsNoNumberFailsACandidateWithoutAnyRule() {
        StageWatch watch = new StageWatch("sft", "chosen", Optional.empty(), List.of());
        watch.check(1, 0.5);
        CandidateFailed failure =
                assertThrows(CandidateFailed.class, () -> watch.check(2, Double.NaN));
        assertEquals("the loss of update 2 of sft is NaN", failure.getMessage());
    }

    @Test
    void medianStoppingIsVizierRule() {
        MedianRule rule = new MedianRule(2, 3);
        List<double[]> others =
                List.of(
                        new double[] {9, 1, 1, 1},
                        new double[] {9, 2, 4, 6},
                        new double[] {9, 5, 5, 5},
                        new double[] {9, 100}); // did not come as far
        // Running means at the third value: 1, 3 and 5.
        assertTrue(rule.stops(new double[] {9, 2.5, 2.9}, others, Goal.MAXIMIZE));
        assertFalse(rule.stops(new double[] {9, 3.0, 0}, others, Goal.MAXIMIZE));
        assertTrue(rule.stops(new double[] {0, 4, 3.1}, others, Goal.MINIMIZE));
        assertFalse(rule.stops(new double[] {0, 4, 2.9}, others, Goal.MINIMIZE));
        assertFalse(rule.stops(new double[] {9, -5}, others, Goal.MAXIMIZE));
        assertFalse(rule.stops(new double[] {9, -5, -5}, others.subList(1, 4), Goal.MAXIMIZE));
        assertTrue(rule.stops(new double[] {9, Double.NaN, Double.NaN}, others, Goal.MAXIMIZE));
    }

    @Test
    void namesAreThoseOfConfigurations() {
        for (Score score : Score.values()) {
            assertEquals(score, Score.of(score.label()));
        }
        assertTrue(
                assertThrows(SweepConfigException.class, () -> Score.of("luck"))
                        .getMessage()
                        .endsWith("got luck"));
    }
}
