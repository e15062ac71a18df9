package org.learningdynamics.samples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.learningdynamics.probe.ResponseKind;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.series.LikelihoodTable;

class ClaimsTest {
    private static final int PROBES = 30;
    private static final int RECORDINGS = 5;

    /** Change over the run by kind; kinds not named do not move. */
    private static LikelihoodTable table(Map<String, Double> change, double argmaxChange) {
        List<Long> steps = LongStream.range(0, RECORDINGS).boxed().toList();
        List<ResponseRow> responses = new ArrayList<>();
        for (int probe = 0; probe < PROBES; probe++) {
            for (String kind : ResponseKind.STANDARD) {
                responses.add(new ResponseRow(probe, kind, "text", 5));
            }
        }
        LikelihoodTable.Builder builder = LikelihoodTable.builder(steps, responses);
        Random noise = new Random(1);
        for (int t = 0; t < RECORDINGS; t++) {
            double done = t / (RECORDINGS - 1.0);
            for (ResponseRow row : responses) {
                double logProb =
                        -20
                                + done * change.getOrDefault(row.kind(), 0.0)
                                + .01 * noise.nextGaussian();
                double argmax = -3 + done * argmaxChange + .01 * noise.nextGaussian();
                builder.add(
                        new LikelihoodRow(
                                t, row.probe(), row.kind(), logProb, argmax, -5, 10, .5, .5, 1, 5));
            }
        }
        return builder.build();
    }

    private static Map<String, Double> learning() {
        return Map.of(
                ResponseKind.CHOSEN, 3.0,
                ResponseKind.CHOSEN_SEMANTIC, 2.0,
                ResponseKind.CHOSEN_FORMAT, 1.0,
                ResponseKind.RANDOM_PERMUTE, -4.0,
                ResponseKind.RANDOM_NON_HUMAN, -4.0);
    }

    private static Map<String, Double> squeezing(double chosen) {
        return Map.of(
                ResponseKind.CHOSEN, chosen,
                ResponseKind.CHOSEN_SEMANTIC, -2.0,
                ResponseKind.CHOSEN_FORMAT, -2.0,
                ResponseKind.CHOSEN_INITIAL, -2.0,
                ResponseKind.REJECTED, -6.0,
                ResponseKind.REJECTED_SEMANTIC, -5.0,
                ResponseKind.REJECTED_FORMAT, -5.0);
    }

    private static List<Verdict> check(LikelihoodTable sft, LikelihoodTable dpo) {
        LikelihoodTable extended = table(squeezing(-.5), 1);
        double[] losses = {Math.log(2), Math.log(2) + 1e-6};
        return new Claims(sft, dpo, extended, losses, new double[] {1, 1, 1, .5, 1, 1, 1}).check();
    }

    @Test
    void allHoldOnRecordingsThatShowThem() {
        List<Verdict> verdicts = check(table(learning(), 0), table(squeezing(-2), 1));
        assertEquals("abcde", letters(verdicts));
        verdicts.forEach(verdict -> assertTrue(verdict.holds(), verdict::toString));
    }

    @Test
    void squeezingNeedsARisingArgmax() {
        Verdict verdict = check(table(learning(), 0), table(squeezing(-2), -1)).get(1);
        assertFalse(verdict.holds());
        assertTrue(
                verdict.toString().contains("no   argmax at chosen's positions changes by -1.0"),
                verdict::toString);
    }

    @Test
    void squeezingNeedsAFallingChosen() {
        assertFalse(check(table(learning(), 0), table(squeezing(2), 1)).get(1).holds());
    }

    @Test
    void liftingNeedsTheParaphrases() {
        assertFalse(
                check(table(Map.of(ResponseKind.CHOSEN, 3.0), 0), table(squeezing(-2), 1))
                        .get(0)
                        .holds());
    }

    @Test
    void softeningNeedsASmallerFall() {
        Verdict verdict = check(table(learning(), 0), table(squeezing(-.1), 1)).get(2);
        assertFalse(verdict.holds(), verdict::toString);
    }

    @Test
    void aFirstLossAwayFromLn2DoesNotHold() {
        LikelihoodTable any = table(learning(), 0);
        Verdict verdict =
                new Claims(any, any, any, new double[] {.70}, new double[] {.5}).check().get(4);
        assertFalse(verdict.holds());
        assertTrue(verdict.evidence().get(0).contains("0.700000"));
    }

    private static String letters(List<Verdict> verdicts) {
        return verdicts.stream()
                .map(verdict -> String.valueOf(verdict.letter()))
                .reduce("", String::concat);
    }
}
