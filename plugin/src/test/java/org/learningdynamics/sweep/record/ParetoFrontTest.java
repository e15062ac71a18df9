package org.learningdynamics.sweep.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ParetoFrontTest {
    private static final List<Goal> GOALS = List.of(Goal.MAXIMIZE, Goal.MINIMIZE, Goal.MAXIMIZE);

    /** Of every other candidate: is it at least as good everywhere and better somewhere? */
    private static List<Integer> naive(double[][] scores, List<Goal> goals) {
        List<Integer> front = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            boolean isOn = true;
            for (double value : scores[i]) {
                isOn &= !Double.isNaN(value);
            }
            for (double[] other : scores) {
                int notWorse = 0;
                int better = 0;
                for (int s = 0; s < goals.size(); s++) {
                    double sign = goals.get(s) == Goal.MAXIMIZE ? 1 : -1;
                    notWorse += sign * other[s] >= sign * scores[i][s] ? 1 : 0;
                    better += sign * other[s] > sign * scores[i][s] ? 1 : 0;
                }
                isOn &= !(notWorse == goals.size() && better > 0);
            }
            if (isOn) {
                front.add(i);
            }
        }
        return front;
    }

    @Test
    void isWhatTheNaiveDefinitionGives() {
        Random random = new Random(7);
        for (int trial = 0; trial < 300; trial++) {
            int scores = 1 + random.nextInt(3);
            double[][] rows = new double[random.nextInt(25)][scores];
            for (double[] row : rows) {
                for (int s = 0; s < scores; s++) {
                    // Few values, so that there are ties; some missing, some infinite.
                    int draw = random.nextInt(12);
                    row[s] =
                            draw == 0
                                    ? Double.NaN
                                    : draw == 1 ? Double.POSITIVE_INFINITY : draw % 5;
                }
            }
            List<Goal> goals = GOALS.subList(0, scores);
            assertEquals(naive(rows, goals), ParetoFront.of(rows, goals), "trial " + trial);
        }
    }

    @Test
    void equalCandidatesAreOnItTogether() {
        double[][] rows = {{1, 2}, {1, 2}, {0, 2}};
        assertEquals(List.of(0, 1), ParetoFront.of(rows, GOALS.subList(0, 2)));
    }

    @Test
    void refusesRowsOfAnotherLength() {
        double[][] rows = {{1, 2}, {1}};
        IllegalArgumentException e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> ParetoFront.of(rows, GOALS.subList(0, 2)));
        assertEquals("scores must hold one value for each of the 2 goals, got 1", e.getMessage());
    }
}
